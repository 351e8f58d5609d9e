using Rouser.Core.Metrics;
using Rouser.Storage.Parquet;
using Rouser.Storage.Parquet.BuiltIn;
using Rouser.Storage.Parquet.ParquetNet;

namespace Rouser.Storage.Tests.Parquet;

public sealed class ParquetNetFormatTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new ParquetNetFormat();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3000)]
    public async Task Parquet_Net_reads_what_either_writer_wrote(int rows)
    {
        Table table = TestTables.Random(seed: 8, rows);
        foreach (IParquetFormat writer in (IParquetFormat[])[Format, ParquetFormats.BuiltIn, new BuiltInParquetFormat(rowGroupRows: 64)])
        {
            using var file = new MemoryStream();
            writer.Write(file, table);
            TestTables.AssertSame(table, await ParquetNetReader.ReadAsync(file, "test"));
        }
    }
}

/// <summary>The same with row groups so small that every table has many.</summary>
public sealed class ParquetNetFormatWithSmallRowGroupsTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new ParquetNetFormat(rowGroupRows: 64);
}
