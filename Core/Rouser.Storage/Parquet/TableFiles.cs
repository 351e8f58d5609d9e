using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Files;

namespace Rouser.Storage.Parquet;

/// <summary>
/// The tables of a run as files, <c>trials.parquet</c>, <c>epochs.parquet</c> and <c>layers.parquet</c> in one folder,
/// beside them <c>predictions.parquet</c> (<see cref="PredictionsFile"/>), and their digests.
/// </summary>
public static class TableFiles
{
    /// <summary>The tables' names, in the order in which they are read.</summary>
    private static readonly string[] Names = ["trials", "epochs", LayersTableName];

    private const string LayersTableName = "layers";

    /// <summary>The tables' paths.</summary>
    public static IReadOnlyList<string> PathsIn(string folder) => [.. Names.Select(name => PathOf(folder, name))];

    /// <summary>
    /// Writes the tables. A reader sees each file as it was before or as it is now, never half of it, also after a
    /// power cut. Digests that do not fit the tables are never there: the old ones go first, the new ones come last.
    /// </summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="tables">Each goes to the file that bears its name.</param>
    /// <param name="predictions">The files of predictions of the completed trials, in the order of the plan.</param>
    /// <returns>What of the predictions was left out, because it is damaged.</returns>
    /// <exception cref="IOException">The disk is full, or the folder is no folder; what was half-written is
    /// removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public static IReadOnlyList<UserError> Write(string folder, ResultParts tables, IReadOnlyList<string>? predictions = null)
    {
        Directory.CreateDirectory(folder);
        string? known =
            TableDigests.AreIn(folder) && TableDigests.Read(folder) is { IsOk: true, Value: var old }
                ? old.ByFile.GetValueOrDefault(PredictionsFile.FileName)
                : null;
        File.Delete(Path.Combine(folder, TableDigests.FileName));
        Dictionary<string, string> digests = [];
        WriteTable(tables.Trials, [tables.Trials]);
        WriteTable(tables.Epochs, [tables.Epochs]);
        WriteTable(tables.Layers, tables.LayerParts);
        (string? digest, IReadOnlyList<UserError> leftOut) = PredictionsFile.Write(
            folder,
            predictions ?? [],
            tables.Epochs.Metadata,
            known
        );
        if (digest is not null)
            digests[PredictionsFile.FileName] = digest;
        new TableDigests(digests).Write(folder);
        return leftOut;

        void WriteTable(Table form, IEnumerable<Table> parts)
        {
            string path = PathOf(folder, form.Name);
            DurableFile.Write(
                path,
                file =>
                {
                    ParquetTableWriter.Write(file, form, parts, () => form.Metadata, ParquetTableWriter.RowGroupRows);
                    file.Position = 0;
                    digests[Path.GetFileName(path)] = TableDigests.Of(file);
                }
            );
        }
    }

    /// <summary>The same of tables that are in memory.</summary>
    public static IReadOnlyList<UserError> Write(string folder, ResultTables tables, IReadOnlyList<string>? predictions = null) =>
        Write(folder, ResultParts.Of(tables), predictions);

    /// <summary>
    /// Reads the tables against the digests beside them; a file that is missing or damaged is a mistake with its
    /// path.
    /// </summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="layers">The names of the columns of the layers table to read, which is the largest by far; null for
    /// all.</param>
    public static Result<ResultTables> Read(string folder, IReadOnlySet<string>? layers = null) =>
        TableDigests.Read(folder).Then(digests => Read(folder, digests, layers));

    /// <summary>
    /// Reads the tables against digests; a file that is missing or damaged is a mistake with its path.
    /// </summary>
    public static Result<ResultTables> Read(string folder, TableDigests digests, IReadOnlySet<string>? layers = null)
    {
        Result<Table>[] tables =
        [
            .. Names.Select(name => ReadTable(folder, name, digests, name == LayersTableName ? layers : null)),
        ];
        UserError[] mistakes = [.. tables.SelectMany(table => table.Errors)];
        return mistakes.Length > 0
            ? Result<ResultTables>.Failed(mistakes)
            : new ResultTables(tables[0].Value, tables[1].Value, tables[2].Value);
    }

    /// <summary>
    /// Reads the tables against digests, the layers, which are most of them, a row group at a time.
    /// </summary>
    /// <param name="use">What is made of them; when it returns, the layers can be read no more.</param>
    /// <exception cref="InvalidDataException">While the layers are read: they are no table.</exception>
    public static Result<T> ReadParts<T>(string folder, TableDigests digests, Func<ResultParts, Result<T>> use) =>
        ReadTable(folder, Names[0], digests, wanted: null)
            .Then(trials =>
                ReadTable(folder, Names[1], digests, wanted: null)
                    .Then(epochs =>
                        Read(
                            PathOf(folder, LayersTableName),
                            digests,
                            (file, path) =>
                                use(
                                    new ResultParts(
                                        trials,
                                        epochs,
                                        new Table(LayersTableName, [], epochs.Metadata),
                                        ParquetTableReader
                                            .ReadGroups(file, path)
                                            .Select(part => part with { Name = LayersTableName })
                                    )
                                )
                        )
                    )
            );

    /// <summary>
    /// Reads some columns of the layers of some trials, in parts, against digests; so much of a large table as would not
    /// be read for all.
    /// </summary>
    /// <param name="folder">Where the tables are.</param>
    /// <param name="digests">Of the tables.</param>
    /// <param name="columns">The names of the columns; those that the table lacks are left out.</param>
    /// <param name="trials">The identities of the trials.</param>
    public static Result<IReadOnlyList<Table>> ReadLayers(
        string folder,
        TableDigests digests,
        IReadOnlySet<string> columns,
        IReadOnlySet<string> trials
    ) =>
        trials.Count == 0
            ? Result<IReadOnlyList<Table>>.Of([])
            : Read(
                PathOf(folder, LayersTableName),
                digests,
                (file, path) =>
                    ParquetTableReader
                        .ReadRows(file, path, columns, LayersTable.TrialId.Name, trials)
                        .Then(parts =>
                            Result<IReadOnlyList<Table>>.Of([.. parts.Select(part => part with { Name = LayersTableName })])
                        )
            );

    private static Result<Table> ReadTable(string folder, string name, TableDigests digests, IReadOnlySet<string>? wanted) =>
        Read(
            PathOf(folder, name),
            digests,
            (file, path) => ParquetTableReader.Read(file, path, wanted).Then<Table>(table => table with { Name = name })
        );

    private static Result<T> Read<T>(string path, TableDigests digests, Func<FileStream, string, Result<T>> read)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (!digests.ByFile.TryGetValue(Path.GetFileName(path), out string? expected))
                return new UserError(path, $"{TableDigests.FileName} beside it does not name it; {TableDigests.Remedy}");
            if (TableDigests.Of(file) != expected)
                return new UserError(
                    path,
                    $"this is not the table that was written (its SHA-256 differs); copy it again, {TableDigests.Remedy}"
                );
            file.Position = 0;
            return read(file, path);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return Unreadable(path, e);
        }
    }

    /// <summary>A table that cannot be opened.</summary>
    internal static UserError Unreadable(string path, Exception problem) =>
        problem is FileNotFoundException or DirectoryNotFoundException
            ? new UserError(path, "there is no such table; a run writes it, so look for a run folder with metrics/*.parquet")
            : DiskProblem.ToUserError(path, problem);

    private static string PathOf(string folder, string table) => Path.Combine(folder, table + ".parquet");
}
