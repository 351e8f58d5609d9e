using Rouser.Storage.Parquet;
using Rouser.Storage.Parquet.BuiltIn;

namespace Rouser.Storage.Tests.Parquet;

public sealed class BuiltInParquetFormatTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new BuiltInParquetFormat();

    private protected override int Mutations => 6000;
}

/// <summary>The same with row groups so small that every table has many.</summary>
public sealed class BuiltInParquetFormatWithSmallRowGroupsTests : ParquetFormatContract
{
    private protected override IParquetFormat Format { get; } = new BuiltInParquetFormat(rowGroupRows: 64);
}
