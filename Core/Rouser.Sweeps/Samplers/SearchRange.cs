using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Samplers;

/// <summary>The values of a parameter that a sampler draws from.</summary>
public abstract record SearchRange
{
    /// <summary>The value at a place of the range.</summary>
    /// <param name="u">From 0 to below 1.</param>
    public abstract ParameterValue At(double u);

    /// <summary>A few values, each as likely as the others.</summary>
    public sealed record Values(IReadOnlyList<ParameterValue> List) : SearchRange
    {
        /// <inheritdoc/>
        public override ParameterValue At(double u) => List[(int)(u * List.Count)];
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
    }

    /// <summary>Whole numbers between two, both included.</summary>
    public sealed record WholeNumbers(long Min, long Max, bool IsLog) : SearchRange
    {
        /// <inheritdoc/>
        public override ParameterValue At(double u) =>
            // Each has the stretch from half below it to half above it, so the ends are as likely as the others.
            new ParameterValue.Integer(Math.Clamp((long)Math.Floor(Between(Min - 0.5, Max + 0.5, IsLog, u) + 0.5), Min, Max));
    }

    private static double Between(double min, double max, bool isLog, double u) =>
        isLog
            ? PortableMath.Exp(PortableMath.Log(min) + (u * (PortableMath.Log(max) - PortableMath.Log(min))))
            : min + (u * (max - min));
}
