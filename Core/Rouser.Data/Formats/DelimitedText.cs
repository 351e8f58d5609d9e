using System.Text;
using nietras.SeparatedValues;

namespace Rouser.Data.Formats;

/// <summary>
/// The rows of a text file in columns (CSV and its relatives), read by Sep: quoted fields, empty fields and every
/// kind of line end.
/// </summary>
/// <remarks>
/// The first row decides what separates fields: a semicolon if it holds one, else a tab, a comma, a bar, else blanks.
/// Between blanks there are no empty fields, so that columns may be aligned. A row is a line. Empty lines and lines
/// that start with <c>#</c> are passed over, but the last of them before the first row is kept, because some programs
/// write the names of columns so. A byte-order mark is no part of the text.
/// </remarks>
internal sealed class DelimitedText : IDisposable
{
    private const int MaxLineLength = 4096;

    private readonly StreamReader _text;
    private readonly SepReader? _rows;
    private readonly bool _blanks;
    private int[] _columns = [];

    private DelimitedText(StreamReader text, SepReader? rows, int linesBefore, string comment, bool blanks) =>
        (_text, _rows, Line, Comment, _blanks) = (text, rows, linesBefore, comment, blanks);

    /// <summary>The last comment before the first row, without its <c>#</c>; empty if there is none.</summary>
    public string Comment { get; }

    /// <summary>The present row's line, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The fields of the present row.</summary>
    public int Count { get; private set; }

    /// <summary>The fields of the present row up to the last that is not empty: a comma at the end adds none.</summary>
    public int Filled
    {
        get
        {
            int filled = Count;
            while (filled > 0 && this[filled - 1].IsEmpty)
                filled--;
            return filled;
        }
    }

    /// <summary>A field of the present row, without its quotes and without blanks around it.</summary>
    public ReadOnlySpan<char> this[int field] => _rows!.Current[_blanks ? _columns[field] : field].Span;

    /// <summary>Opens a file at its beginning.</summary>
    /// <param name="stream">The file; one that can seek, not closed.</param>
    /// <exception cref="MalformedFileException">It is no text in lines; the offset is the line.</exception>
    public static DelimitedText Open(Stream stream)
    {
        long start = stream.Position;
        (int before, string comment, string? first) = FindFirstRow(stream);
        stream.Position = start;
        StreamReader text = Reader(stream);
        for (int i = 0; i < before; i++)
            text.ReadLine();
        if (first is null)
            return new(text, null, before, comment, false);
        char separator =
            first.Contains(';', StringComparison.Ordinal) ? ';'
            : first.Contains('\t', StringComparison.Ordinal) ? '\t'
            : first.Contains(',', StringComparison.Ordinal) ? ','
            : first.Contains('|', StringComparison.Ordinal) ? '|'
            : ' ';
        SepReader rows = ReadGuarded(before + 1, () => Sep.New(separator).Reader(WithoutUnescaping).From(text));
        return new(text, rows, before, comment, separator == ' ');
    }

    /// <summary>Goes on to the next row; false at the end.</summary>
    /// <exception cref="MalformedFileException">The text goes wrong here; the offset is the line.</exception>
    public bool Next()
    {
        if (_rows is null)
            return false;
        while (ReadGuarded(Line + 1, _rows.MoveNext))
        {
            SepReader.Row row = _rows.Current;
            Line++;
            if (row.Span.ContainsAny('\n', '\r'))
                throw new MalformedFileException(Line, "opens a quote that does not close on the line");
            if (row.Span.Contains('\0'))
                throw new MalformedFileException(
                    Line,
                    "holds bytes of zero; it is damaged, or text in UTF-16 that has to be saved as UTF-8"
                );
            if (_blanks)
                FindColumns(row);
            Count = _blanks ? Count : row.ColCount;
            if (Count == 0 || (Count == 1 && this[0].IsEmpty) || this[0] is ['#', ..])
                continue;
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows?.Dispose();
        _text.Dispose();
    }

    private void FindColumns(SepReader.Row row)
    {
        if (_columns.Length < row.ColCount)
            _columns = new int[row.ColCount];
        Count = 0;
        for (int c = 0; c < row.ColCount; c++)
        {
            if (!row[c].Span.IsEmpty)
                _columns[Count++] = c;
        }
    }

    /// <summary>
    /// How many lines stand before the first row, the last comment among them, and that row; null if there is none.
    /// </summary>
    private static (int Before, string Comment, string? Row) FindFirstRow(Stream stream)
    {
        string comment = "";
        using StreamReader text = Reader(stream);
        char[] line = new char[MaxLineLength];
        for (int before = 0; ; before++)
        {
            int length = 0,
                next;
            while ((next = text.Read()) >= 0 && next is not ('\n' or '\r'))
            {
                if (length == line.Length)
                    throw new MalformedFileException(
                        before + 1,
                        $"is longer than {MaxLineLength} characters; it is no file of values in columns"
                    );
                line[length++] = (char)next;
            }
            if (next == '\r' && text.Peek() == '\n')
                text.Read();
            string row = new string(line, 0, length).Trim();
            if (row.Length > 0 && row[0] != '#')
                return (before, comment, row);
            if (row.Length > 0)
                comment = row.Trim('#', ' ');
            if (next < 0)
                return (before, comment, null);
        }
    }

    private static StreamReader Reader(Stream stream) =>
        new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);

    /// <summary>A field as a message can show it.</summary>
    public static string Shown(ReadOnlySpan<char> field)
    {
        char[] shown = field[..Math.Min(field.Length, 40)].ToArray();
        for (int i = 0; i < shown.Length; i++)
            if (char.IsControl(shown[i]) || char.IsSurrogate(shown[i]) || shown[i] is '\u2028' or '\u2029')
                shown[i] = '?';
        return $"'{new string(shown)}'";
    }

    private static SepReaderOptions WithoutUnescaping(SepReaderOptions options) =>
        options with
        {
            HasHeader = false,
            Unescape = true,
            Trim = SepTrim.All,
            DisableColCountCheck = true,
        };

    /// <summary>Sep throws on rows that it cannot hold.</summary>
    private static T ReadGuarded<T>(int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or NotSupportedException
                        or ArgumentException
                        or InvalidOperationException
                        or OverflowException
            )
        {
            throw new MalformedFileException(line, "starts a row that is too long, or no row of values");
        }
    }
}
