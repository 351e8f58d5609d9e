using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Rouser.Results;

namespace Rouser.Storage.Parquet;

/// <summary>Writes a table as a Parquet file, by Parquet.Net. The same table gives the same bytes.</summary>
/// <remarks>
/// Readers skip row groups by the bounds in the footer, so these must be right, and Parquet.Net 6.1.0 has no option
/// for them. What it writes rightly is what we ask for; tests/duckdb/where.mjs holds it against DuckDB:
/// <list type="bullet">
/// <item>doubles as BYTE_STREAM_SPLIT, for which it writes no bounds: those of a plain column leave NaN out, are NaN
/// where NaN comes first, and are 0 where every row is null;</item>
/// <item>times in milliseconds: the bounds of microseconds are in milliseconds;</item>
/// <item>texts without surrogates (<see cref="BasicPlaneText"/>): its order is that of UTF-16, which is UTF-8's only
/// without them;</item>
/// <item>integers as they are: bounds of 0 where every row is null do no harm, because such a chunk also says that
/// all its rows are null.</item>
/// </list>
/// </remarks>
public static class ParquetTableWriter
{
    // Enough for compression to work, few enough to hold in memory.
    internal const int RowGroupRows = 128 * 1024;

    /// <summary>Writes the table.</summary>
    /// <param name="output">At its beginning, and able to tell its position.</param>
    /// <param name="table">See <see cref="TableShape"/> for what it must be.</param>
    /// <param name="rowGroupRows">Rows in a row group.</param>
    /// <exception cref="ArgumentException">The table is not one; our fault, not the user's.</exception>
    public static void Write(Stream output, Table table, int rowGroupRows = RowGroupRows)
    {
        WriteAsync(output, table, [table], rowGroupRows, () => table.Metadata).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Writes a table that does not fit into memory, a part of it after another; each is taken when the one before is
    /// written.
    /// </summary>
    /// <param name="output">At its beginning, and able to tell its position.</param>
    /// <param name="form">The table without rows.</param>
    /// <param name="parts">Its rows.</param>
    /// <param name="metadata">Asked for the footer when all parts are written.</param>
    /// <param name="rowGroupRows">Rows in a row group; a part begins a new one. As many as a part has, unless told
    /// otherwise.</param>
    /// <exception cref="ArgumentException">A part is no table; our fault, not the user's.</exception>
    public static void Write(
        Stream output,
        Table form,
        IEnumerable<Table> parts,
        Func<IReadOnlyDictionary<string, string>> metadata,
        int rowGroupRows = int.MaxValue
    ) => WriteAsync(output, form, parts, rowGroupRows, metadata).GetAwaiter().GetResult();

    private static async Task WriteAsync(
        Stream output,
        Table form,
        IEnumerable<Table> parts,
        int rowGroupRows,
        Func<IReadOnlyDictionary<string, string>> metadata
    )
    {
        DataField[] fields = [.. form.Columns.Select(Field)];
        ParquetWriter writer = await ParquetWriter
            .CreateAsync(new ParquetSchema(fields), output, Options(form))
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (Table part in parts)
            {
                TableShape.Check(part);
                for (int start = 0, count; start < part.RowCount; start += count)
                {
                    using ParquetRowGroupWriter group = writer.CreateRowGroup();
                    count = Math.Min(rowGroupRows, part.RowCount - start);
                    for (int i = 0; i < fields.Length; i++)
                        await WriteChunkAsync(group, fields[i], part.Columns[i], start, count).ConfigureAwait(false);
                }
            }
            // Sorted, because a dictionary's order is its history.
            writer.CustomMetadata = new SortedDictionary<string, string>(metadata().ToDictionary(), StringComparer.Ordinal);
        }
    }

    private static ParquetOptions Options(Table table)
    {
        var options = new ParquetOptions
        {
            // Every reader has it, and its checksum finds flipped bits. Parquet.Net's default level packs hardly
            // better at many times the cost.
            CompressionMethod = CompressionMethod.Gzip,
            CompressionLevel = CompressionLevel.Fastest,
            // A dictionary of more than half the values saves nothing.
            DictionaryEncodingThreshold = 0.5,
        };
        foreach (Column column in table.Columns)
        {
            if (column is Column<string>)
                options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;
            if (column is Column<double>)
                options.ColumnEncodingHints[column.Name] = EncodingHint.ByteSplitStream;
        }
        return options;
    }

    private static DataField Field(Column column) =>
        column switch
        {
            Column<string> => new DataField(column.Name, typeof(string), column.Nullable),
            Column<double> => new DataField(column.Name, typeof(double), column.Nullable),
            Column<long> => new DataField(column.Name, typeof(long), column.Nullable),
            Column<int> => new DataField(column.Name, typeof(int), column.Nullable),
            Column<bool> => new DataField(column.Name, typeof(bool), column.Nullable),
            Column<DateTimeOffset> => new DateTimeDataField(
                column.Name,
                DateTimeFormat.Timestamp,
                isAdjustedToUTC: true,
                DateTimeTimeUnit.Millis,
                column.Nullable
            ),
            _ => throw TableShape.Unknown(column),
        };

    private static Task WriteChunkAsync(ParquetRowGroupWriter group, DataField field, Column column, int start, int count)
    {
        return column switch
        {
            Column<string> c => Chunk(c, text => text.AsMemory()),
            Column<double> c => Chunk(c, value => value),
            Column<long> c => Chunk(c, value => value),
            Column<int> c => Chunk(c, value => value),
            Column<bool> c => Chunk(c, value => value),
            Column<DateTimeOffset> c => Chunk(c, time => time.UtcDateTime),
            _ => throw TableShape.Unknown(column),
        };

        // Parquet.Net takes the values that are there, and a definition level for each row: 1 for a value, 0 for a
        // null.
        Task Chunk<T, TStored>(Column<T> c, Func<T, TStored> store)
            where TStored : struct
        {
            var present = new TStored[count];
            int[]? levels = c.Nulls is null ? null : new int[count];
            int taken = 0;
            for (int i = 0; i < count; i++)
            {
                if (c.IsNull(start + i))
                    continue;
                present[taken++] = store(c.Values[start + i]);
                if (levels is not null)
                    levels[i] = 1;
            }
            // Not `levels` itself: a null array would turn into an empty memory, which is not null.
            ReadOnlyMemory<int>? definition = levels is null ? default(ReadOnlyMemory<int>?) : levels;
            return group.WriteAllPartsAsync<TStored>(field, present.AsMemory(0, taken), definition, null, CancellationToken.None);
        }
    }
}
