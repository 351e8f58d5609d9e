using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Storage.Files;

namespace Rouser.Storage.Parquet;

/// <summary>The three tables of a run as files: <c>trials.parquet</c>, <c>epochs.parquet</c>, <c>layers.parquet</c> in one folder.</summary>
public sealed class TableFiles(IParquetFormat format)
{
    /// <summary>With <see cref="ParquetFormats.Default"/>.</summary>
    public TableFiles()
        : this(ParquetFormats.Default)
    {
    }

    /// <summary>Writes the tables. A reader sees each file as it was before or as it is now, never half of it, also after a power cut.</summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="tables">Each goes to the file that bears its name.</param>
    /// <exception cref="IOException">The disk is full, or the folder is no folder; what was half-written is removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public void Write(string folder, ResultTables tables)
    {
        Directory.CreateDirectory(folder);
        foreach (Table table in (Table[])[tables.Trials, tables.Epochs, tables.Layers])
            DurableFile.Write(PathOf(folder, table.Name), file => format.Write(file, table));
    }

    /// <summary>Reads the tables; a file that is missing or damaged is a mistake with its path.</summary>
    public Result<ResultTables> Read(string folder)
    {
        Result<Table> trials = ReadTable(folder, "trials"), epochs = ReadTable(folder, "epochs"), layers = ReadTable(folder, "layers");
        Mistake[] mistakes = [.. trials.Mistakes, .. epochs.Mistakes, .. layers.Mistakes];
        return mistakes.Length > 0 ? Result<ResultTables>.Wrong(mistakes) : new ResultTables(trials.Value, epochs.Value, layers.Value);
    }

    private Result<Table> ReadTable(string folder, string name)
    {
        string path = PathOf(folder, name);
        try
        {
            using FileStream file = File.OpenRead(path);
            Result<Table> table = format.Read(file, path);
            return table.IsOk ? table.Value with { Name = name } : table;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Mistake(path, "there is no such table; a run writes it, so look for a run folder with metrics/*.parquet");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Mistake(path, $"the table cannot be read: {e.Message}");
        }
    }

    private static string PathOf(string folder, string table) => Path.Combine(folder, table + ".parquet");
}
