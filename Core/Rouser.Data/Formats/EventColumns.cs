using System.Globalization;

namespace Rouser.Data.Formats;

/// <summary>Which columns of a text file hold time, x, y and polarity; −1 for one that is not there.</summary>
/// <param name="T">The time.</param>
/// <param name="X">The column on the sensor; of an ear, the channel.</param>
/// <param name="Y">The row on the sensor.</param>
/// <param name="P">The polarity.</param>
/// <param name="Fields">The fields of a row, at most.</param>
/// <param name="Unit">The unit of the time.</param>
/// <param name="AreNamed">Whether the first row holds names and no event.</param>
/// <param name="AreAssumed">Whether nothing says that they are these.</param>
/// <param name="Remark">What was assumed.</param>
internal sealed record EventColumns(
    int T,
    int X,
    int Y,
    int P,
    int Fields,
    TimeUnit Unit,
    bool AreNamed,
    bool AreAssumed,
    string Remark
)
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
        if (named)
            return ByName([.. Enumerable.Range(0, rows.Count).Select(f => rows[f].ToString())], options.TimeUnit);
        return CommentedNames(rows) is { } names
            ? ByName(names, options.TimeUnit)
                .Then<EventColumns>(found =>
                    found with
                    {
                        AreNamed = false,
                        Remark = Both(found.Remark, $"columns are read as the comment before them names them, {found.Order}"),
                    }
                )
            : ByNumber(rows.Filled, options.TimeUnit);
    }

    /// <summary>What is assumed where there is no row or no polarity, as half a sentence; empty if nothing is.</summary>
    /// <param name="hasRow">Whether the events have a row.</param>
    /// <param name="hasPolarity">Whether they have a polarity.</param>
    /// <param name="height">Rows of the sensor; an ear has one, and no polarity.</param>
    public static string Missing(bool hasRow, bool hasPolarity, int height) =>
        height == 1
            ? ""
            : (hasRow, hasPolarity) switch
            {
                (true, true) => "",
                (true, false) => "no polarity is named, so every event is taken as ON",
                (false, true) => "no row (y) is named, so every event is taken to lie in row 0",
                _ => "neither row (y) nor polarity is named, so every event is taken as ON and in row 0",
            };

    /// <summary>Two remarks in one.</summary>
    public static string Both(string first, string second) =>
        first.Length == 0 ? second
        : second.Length == 0 ? first
        : $"{first}; {second}";

    /// <summary>Which of t, x, y, p a name stands for, in small or capital letters; −1 for a stranger.</summary>
    public static int IndexOf(string name) =>
        Array.FindIndex(Names, names => names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// Names in the comment before the first row, as numpy.savetxt writes them: as many as fields, with a time and an
    /// x among them.
    /// </summary>
    private static string[]? CommentedNames(DelimitedText rows)
    {
        char[][] separators =
        [
            [',', ';', '\t', '|'],
            [',', ';', '\t', '|', ' '],
        ];
        foreach (char[] separator in separators)
        {
            string[] names = rows.Comment.Split(
                separator,
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            );
            int[] found = [.. names.Select(name => IndexOf(Split(name).Name))];
            if (names.Length == rows.Filled && found.Contains(0) && found.Contains(1))
                return names;
        }
        return null;
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
        if (rows.Count != order.Length && rows.Filled != order.Length)
            return new UserError("", $"holds {rows.Count} columns, but dataset.columns names {order.Length}");
        int[] at = [.. Letters.Select(letter => Array.IndexOf(order, letter))];
        return new EventColumns(at[0], at[1], at[2], at[3], order.Length, unit, named, false, "");
    }

    private static Result<EventColumns> ByName(string[] fields, TimeUnit unit)
    {
        int[] at = [-1, -1, -1, -1];
        TimeUnit? said = null;
        for (int f = 0; f < fields.Length; f++)
        {
            (string name, string? unitWord) = Split(fields[f]);
            int c = IndexOf(name);
            if (c < 0)
                continue;
            if (at[c] >= 0)
                return new UserError("", $"names two columns {Letters[c]}; say which it is with dataset.columns");
            at[c] = f;
            if (c > 0)
                continue;
            said = unitWord is null ? TimeUnits.Find(name.Length > 2 ? name : "") : TimeUnits.Find(unitWord);
            if (unitWord is not null && said is null)
                return new UserError("", $"gives times in {DelimitedText.Shown(unitWord)}; known are s, ms, us and ns");
        }
        if (at[0] < 0 || at[1] < 0)
            return new UserError(
                "",
                $"holds no number and names no column t or none x ({string.Join(", ", fields.Take(5).Select(f => DelimitedText.Shown(f)))}); "
                    + (
                        fields.Any(f => f.Contains(',', StringComparison.Ordinal))
                            ? "write decimals with a point"
                            : "name the columns there, t,x,y,p, or say their order with dataset.columns"
                    )
            );
        if (said is not null && unit != TimeUnit.Us && unit != said)
            return new UserError(
                "",
                $"gives times in {said.Value.SymbolOf()}, but dataset.time_unit is {unit.SymbolOf()}; leave dataset.time_unit out"
            );
        string remark =
            said is null or TimeUnit.Us || unit == said
                ? ""
                : $"times are read in {said.Value.SymbolOf()}, as their column's name says";
        return new EventColumns(at[0], at[1], at[2], at[3], fields.Length, said ?? unit, true, false, remark);
    }

    private static Result<EventColumns> ByNumber(int count, TimeUnit unit) =>
        count is >= 2 and <= 4
            ? new EventColumns(
                0,
                1,
                count > 2 ? 2 : -1,
                count > 3 ? 3 : -1,
                count,
                unit,
                false,
                true,
                $"columns without names are read as {string.Join(", ", Letters[..count])}"
            )
            : new UserError(
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
