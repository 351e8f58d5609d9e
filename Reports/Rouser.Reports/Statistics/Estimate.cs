namespace Rouser.Reports.Statistics;

/// <summary>A mean over seeds with its 95 % interval.</summary>
/// <param name="Mean">The arithmetic mean, or the geometric one where the method says so.</param>
/// <param name="Low">Lower end of the interval; null for one value, which has none.</param>
/// <param name="High">Upper end; null for one value.</param>
/// <param name="N">How many values.</param>
public readonly record struct Estimate(double Mean, double? Low, double? High, int N)
{
    /// <summary>Half the interval's length; null for one value.</summary>
    public double? HalfWidth => (High - Low) / 2;

    /// <summary>The mean and mean ± t(0.975, n − 1) · s/√n, with the unbiased s.</summary>
    /// <param name="values">At least one.</param>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        int n = values.Count;
        if (n == 0) throw new ArgumentException("A mean needs a value.", nameof(values));
        double mean = values.Sum() / n;
        if (n == 1) return new(mean, null, null, 1);
        double variance = values.Sum(v => (v - mean) * (v - mean)) / (n - 1);
        double half = StudentT.Quantile(0.975, n - 1) * Math.Sqrt(variance / n);
        return new(mean, mean - half, mean + half, n);
    }

    /// <summary>The geometric mean of ratios and its interval: <see cref="Of"/> their logarithms, taken back.</summary>
    /// <param name="ratios">At least one, each above 0.</param>
    public static Estimate OfRatios(IReadOnlyList<double> ratios)
    {
        Estimate log = Of([.. ratios.Select(r => Math.Log(r))]);
        return new(Math.Exp(log.Mean), Exp(log.Low), Exp(log.High), log.N);

        static double? Exp(double? x) => x is { } value ? Math.Exp(value) : null;
    }

    /// <summary>The same in other units.</summary>
    public Estimate Times(double factor) => new(Mean * factor, Low * factor, High * factor, N);
}
