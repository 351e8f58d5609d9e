using System.Globalization;

namespace Rouser.Data.Formats;

/// <summary>Which columns of a text file hold time, x, y and polarity; −1 for one that is not there.</summary>
/// <param name="T">The time.</param>
/// <param name="X">The column on the sensor; of an ear, the channel.</param>
/// <param name="Y">The row on the sensor.</param>
/// <param name="P">The polarity.</param>
/// <param name="Unit">The unit of the time.</param>
/// <param name="AreNamed">Whether the first row holds names and no event.</param>
/// <param name="AreAssumed">Whether nothing says that they are these.</param>
/// <param name="Remark">What was assumed.</param>
internal sealed record EventColumns(int T, int X, int Y, int P, TimeUnit Unit, bool AreNamed, bool AreAssumed, string Remark)
{
    /// <summary>A column of <see cref="EventFileOptions.Columns"/> that is passed over.</summary>
    public const string Ignored = "_";

    /// <summary>What a user may call the columns.</summary>
    public static readonly string[] Letters = ["t", "x", "y", "p"];

    private static readonly string[][] Names =
    [
        ["t", "time", "ts", "timestamp", "timestamps", "times", "microseconds", "milliseconds", "seconds", "nanoseconds"],
        ["x", "column", "col", "unit", "channel", "address"],
        ["y", "row"],
        ["p", "polarity", "pol", "on"],
    ];

    /// <summary>The last column that is read.</summary>
    public int Last => Math.Max(Math.Max(T, X), Math.Max(Y, P));

    /// <summary><c>t, x, y, p</c>, as they stand in the file.</summary>
    public string Order =>
        string.Join(", ", new[] { T, X, Y, P }.Zip(Letters).Where(c => c.First >= 0).OrderBy(c => c.First).Select(c => c.Second));

    /// <summary>The columns of a file whose first row is the present one.</summary>
    public static Result<EventColumns> Of(DelimitedText rows, EventFileOptions options)
    {
        bool named = AreNames(rows);
        if (options.Columns is { } order)
            return Ordered(order.Split(','), rows, options.TimeUnit, named);
        return named ? ByName(rows, options.TimeUnit) : ByNumber(rows.Count, options.TimeUnit);
    }

    /// <summary>Names where no field is a number, and at least one is not empty.</summary>
    private static bool AreNames(DelimitedText rows)
    {
        for (int f = 0; f < rows.Count; f++)
        {
            if (
                double.TryParse(rows[f], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number)
            )
                return false;
        }
        return true;
    }

    private static Result<EventColumns> Ordered(string[] order, DelimitedText rows, TimeUnit unit, bool named)
    {
        if (rows.Count != order.Length)
            return new Mistake("", $"holds {rows.Count} columns, but dataset.columns names {order.Length}");
        int[] at = [.. Letters.Select(letter => Array.IndexOf(order, letter))];
        return new EventColumns(at[0], at[1], at[2], at[3], unit, named, false, "");
    }

    private static Result<EventColumns> ByName(DelimitedText rows, TimeUnit unit)
    {
        int[] at = [-1, -1, -1, -1];
        TimeUnit? said = null;
        for (int f = 0; f < rows.Count; f++)
        {
            (string name, string? unitWord) = Split(rows[f].ToString());
            int c = Array.FindIndex(Names, names => names.Contains(name, StringComparer.OrdinalIgnoreCase));
            if (c < 0)
                continue;
            if (at[c] >= 0)
                return new Mistake("", $"names two columns {Letters[c]}; say which it is with dataset.columns");
            at[c] = f;
            if (c > 0)
                continue;
            said = unitWord is null ? TimeUnits.Find(name.Length > 2 ? name : "") : TimeUnits.Find(unitWord);
            if (unitWord is not null && said is null)
                return new Mistake("", $"gives times in {DelimitedText.Shown(unitWord)}; known are s, ms, " + $"us and ns");
        }
        if (at[0] < 0 || at[1] < 0)
            return new Mistake("", "names no column t or none x");
        if (said is not null && unit != TimeUnit.Us && unit != said)
            return new Mistake(
                "",
                $"gives times in {said.Value.Word()}, but dataset.time_unit is {unit.Word()}; leave dataset.time_unit out"
            );
        string remark =
            said is null or TimeUnit.Us || unit == said
                ? ""
                : $"times are read in {said.Value.Word()}, as their column's name says";
        return new EventColumns(at[0], at[1], at[2], at[3], said ?? unit, true, false, remark);
    }

    private static Result<EventColumns> ByNumber(int count, TimeUnit unit) =>
        count is >= 2 and <= 4
            ? new EventColumns(
                0,
                1,
                count > 2 ? 2 : -1,
                count > 3 ? 3 : -1,
                unit,
                false,
                true,
                $"columns without names are read as " + $"{string.Join(", ", Letters[..count])}"
            )
            : new Mistake(
                "",
                $"holds {count} {(count == 1 ? "column" : "columns")} without names; name them in a first line, t,x,y,p, or say their "
                    + $"order with dataset.columns, such as y,x,_,p,t"
            );

    /// <summary><c>t [us]</c>, <c>t(us)</c> and <c>t_us</c> are t in us.</summary>
    private static (string Name, string? Unit) Split(string field)
    {
        string name = field.Trim('"', '\'', ' ', '\uFEFF');
        int open = name.IndexOfAny(['[', '(']);
        if (open > 0 && (name[^1] is ']' or ')'))
            return (name[..open].Trim(), name[(open + 1)..^1].Trim());
        int bar = name.LastIndexOf('_');
        return bar > 0 && TimeUnits.Find(name.AsSpan(bar + 1)) is not null ? (name[..bar], name[(bar + 1)..]) : (name, null);
    }
}
