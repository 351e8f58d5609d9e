namespace Rouser.Reports.Figures;

/// <summary>An axis: its range and where it is marked.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, above <paramref name="Low"/>.</param>
/// <param name="Ticks">Ascending, within the range.</param>
/// <param name="Decimals">Decimals of the marks.</param>
internal sealed record Axis(double Low, double High, IReadOnlyList<double> Ticks, int Decimals)
{
    /// <summary>Over the values, ends rounded outwards to a multiple of 1, 2 or 5 times a power of ten, about <paramref name="count"/> marks.</summary>
    public static Axis Nice(double low, double high, int count = 5)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high)) (low, high) = (0, 1);
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high))) (low, high) = (low - 0.5 * Unit(high), high + 0.5 * Unit(high));
        double step = Step((high - low) / count);
        long first = (long)Math.Floor(low / step + 1e-9), last = (long)Math.Ceiling(high / step - 1e-9);
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        List<double> ticks = [];
        for (long i = first; i <= last; i++) ticks.Add(Math.Round(i * step, decimals));
        return new Axis(ticks[0], ticks[^1], ticks, decimals);
    }

    /// <summary>Epochs 1 to <paramref name="epochs"/>, marked at whole numbers.</summary>
    public static Axis Epochs(int epochs)
    {
        if (epochs <= 1) return new Axis(0.5, 1.5, [1], 0);
        int step = Math.Max(1, (int)Step(epochs / 6.0));
        List<double> ticks = [];
        if (step >= 5) ticks.Add(1);
        for (int e = step; e <= epochs; e += step) ticks.Add(e);
        return new Axis(1, epochs, ticks, 0);
    }

    private static double Unit(double value) => Math.Abs(value) < 1e-12 ? 1 : Math.Abs(value) * 0.2;

    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double share = rough / power;
        return (share <= 1.0001 ? 1 : share <= 2.0001 ? 2 : share <= 5.0001 ? 5 : 10) * power;
    }
}
