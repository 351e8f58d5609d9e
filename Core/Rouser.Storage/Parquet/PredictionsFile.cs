using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Files;
using Rouser.Storage.Predictions;
using Rouser.Sweeps;

namespace Rouser.Storage.Parquet;

/// <summary>
/// <c>predictions.parquet</c>, which has millions of rows: written and read a trial at a time, each a row group. The
/// footer names the trials in the order of the row groups.
/// </summary>
public sealed class PredictionsFile : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = PredictionsTable.Name + ".parquet";

    private const string TrialsKey = "rouser.predictions.trials",
        SourceKey = "rouser.predictions.source";

    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly Dictionary<TrialId, int> _groups;
    private readonly string _path;

    private PredictionsFile(string path, FileStream file, ParquetReader reader)
    {
        (_path, _file, _reader) = (path, file, reader);
        string[] trials = JsonSerializer.Deserialize<string[]>(reader.CustomMetadata[TrialsKey]) ?? [];
        if (trials.Length != reader.RowGroupCount)
            throw new InvalidDataException("it has other trials than it says");
        _groups = trials.Select((id, group) => (Id: new TrialId(id), group)).ToDictionary(t => t.Id, t => t.group);
    }

    /// <summary>The trials in it.</summary>
    public IReadOnlyCollection<TrialId> Trials => _groups.Keys;

    /// <summary>
    /// Opens the table in a folder, if it is there and its digest beside it vouches for it; null where there is none,
    /// as of a run of before there were predictions.
    /// </summary>
    /// <param name="folder">The folder of the tables.</param>
    public static Result<PredictionsFile?> Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path))
                return (PredictionsFile?)null;
            Result<TableDigests> digests = TableDigests.Read(folder);
            if (!digests.IsOk)
                return Result<PredictionsFile?>.Failed(digests.Errors);
            FileStream file = File.OpenRead(path);
            if (digests.Value.ByFile.GetValueOrDefault(FileName) != TableDigests.Of(file))
            {
                file.Dispose();
                return new UserError(
                    path,
                    $"this is not the table that was written (its SHA-256 differs); copy it again, {TableDigests.Remedy}"
                );
            }
            return OpenChecked(path, file);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>The predictions of a trial; null if it has none.</summary>
    public Result<TrialPredictions?> Read(TrialId trial)
    {
        if (!_groups.TryGetValue(trial, out int group))
            return (TrialPredictions?)null;
        return ParquetTableReader
            .ReadGroup(_reader, group, _path)
            .Then(PredictionsTable.Read)
            .Then<TrialPredictions?>(read =>
                read.Trial == trial
                    ? read
                    : new UserError(_path, $"row group {group + 1} is of another trial; {TableDigests.Remedy}")
            );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    /// <summary>
    /// Writes the table of the predictions that are kept, if it is not there already: the names of the files say what
    /// is in them. A file that is damaged is left out.
    /// </summary>
    /// <param name="folder">The folder of the tables.</param>
    /// <param name="files">The files of the completed trials, in the order of the plan; none removes the table.</param>
    /// <param name="metadata">What the footer says of the run.</param>
    /// <param name="known">The digest of a table that is there; null if there is none.</param>
    /// <returns>The digest of the table, null if there is none, and what was left out.</returns>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    internal static (string? Digest, IReadOnlyList<UserError> LeftOut) Write(
        string folder,
        IReadOnlyList<string> files,
        IReadOnlyDictionary<string, string> metadata,
        string? known
    )
    {
        string path = Path.Combine(folder, FileName);
        if (files.Count == 0)
        {
            File.Delete(path);
            return (null, []);
        }
        string source = SourceOf(files, metadata);
        if (known is not null && IsOf(path, known, source))
            return (known, []);

        List<UserError> leftOut = [];
        List<string> trials = [];
        string digest = "";
        DurableFile.Write(
            path,
            file =>
            {
                ParquetTableWriter.Write(file, PredictionsTable.Build(null), Tables(), Footer);
                file.Position = 0;
                digest = TableDigests.Of(file);
            }
        );
        return (digest, leftOut);

        IEnumerable<Table> Tables()
        {
            foreach (string name in files)
            {
                Result<TrialPredictions> read = PredictionFolder.Read(name);
                if (!read.IsOk)
                {
                    leftOut.AddRange(read.Errors);
                    continue;
                }
                trials.Add(read.Value.Trial.Value);
                yield return PredictionsTable.Build(read.Value);
            }
        }

        // Once all are written. A table that lacks some is never taken for that of its source.
        Dictionary<string, string> Footer() =>
            new(metadata) { [TrialsKey] = JsonSerializer.Serialize(trials), [SourceKey] = leftOut.Count == 0 ? source : "" };
    }

    private static string SourceOf(IReadOnlyList<string> files, IReadOnlyDictionary<string, string> metadata)
    {
        IEnumerable<string> lines = files
            .Select(file => Path.GetFileName(file))
            .Concat(metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}={m.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }

    private static bool IsOf(string path, string known, string source)
    {
        if (!File.Exists(path))
            return false;
        FileStream file = File.OpenRead(path);
        if (TableDigests.Of(file) != known)
        {
            file.Dispose();
            return false;
        }
        Result<PredictionsFile?> opened = OpenChecked(path, file);
        if (!opened.IsOk)
            return false;
        using PredictionsFile table = opened.Value!;
        return table._reader.CustomMetadata.GetValueOrDefault(SourceKey) == source;
    }

    private static Result<PredictionsFile?> OpenChecked(string path, FileStream file)
    {
        try
        {
            file.Position = 0;
            return new PredictionsFile(path, file, ParquetReader.CreateAsync(file).GetAwaiter().GetResult());
        }
#pragma warning disable CA1031 // What is no table of ours comes out of Parquet.Net as whatever it trips over.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            file.Dispose();
            return new UserError(
                path,
                $"this cannot be read as a table ({OneLine.Of(e.Message).TrimEnd('.')}); {TableDigests.Remedy}"
            );
        }
#pragma warning restore CA1031
    }
}
