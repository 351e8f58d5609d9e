using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>An axis: its range and where it is marked.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, above <paramref name="Low"/>.</param>
/// <param name="Ticks">Ascending, within the range.</param>
/// <param name="Decimals">Decimals of the marks.</param>
internal sealed record Axis(double Low, double High, IReadOnlyList<double> Ticks, int Decimals)
{
    /// <summary>The names at 1, 2, 3 … of an axis of categories; null for numbers.</summary>
    public IReadOnlyList<string>? Names { get; private init; }

    /// <summary>Lines that the longest mark takes: the values of a setting stand one below the other.</summary>
    public int LabelLines => Names is null || Names.Count == 0 ? 1 : Names.Max(n => Lines(n).Length);

    /// <summary>What stands at a mark.</summary>
    public string Label(double tick) => Names is null ? Format.Fixed(tick, Decimals) : Names[(int)tick - 1];

    /// <summary>A place on the axis with all its digits, or its name.</summary>
    public string Name(double x) => Names is null ? Format.Exact(x) : Names[(int)Math.Round(x) - 1];

    /// <summary>
    /// A mark's text, a line for each of a setting's values. A list in brackets, <c>[500, 500]</c>, is one of them.
    /// </summary>
    public static string[] Lines(string label)
    {
        List<string> lines = [""];
        foreach (string part in label.Split(", "))
        {
            bool isInside = lines[^1].Count(c => c == '[') > lines[^1].Count(c => c == ']');
            if (isInside || lines is [""])
                lines[^1] += isInside ? $", {part}" : part;
            else
                lines.Add(part);
        }
        return [.. lines];
    }

    /// <summary>
    /// Over the values, ends rounded outwards to a multiple of 1, 2 or 5 times a power of ten, about
    /// <paramref name="count"/> marks.
    /// </summary>
    public static Axis Nice(double low, double high, int count = 5)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high))
            (low, high) = (0, 1);
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high)))
            (low, high) = (low - 0.5 * Unit(high), high + 0.5 * Unit(high));
        double step = Step((high - low) / count);
        long first = (long)Math.Floor(low / step + 1e-9),
            last = (long)Math.Ceiling(high / step - 1e-9);
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        List<double> ticks = [];
        for (long i = first; i <= last; i++)
            ticks.Add(Math.Round(i * step, Math.Min(decimals, 15)));
        return new Axis(ticks[0], ticks[^1], ticks, decimals);
    }

    /// <summary>
    /// Over the values and little more, marked at round values within: for a range whose ends are far from round.
    /// </summary>
    public static Axis Tight(double low, double high, int count = 5)
    {
        Axis nice = Nice(low, high, count);
        double margin = 0.03 * (high - low);
        if (!(margin > 0))
            return nice;
        (low, high) = (Math.Max(nice.Low, low - margin), Math.Min(nice.High, high + margin));
        return nice with { Low = low, High = high, Ticks = [.. nice.Ticks.Where(t => t >= low && t <= high)] };
    }

    /// <summary>The same, no wider than from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public Axis Within(double least, double most)
    {
        double low = Math.Max(Low, least),
            high = Math.Min(High, most);
        return this with { Low = low, High = high, Ticks = [.. Ticks.Where(t => t >= low && t <= high)] };
    }

    /// <summary>Over percentages: never below 0 or above 100.</summary>
    public static Axis Percent(IEnumerable<double> values, int count = 5) => Over(values, count).Within(0, 100);

    /// <summary>Over what is finite among the values.</summary>
    public static Axis Over(IEnumerable<double> values, int count = 5)
    {
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (double.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return Nice(low, high, count);
    }

    /// <summary>Epochs 1 to <paramref name="epochs"/>, marked at whole numbers.</summary>
    public static Axis Epochs(int epochs)
    {
        if (epochs <= 1)
            return new Axis(0.5, 1.5, [1], 0);
        int step = Math.Max(1, (int)Step(epochs / 6.0));
        List<double> ticks = [];
        if (step >= 5)
            ticks.Add(1);
        for (int e = step; e <= epochs; e += step)
            ticks.Add(e);
        return new Axis(1, epochs, ticks, 0);
    }

    /// <summary>Names at equal distances: the first at 1, the next at 2, and so on.</summary>
    public static Axis Categories(IReadOnlyList<string> names) =>
        new(0.5, Math.Max(1, names.Count) + 0.5, [.. Enumerable.Range(1, names.Count).Select(i => (double)i)], 0)
        {
            Names = names,
        };

    private static double Unit(double value) => Math.Abs(value) < 1e-12 ? 1 : Math.Abs(value) * 0.2;

    private static double Step(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double share = rough / power;
        return (
                share <= 1.0001 ? 1
                : share <= 2.0001 ? 2
                : share <= 5.0001 ? 5
                : 10
            ) * power;
    }
}
