using Rouser.Core;
using Rouser.Core.Metrics;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>
/// Our own Parquet, for flat tables. It writes PLAIN and dictionary pages of version 1, packed with GZIP, with statistics; it reads those,
/// pages of version 2, and SNAPPY or no compression, which covers the flat tables of DuckDB, pyarrow and Parquet.Net as they come by default.
/// </summary>
/// <param name="rowGroupRows">Rows in a row group: enough for compression to work, few enough to hold in memory.</param>
public sealed class BuiltInParquetFormat(int rowGroupRows = 128 * 1024) : IParquetFormat
{
    /// <inheritdoc/>
    public string Name => "built-in";

    /// <summary>A file begins and ends with it.</summary>
    internal static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The table's columns differ in length, share a name or have another type.</exception>
    public void Write(Stream stream, Table table)
    {
        TableShape.Check(table);
        ParquetFileWriter.Write(stream, table, rowGroupRows);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk fails.</exception>
    public Result<Table> Read(Stream stream, string name)
    {
        try
        {
            return ParquetFileReader.Read(stream, name);
        }
        catch (InvalidDataException damage)
        {
            return new Mistake(name, damage.Message);
        }
    }
}
