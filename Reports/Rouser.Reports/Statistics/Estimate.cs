using Rouser.Core;

namespace Rouser.Reports.Statistics;

/// <summary>Where the ends of a 95 % interval come from.</summary>
public enum IntervalKind
{
    /// <summary>
    /// There is none: the number is not an estimate, or one of a single seed, or too few seeds for its kind.
    /// </summary>
    None,

    /// <summary>
    /// There is none, because every seed gave the same value. An interval of width zero would claim a certainty that
    /// nobody has.
    /// </summary>
    NoSpread,

    /// <summary>
    /// Student's t with n − 1 degrees of freedom: for 2 to 9 seeds. Symmetric; printed as <c>x ± h</c>.
    /// </summary>
    StudentT,

    /// <summary>
    /// The bootstrap's percentiles: for a mean of 10 seeds and more. Not symmetric; printed as <c>x [low, high]</c>.
    /// </summary>
    Bootstrap,

    /// <summary>
    /// A repeated confidence interval, which holds although seeds were added until the comparison was decided.
    /// </summary>
    Repeated,
}

/// <summary>A number that a table shows: a value, over seeds mostly, with its 95 % interval.</summary>
/// <param name="Value">The arithmetic mean, or what the table says it is.</param>
/// <param name="Low">Lower end of the interval; null where there is none.</param>
/// <param name="High">Upper end; null where there is none.</param>
/// <param name="N">How many seeds, or pairs of seeds, are behind it.</param>
/// <param name="Interval">Where the interval comes from.</param>
public readonly record struct Estimate(double Value, double? Low, double? High, int N, IntervalKind Interval)
{
    /// <summary>The most seeds for which a mean has Student's interval. From here on the bootstrap covers as well.</summary>
    public const int MostSeedsOfStudent = 9;

    /// <summary>Seeds that were planned and have no result. A number that lacks some has no interval.</summary>
    public int Missing { get; private init; }

    /// <summary>Half the interval's length; null where there is none.</summary>
    public double? HalfWidth => (High - Low) / 2;

    /// <summary>A number that is no estimate.</summary>
    public static Estimate Exactly(double value) => new(value, null, null, 1, IntervalKind.None);

    /// <summary>
    /// The mean. Its interval is x ± t(0.975, n − 1) · s/√n, with the unbiased s, for two to nine values, and the
    /// bootstrap's from ten on: the table of coverage in docs/explanation/statistics.md says why.
    /// </summary>
    /// <param name="values">At least one.</param>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        int n = values.Count;
        if (n == 0)
            throw new ArgumentException("A mean needs a value.", nameof(values));
        double mean = values.Sum() / n;
        if (n == 1)
            return new(mean, null, null, 1, IntervalKind.None);
        if (AllEqual(values))
            return new(values[0], null, null, n, IntervalKind.NoSpread);
        if (n > MostSeedsOfStudent)
            return Resampled(mean, [.. values]);
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (n - 1);
        double half = StudentT.Quantile(0.975, n - 1) * Math.Sqrt(variance / n);
        return new(mean, mean - half, mean + half, n, IntervalKind.StudentT);
    }

    private static Estimate Resampled(double mean, double[] values)
    {
        return Bootstrap.Interval(values.Length, Mean) is { } interval
            ? new(mean, interval.Low, interval.High, values.Length, IntervalKind.Bootstrap)
            : new(mean, null, null, values.Length, IntervalKind.NoSpread);

        double Mean(ReadOnlySpan<int> draws)
        {
            double sum = 0;
            foreach (int i in draws)
                sum += values[i];
            return sum / draws.Length;
        }
    }

    /// <summary>The geometric mean of ratios and its interval: <see cref="Of"/> their logarithms, taken back.</summary>
    /// <param name="ratios">At least one, each above 0.</param>
    public static Estimate OfRatios(IReadOnlyList<double> ratios)
    {
        Estimate log = Of([.. ratios.Select(r => Math.Log(r))]);
        return log with { Value = Math.Exp(log.Value), Low = Exp(log.Low), High = Exp(log.High) };

        static double? Exp(double? x) => x is { } value ? Math.Exp(value) : null;
    }

    /// <summary>
    /// The same, with so many seeds missing of those planned. The seeds that are there may be a choice by outcome, so
    /// there is no interval, and no verdict may rest on it.
    /// </summary>
    public Estimate Lacking(int seeds) =>
        seeds == 0 ? this : this with { Low = null, High = null, Interval = IntervalKind.None, Missing = seeds };

    // Differences of equal accuracies differ in their last bits.
    private static bool AllEqual(IReadOnlyList<double> values) =>
        values.Max() - values.Min() <= 1e-12 * Math.Max(1, Math.Abs(values[0]));

    /// <summary>The same beside a number that is known exactly.</summary>
    public Estimate Minus(double number) => this with { Value = Value - number, Low = Low - number, High = High - number };

    /// <summary>The same in other units.</summary>
    /// <param name="factor">Above 0.</param>
    public Estimate Times(double factor) => this with { Value = Value * factor, Low = Low * factor, High = High * factor };
}
