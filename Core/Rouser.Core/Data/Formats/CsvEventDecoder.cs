using System.Globalization;
using System.Text;

namespace Rouser.Core.Data.Formats;

/// <summary>Reads events from a CSV file: one a line, time in µs, x, y and polarity.</summary>
/// <remarks>
/// Columns are named by a first line in any order (<c>t</c>, <c>x</c>, <c>y</c>, <c>p</c>, or longer: <c>time</c>, <c>timestamp</c>, <c>polarity</c>, …; unknown ones are
/// passed over, y and polarity may be missing); without such a line they are t, x, y, p. Separators are comma, semicolon, tab or blanks. A time may have
/// decimals, which are cut off. Polarity is 1, true or on; 0, −1, false or off. Lines that start with <c>#</c> are comments.
/// </remarks>
public static class CsvEventDecoder
{
    /// <summary>The most events of a file.</summary>
    public const int MaxEvents = 1 << 24;

    private const int MaxLineLength = 1024;

    private static readonly char[] Separators = [',', ';', '\t', ' '];

    private static readonly string[][] Names =
    [
        ["t", "time", "ts", "timestamp", "times", "microseconds", "time_us", "t_us"], ["x", "column", "col", "unit", "channel", "address"], ["y", "row"],
        ["p", "polarity", "pol", "on"],
    ];

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">The file; read from its position on, not closed.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <returns>The events in the order of the file; or the first wrong line.</returns>
    public static Result<SensorEvent[]> Decode(Stream stream, string place, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using LineReader lines = new(stream, MaxLineLength);
        List<SensorEvent> events = [];
        int[] columns = [0, 1, 2, 3];
        bool first = true;
        Span<Range> fields = stackalloc Range[32];
        while (lines.Next(out ReadOnlySpan<char> line))
        {
            line = line.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            int count = line.SplitAny(fields, Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (first)
            {
                first = false;
                if (char.IsAsciiLetter(line[0]) || line[0] is '"')
                {
                    columns = Columns(line, fields[..count]);
                    if (columns[0] < 0 || columns[1] < 0) return Wrong("names no column t or none x");
                    continue;
                }
                for (int c = 2; c < columns.Length; c++)
                {
                    if (columns[c] >= count) columns[c] = -1;
                }
            }
            if (columns.Max() >= count) return Wrong($"holds {count} fields, too few");
            if (!double.TryParse(line[fields[columns[0]]], NumberStyles.Float, CultureInfo.InvariantCulture, out double time) || !(Math.Abs(time) < 1e15))
                return Wrong($"has the time {Shown(line[fields[columns[0]]])}, which is no number of µs");
            if (!Place(line, fields, columns[1], width, out int x)) return Wrong($"has x {Shown(line[fields[columns[1]]])}; the sensor has 0 to {width - 1}");
            int y = 0;
            if (columns[2] >= 0 && !Place(line, fields, columns[2], height, out y)) return Wrong($"has y {Shown(line[fields[columns[2]]])}; the sensor has 0 to {height - 1}");
            bool on = true;
            if (columns[3] >= 0 && !Polarity(line[fields[columns[3]]], out on)) return Wrong($"has the polarity {Shown(line[fields[columns[3]]])}; expected is 0 or 1");
            if (events.Count == MaxEvents) return Wrong($"is event {MaxEvents + 1}, more than a file may hold");
            events.Add(new((long)Math.Floor(time), (ushort)x, (ushort)y, on));
        }
        if (lines.TooLong) return Wrong($"is longer than {MaxLineLength} characters; it is no CSV file of events");
        return events.Count > 0 ? events.ToArray() : new Mistake(place, "holds no events");

        Mistake Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{place}:{lines.Number}"), what);
    }

    private static int[] Columns(ReadOnlySpan<char> line, ReadOnlySpan<Range> fields)
    {
        int[] columns = [-1, -1, -1, -1];
        for (int f = 0; f < fields.Length; f++)
        {
            string name = line[fields[f]].Trim('"').ToString();
            for (int c = 0; c < columns.Length; c++)
            {
                if (columns[c] < 0 && Names[c].Contains(name, StringComparer.OrdinalIgnoreCase)) columns[c] = f;
            }
        }
        return columns;
    }

    private static bool Place(ReadOnlySpan<char> line, ReadOnlySpan<Range> fields, int column, int size, out int value) =>
        int.TryParse(line[fields[column]], NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < size;

    private static bool Polarity(ReadOnlySpan<char> text, out bool on)
    {
        on = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("on", StringComparison.OrdinalIgnoreCase);
        return on || text is "0" or "-1" || text.Equals("false", StringComparison.OrdinalIgnoreCase) || text.Equals("off", StringComparison.OrdinalIgnoreCase);
    }

    private static string Shown(ReadOnlySpan<char> text) =>
        $"'{new string([.. text[..Math.Min(text.Length, 40)].ToArray().Select(c => char.IsControl(c) ? '?' : c)])}'";

    /// <summary>Lines of bounded length, numbered from 1.</summary>
    private sealed class LineReader(Stream stream, int longest) : IDisposable
    {
        private readonly StreamReader _reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        private readonly char[] _line = new char[longest];

        public int Number { get; private set; }

        public bool TooLong { get; private set; }

        public bool Next(out ReadOnlySpan<char> line)
        {
            int length = 0, next;
            line = default;
            while ((next = _reader.Read()) >= 0 && next != '\n')
            {
                if (length == _line.Length)
                {
                    Number++;
                    TooLong = true;
                    return false;
                }
                _line[length++] = (char)next;
            }
            if (next < 0 && length == 0) return false;
            Number++;
            line = _line.AsSpan(0, length);
            return true;
        }

        public void Dispose() => _reader.Dispose();
    }
}
