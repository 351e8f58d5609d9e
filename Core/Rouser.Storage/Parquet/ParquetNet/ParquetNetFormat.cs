using Parquet;
using Rouser.Core;
using Rouser.Core.Metrics;

namespace Rouser.Storage.Parquet.ParquetNet;

/// <summary>The same tables by Parquet.Net.</summary>
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
    public Result<Table> Read(Stream stream, string name)
    {
        try
        {
            return ParquetNetReader.ReadAsync(stream, name).GetAwaiter().GetResult();
        }
        catch (InvalidDataException damage)
        {
            return new Mistake(name, damage.Message);
        }
    }
}
