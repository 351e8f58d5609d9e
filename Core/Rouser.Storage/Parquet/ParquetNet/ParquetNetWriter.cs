using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Rouser.Core.Metrics;
using Rouser.Storage.Parquet.BuiltIn;
using Rouser.Storage.Parquet.BuiltIn.Metadata;

namespace Rouser.Storage.Parquet.ParquetNet;

/// <summary>Writes a table: the pages by Parquet.Net, the footer by us.</summary>
/// <remarks>
/// Parquet.Net 6.1.0 writes bounds that a reader must not trust, and there is no option to leave them out: milliseconds for a column of
/// microseconds, 0 for a column of nulls, NaN where NaN comes first, texts in the order of UTF-16. DuckDB skips row groups by them and
/// then misses rows. So its footer is read back and written again with the bounds of <see cref="ChunkStatistics"/>.
/// </remarks>
internal static class ParquetNetWriter
{
    /// <summary>Writes the table.</summary>
    public static async Task WriteAsync(Stream output, Table table, int rowGroupRows)
    {
        using var file = new MemoryStream();
        await WritePagesAsync(file, table, rowGroupRows).ConfigureAwait(false);
        (FileMetaData footer, long end) = Footer.Read(file);
        output.Write(file.GetBuffer().AsSpan(0, (int)end));
        RowGroup[] groups = [.. footer.RowGroups.Select((group, index) => WithStatistics(group, table, index * rowGroupRows))];
        Footer.Write(output, table, groups, footer.CreatedBy);
    }

    private static RowGroup WithStatistics(RowGroup group, Table table, int start) => group with
    {
        Columns = [.. group.Columns.Select((chunk, index) => chunk with { Statistics = ChunkStatistics.Of(table.Columns[index], start, (int)group.NumRows) })],
    };

    private static async Task WritePagesAsync(Stream file, Table table, int rowGroupRows)
    {
        DataField[] fields = [.. table.Columns.Select(Field)];
        // GZIP for the reasons given at BuiltIn.Pages.Compression; Parquet.Net's default level packs hardly better at many times the cost.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Gzip, CompressionLevel = CompressionLevel.Fastest };
        foreach (Column column in table.Columns)
            if (column is Column<string>) options.ColumnEncodingHints[column.Name] = EncodingHint.Dictionary;

        ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, options).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            for (int start = 0; start < table.RowCount; start += rowGroupRows)
            {
                using ParquetRowGroupWriter group = writer.CreateRowGroup();
                int count = Math.Min(rowGroupRows, table.RowCount - start);
                for (int i = 0; i < fields.Length; i++) await WriteChunkAsync(group, fields[i], table.Columns[i], start, count).ConfigureAwait(false);
            }
        }
    }

    private static DataField Field(Column column) => column switch
    {
        Column<string> => new DataField(column.Name, typeof(string), column.Nullable),
        Column<double> => new DataField(column.Name, typeof(double), column.Nullable),
        Column<long> => new DataField(column.Name, typeof(long), column.Nullable),
        Column<int> => new DataField(column.Name, typeof(int), column.Nullable),
        Column<bool> => new DataField(column.Name, typeof(bool), column.Nullable),
        Column<DateTimeOffset> => new DateTimeDataField(column.Name, DateTimeFormat.DateAndTimeMicros, isNullable: column.Nullable),
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

        // Parquet.Net takes the values that are there, and a definition level for each row: 1 for a value, 0 for a null.
        Task Chunk<T, TStored>(Column<T> c, Func<T, TStored> store)
            where TStored : struct
        {
            var present = new TStored[count];
            int[]? levels = c.Nulls is null ? null : new int[count];
            int taken = 0;
            for (int i = 0; i < count; i++)
            {
                if (c.IsNull(start + i)) continue;
                present[taken++] = store(c.Values[start + i]);
                if (levels is not null) levels[i] = 1;
            }
            // Not `levels` itself: a null array would turn into an empty memory, which is not null.
            ReadOnlyMemory<int>? definition = levels is null ? default(ReadOnlyMemory<int>?) : levels;
            return group.WriteAllPartsAsync<TStored>(field, present.AsMemory(0, taken), definition, null, CancellationToken.None);
        }
    }
}
