using Rouser.Storage.Parquet.BuiltIn;
using Rouser.Storage.Parquet.ParquetNet;

namespace Rouser.Storage.Parquet;

/// <summary>The Parquet writers and readers of this build.</summary>
public static class ParquetFormats
{
    /// <summary>Our own; it is always there.</summary>
    public static IParquetFormat BuiltIn { get; } = new BuiltInParquetFormat();

    /// <summary>The one that runs use: Parquet.Net where it was compiled in, else our own.</summary>
    public static IParquetFormat Default { get; } = new ParquetNetFormat();
}
