using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Samplers;

/// <summary>The values of a parameter that a sampler draws from.</summary>
public abstract record SearchRange
{
    /// <summary>The value at a place of the range.</summary>
    /// <param name="u">From 0 to below 1.</param>
    public abstract ParameterValue At(double u);

    /// <summary>How many values it has.</summary>
    public virtual double Size => double.PositiveInfinity;

    /// <summary>Whether its values have an order.</summary>
    public virtual SearchDimension Dimension => new(0);

    /// <summary>
    /// Where a value of it lies: from 0 to 1 where its values have an order, else the number of the word.
    /// </summary>
    public abstract double CoordinateOf(ParameterValue value);

    /// <summary>A few values, each as likely as the others.</summary>
    public sealed record Values(IReadOnlyList<ParameterValue> List) : SearchRange
    {
        /// <inheritdoc/>
        public override ParameterValue At(double u) => List[(int)(u * List.Count)];

        /// <inheritdoc/>
        public override double Size => List.Count;

        /// <inheritdoc/>
        public override SearchDimension Dimension => new(HasOrder ? 0 : List.Count);

        // Of a list of numbers the steps count, which its author has chosen, and not how far apart they are.
        /// <inheritdoc/>
        public override double CoordinateOf(ParameterValue value)
        {
            if (!HasOrder)
                return List.TakeWhile(known => !known.Equals(value)).Count();
            double number = NumberOf(value);
            return List.Count == 1 ? 0 : (double)List.Count(known => NumberOf(known) < number) / (List.Count - 1);
        }

        private bool HasOrder => List.All(value => value is ParameterValue.Real or ParameterValue.Integer);
    }

    /// <summary>
    /// Numbers between two, both of them possible. They have four digits, so that a setting can be read and typed.
    /// </summary>
    public sealed record Numbers(double Min, double Max, bool IsLog) : SearchRange
    {
        /// <inheritdoc/>
        public override ParameterValue At(double u) =>
            new ParameterValue.Real(
                Math.Clamp(
                    double.Parse(
                        Between(Min, Max, IsLog, u).ToString("G4", CultureInfo.InvariantCulture),
                        CultureInfo.InvariantCulture
                    ),
                    Min,
                    Max
                )
            );

        /// <inheritdoc/>
        public override double CoordinateOf(ParameterValue value) => PlaceOf(Min, Max, IsLog, NumberOf(value));
    }

    /// <summary>Whole numbers between two, both included.</summary>
    public sealed record WholeNumbers(long Min, long Max, bool IsLog) : SearchRange
    {
        /// <inheritdoc/>
        public override ParameterValue At(double u) =>
            // Each has the stretch from half below it to half above it, so the ends are as likely as the others.
            new ParameterValue.Integer(Math.Clamp((long)Math.Floor(Between(Min - 0.5, Max + 0.5, IsLog, u) + 0.5), Min, Max));

        /// <inheritdoc/>
        public override double CoordinateOf(ParameterValue value) => PlaceOf(Min - 0.5, Max + 0.5, IsLog, NumberOf(value));
    }

    private static double Between(double min, double max, bool isLog, double u) =>
        isLog
            ? PortableMath.Exp(PortableMath.Log(min) + (u * (PortableMath.Log(max) - PortableMath.Log(min))))
            : min + (u * (max - min));

    private static double PlaceOf(double min, double max, bool isLog, double value) =>
        isLog
            ? (PortableMath.Log(value) - PortableMath.Log(min)) / (PortableMath.Log(max) - PortableMath.Log(min))
            : (value - min) / (max - min);

    private static double NumberOf(ParameterValue value) =>
        value switch
        {
            ParameterValue.Real real => real.Value,
            ParameterValue.Integer whole => whole.Value,
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, "A range of numbers has a value that is none."),
        };
}
