#if PARQUET_NET
using Rouser.Storage.Parquet;
using Rouser.Storage.Parquet.ParquetNet;

namespace Rouser.Storage.Tests.Parquet;

public sealed class ParquetNetFormatTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new ParquetNetFormat();
}

/// <summary>The same with row groups so small that every table has many.</summary>
public sealed class ParquetNetFormatWithSmallRowGroupsTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new ParquetNetFormat(rowGroupRows: 64);
}
#endif
