using Parquet;
using Rouser.Core;
using Rouser.Core.Metrics;

namespace Rouser.Storage.Parquet.ParquetNet;

/// <summary>The same tables, written by Parquet.Net.</summary>
/// <remarks>
/// Read they are by our own reader, because a damaged file has to end in one line: on some, Parquet.Net 6.1.0 looks for the next page
/// for ever, or allocates the gigabytes that a flipped bit announces.
/// </remarks>
/// <param name="rowGroupRows">Rows in a row group.</param>
public sealed class ParquetNetFormat(int rowGroupRows = 128 * 1024) : IParquetFormat
{
    /// <inheritdoc/>
    public string Name => $"Parquet.Net {typeof(ParquetWriter).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The table's columns differ in length, share a name or have another type.</exception>
    public void Write(Stream stream, Table table)
    {
        TableShape.Check(table);
        ParquetNetWriter.WriteAsync(stream, table, rowGroupRows).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public Result<Table> Read(Stream stream, string name) => ParquetFormats.BuiltIn.Read(stream, name);
}
