using Rouser.Core;
using Rouser.Core.Metrics;

namespace Rouser.Storage.Parquet;

/// <summary>Writes and reads flat Parquet files. Two homes: Parquet.Net where the feed has it, else our own; both pass one contract suite.</summary>
public interface IParquetFormat
{
    /// <summary>What <c>rouser doctor</c> calls it.</summary>
    string Name { get; }

    /// <summary>Writes the table. The same table gives the same bytes.</summary>
    void Write(Stream stream, Table table);

    /// <summary>Reads a flat table; a damaged file is a mistake that names the place, never an exception.</summary>
    /// <param name="stream">Seekable.</param>
    /// <param name="name">The table's name, and the file's in a mistake.</param>
    Result<Table> Read(Stream stream, string name);
}
