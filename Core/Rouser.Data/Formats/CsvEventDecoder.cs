using System.Globalization;

namespace Rouser.Data.Formats;

/// <summary>Reads events from a text file in columns: one event a row, with its time, x, y and polarity.</summary>
/// <remarks>
/// <para>The columns are those of <see cref="EventFileOptions.Columns"/>; else those that the first row names, in any
/// order (<see cref="EventColumns"/>), where other names are passed over and y and polarity may be missing; else, of
/// two to four columns, t, x, y, p in that order, which is an assumption and is said.</para>
/// <para>Times are µs, unless their column's name says the unit (<c>t [s]</c>, <c>time_ns</c>) or the user does; what
/// is below a µs is cut off. Polarity is 1, true or on; 0, −1, false or off.</para>
/// </remarks>
public static class CsvEventDecoder
{
    /// <summary>The most events of a file.</summary>
    public const int MaxEvents = 1 << 24;

    private const string Remedy = "name the columns in a first line, t,x,y,p, or say their order with dataset.columns";

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">The file; one that can seek, read from its position on, not closed.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <param name="options">What the user says about it.</param>
    /// <returns>The events in the order of the file; or the first wrong line.</returns>
    public static Result<RecordedEvents> Decode(
        Stream stream,
        string place,
        int width,
        int height,
        EventFileOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= EventFileOptions.Plain;
        try
        {
            using DelimitedText rows = DelimitedText.Open(stream);
            return Decode(rows, place, width, height, options);
        }
        catch (MalformedFileException e)
        {
            return new UserError(string.Create(CultureInfo.InvariantCulture, $"{place}:{e.Offset}"), e.Message);
        }
    }

    private static Result<RecordedEvents> Decode(
        DelimitedText rows,
        string place,
        int width,
        int height,
        EventFileOptions options
    )
    {
        if (!rows.Next())
            return new UserError(place, RecordedEvents.None);
        Result<EventColumns> found = EventColumns.Of(rows, options);
        if (!found.IsOk)
            return Wrong(found.Errors[0].Message);
        EventColumns columns = found.Value;
        string guess = columns.AreAssumed ? $"; columns without names are read as {columns.Order}: {Remedy}" : "";
        List<SensorEvent> events = [];
        for (bool more = !columns.AreNamed || rows.Next(); more; more = rows.Next())
        {
            if (columns.Last >= rows.Count)
                return Wrong($"holds {rows.Count} fields, too few");
            // A row number without a name, or a decimal comma: what follows it would be read from the wrong column.
            if (rows.Filled > columns.Fields)
                return Wrong(
                    $"holds {rows.Filled} columns, the first line {columns.Fields}; "
                        + (columns.AreAssumed ? Remedy : "name every column, and write decimals with a point")
                );
            if (
                !double.TryParse(rows[columns.T], NumberStyles.Float, CultureInfo.InvariantCulture, out double time)
                || !TimeUnits.ToMicroseconds(time, columns.Unit, out long microseconds)
            )
                return Wrong(
                    $"has the time {DelimitedText.Shown(rows[columns.T])}, which is no number of {columns.Unit.SymbolOf()}"
                        + $"{TimeRemedy(rows[columns.T])}{guess}"
                );
            if (!Address(rows, columns.X, width, out int x))
                return Wrong($"has x {DelimitedText.Shown(rows[columns.X])}; the sensor has 0 to {width - 1}{guess}");
            if (!Address(rows, columns.Y, height, out int y))
                return Wrong($"has y {DelimitedText.Shown(rows[columns.Y])}; the sensor has 0 to {height - 1}{guess}");
            if (!Polarity(rows, columns.P, out bool on))
                return Wrong($"has the polarity {DelimitedText.Shown(rows[columns.P])}; expected is 0 or 1{guess}");
            if (events.Count == MaxEvents)
                return Wrong($"is event {MaxEvents + 1}, more than a file may hold");
            events.Add(new(microseconds, (ushort)x, (ushort)y, on));
        }
        string remark = EventColumns.Both(columns.Remark, EventColumns.Missing(columns.Y >= 0, columns.P >= 0, height));
        return events.Count > 0 ? new RecordedEvents([.. events], remark) : new UserError(place, RecordedEvents.None);

        UserError Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{place}:{rows.Line}"), what);
    }

    private static string TimeRemedy(ReadOnlySpan<char> time) =>
        time.Contains(',') ? "; write decimals with a point"
        : double.TryParse(time, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? "; " + TimeUnits.TooLarge
        : "";

    /// <summary>
    /// An address: a whole number, which a program may have written as <c>3.0</c>. A column that is not there is row
    /// 0.
    /// </summary>
    private static bool Address(DelimitedText rows, int column, int size, out int value)
    {
        value = 0;
        if (column < 0)
            return true;
        if (int.TryParse(rows[column], NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return value < size;
        if (
            !double.TryParse(rows[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            || !(real >= 0 && real < size)
            || real != Math.Floor(real)
        )
            return false;
        value = (int)real;
        return true;
    }

    private static bool Polarity(DelimitedText rows, int column, out bool on)
    {
        on = true;
        if (column < 0)
            return true;
        ReadOnlySpan<char> text = rows[column];
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            on = number == 1;
            return number is 1 or 0 or -1;
        }
        on = text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("on", StringComparison.OrdinalIgnoreCase);
        return on
            || text.Equals("false", StringComparison.OrdinalIgnoreCase)
            || text.Equals("off", StringComparison.OrdinalIgnoreCase);
    }
}
