using Parquet;
using Parquet.Schema;
using Rouser.Core;
using Rouser.Results;

namespace Rouser.Storage.Parquet;

/// <summary>
/// Reads a flat table by Parquet.Net: ours of any version, and what DuckDB and others write. On a damaged file
/// Parquet.Net 6.1.0 may look for the next page for ever, or allocate the gigabytes that a flipped bit announces:
/// read here what a digest vouches for, and the rest behind <see cref="TableProbe"/>.
/// </summary>
public static class ParquetTableReader
{
    /// <summary>Reads a table; a file that is none is a mistake.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="name">The table's name, and the file's in a mistake.</param>
    /// <param name="wanted">The names of the columns to read; null for all.</param>
    /// <exception cref="OutOfMemoryException">The table, or what damage makes of it, does not fit.</exception>
    public static Result<Table> Read(Stream stream, string name, IReadOnlySet<string>? wanted = null) =>
        Try(name, () => ReadAsync(stream, name, wanted));

    /// <summary>Reads one row group of a table.</summary>
    internal static Result<Table> ReadGroup(ParquetReader reader, int group, string name) =>
        Try(name, () => ReadAsync(reader, [reader.RowGroups[group]], name, wanted: null));

    /// <summary>Reads a table one row group after another, once.</summary>
    /// <exception cref="InvalidDataException">While it is read: it is no table.</exception>
    internal static IEnumerable<Table> ReadGroups(Stream stream, string name)
    {
        ParquetReader reader = Try(name, () => ParquetReader.CreateAsync(stream)) is { IsOk: true } opened
            ? opened.Value
            : throw new InvalidDataException("this cannot be read as a table; copy it again from where it was written");
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            Result<Table> part = ReadGroup(reader, group, name);
            yield return part.IsOk ? part.Value : throw new InvalidDataException(part.Errors[0].Message);
        }
    }

    /// <summary>
    /// Reads the rows whose text in a column is one of some: a part of the table for each row group that has any, so that
    /// no more of the table is in memory than one group.
    /// </summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="name">The table's name, and the file's in a mistake.</param>
    /// <param name="wanted">The names of the columns to read.</param>
    /// <param name="key">The column that is searched.</param>
    /// <param name="keys">What is looked for.</param>
    internal static Result<IReadOnlyList<Table>> ReadRows(
        Stream stream,
        string name,
        IReadOnlySet<string> wanted,
        string key,
        IReadOnlySet<string> keys
    ) => Try(name, () => ReadRowsAsync(stream, name, wanted, key, keys));

    private static Result<T> Try<T>(string name, Func<Task<T>> read)
    {
        try
        {
            return Result<T>.Of(read().GetAwaiter().GetResult());
        }
#pragma warning disable CA1031 // Damage comes out of Parquet.Net as whatever it trips over, an index out of range or a null reference.
        catch (Exception damage) when (damage is not OutOfMemoryException)
        {
            string what = damage.Message.ReplaceLineEndings(" ").TrimEnd('.');
            return new UserError(name, $"this cannot be read as a table ({what}); copy it again from where it was written");
        }
#pragma warning restore CA1031
    }

    private static async Task<Table> ReadAsync(Stream stream, string name, IReadOnlySet<string>? wanted)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            CheckLength(reader);
            return await ReadAsync(reader, reader.RowGroups, name, wanted).ConfigureAwait(false);
        }
    }

    private static async Task<Table> ReadAsync(
        ParquetReader reader,
        IReadOnlyList<ParquetRowGroupReader> groups,
        string name,
        IReadOnlySet<string>? wanted
    )
    {
        DataField[] fields = reader.Schema.DataFields;
        int rows = CheckShape(reader, groups, fields);
        var columns = new List<Column>(fields.Length);
        foreach (DataField field in fields.Where(f => wanted is null || wanted.Contains(f.Name)))
            columns.Add(await ReadColumnAsync(groups, field, rows).ConfigureAwait(false));
        return new Table(name, columns, reader.CustomMetadata);
    }

    private static async Task<IReadOnlyList<Table>> ReadRowsAsync(
        Stream stream,
        string name,
        IReadOnlySet<string> wanted,
        string key,
        IReadOnlySet<string> keys
    )
    {
        ParquetReader reader = await ParquetReader.CreateAsync(stream).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            List<Table> parts = [];
            foreach (ParquetRowGroupReader group in reader.RowGroups)
            {
                Table found = await ReadAsync(reader, [group], name, new HashSet<string> { key }).ConfigureAwait(false);
                if (found.Find(key) is not Column<string> texts)
                    throw new InvalidDataException($"column '{key}' is missing, or holds no texts");
                int[] rows = [.. Enumerable.Range(0, texts.Count).Where(row => keys.Contains(texts.Values[row]))];
                if (rows.Length == 0)
                    continue;
                Table whole = await ReadAsync(reader, [group], name, wanted).ConfigureAwait(false);
                parts.Add(whole with { Columns = [.. whole.Columns.Select(column => column.Take(rows))] });
            }
            return parts;
        }
    }

    // Parquet.Net leaves the rest of a column empty where a chunk is shorter than its row group, and takes one of two
    // columns of a name.
    private static int CheckShape(ParquetReader reader, IReadOnlyList<ParquetRowGroupReader> groups, DataField[] fields)
    {
        if (reader.Schema.Fields.Any(f => f is not DataField { IsArray: false }))
            throw new InvalidDataException("the table is not flat: it has columns within columns");
        if (fields.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidDataException($"two columns are called '{twice.Key}'");
        long rows = 0;
        foreach (ParquetRowGroupReader group in groups)
        {
            if (group.RowCount < 0 || group.RowCount > Array.MaxLength - rows)
                throw new InvalidDataException($"a row group of {group.RowCount} rows is none, or more than can be read at once");
            rows += group.RowCount;
            foreach (DataField field in fields)
            {
                if (group.GetMetadata(field)?.MetaData?.NumValues != group.RowCount)
                    throw new InvalidDataException($"column '{field.Name}' has another length than the table");
            }
        }
        return (int)rows;
    }

    private static void CheckLength(ParquetReader reader)
    {
        long rows = reader.RowGroups.Sum(group => group.RowCount);
        if (rows != reader.Metadata!.NumRows)
            throw new InvalidDataException($"the row groups have {rows} rows, the footer says {reader.Metadata.NumRows}");
    }

    private static Task<Column> ReadColumnAsync(IReadOnlyList<ParquetRowGroupReader> groups, DataField field, int rows)
    {
        Type type = field.ClrType;
        return type == typeof(string) || type == typeof(ReadOnlyMemory<char>)
                ? Read<ReadOnlyMemory<char>, string>(new SharedTexts().Of)
            : type == typeof(double) ? Read<double, double>(value => value)
            : type == typeof(float) ? Read<float, double>(value => value)
            : type == typeof(long) ? Read<long, long>(value => value)
            : type == typeof(int) ? Read<int, int>(value => value)
            : type == typeof(bool) ? Read<bool, bool>(value => value)
            : type == typeof(DateTime) ? Read<DateTime, DateTimeOffset>(time => new(time.Ticks, TimeSpan.Zero))
            : throw new InvalidDataException(
                $"column '{field.Name}' holds values of type {type.Name}, for which there is no column here"
            );

        async Task<Column> Read<TStored, T>(Func<TStored, T> load)
            where TStored : struct
        {
            var values = new T[rows];
            bool[]? nulls = field.IsNullable ? new bool[rows] : null;
            int row = 0;
            foreach (ParquetRowGroupReader group in groups)
            {
                int count = (int)group.RowCount;
                var present = new TStored[count];
                int[]? levels = nulls is null ? null : new int[count];
                // Not `levels` itself: a null array would turn into an empty memory, which is not null.
                Memory<int>? definition = levels is null ? default(Memory<int>?) : levels;
                await group.ReadRawAsync<TStored>(field, present, definition, null).ConfigureAwait(false);
                for (int i = 0, taken = 0; i < count; i++, row++)
                {
                    if (levels is not null && levels[i] == 0)
                        nulls![row] = true;
                    else
                        values[row] = load(present[taken++]);
                }
            }
            return new Column<T>(field.Name, values, nulls);
        }
    }

    /// <summary>One string for a text that comes again: a trial's id stands in hundreds of rows.</summary>
    private sealed class SharedTexts
    {
        // A column of nothing but different texts would gain nothing from more.
        private const int Most = 1 << 16;

        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

        public string Of(ReadOnlyMemory<char> text)
        {
            if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text.Span, out string? known))
                return known;
            string made = text.Span.ToString();
            if (_texts.Count < Most)
                _texts.Add(made);
            return made;
        }
    }
}
