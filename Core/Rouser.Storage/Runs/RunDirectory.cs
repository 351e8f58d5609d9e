using System.Text.Json;
using Rouser.Core;
using Rouser.Storage.Files;
using Rouser.Storage.Journals;

namespace Rouser.Storage.Runs;

/// <summary>The folder of a run: what was asked for, read and kept as text, and where the rest lies.</summary>
public sealed class RunDirectory
{
    /// <summary>The layout of the folder that this program makes and reads.</summary>
    public const string Schema = "rouser/run/v1";

    private const string Remedy = "restore it from a copy, or run the sweep again in another folder (--out)";

    private readonly RunText _run;
    private readonly GrowthText? _growth;

    private RunDirectory(RunPaths paths, RunText run, GrowthText? growth)
    {
        (Paths, _run, _growth) = (paths, growth?.Run ?? run, growth);
        SpecText = growth?.Spec ?? File.ReadAllText(paths.Spec);
        EnvironmentJson = growth?.Environment ?? File.ReadAllText(paths.Environment);
    }

    /// <summary>Where each part lies.</summary>
    public RunPaths Paths { get; }

    /// <summary>The fingerprint of the plan that the run was made for.</summary>
    public string Fingerprint => _run.Fingerprint;

    /// <summary>What <c>--set</c> put over the spec, as typed.</summary>
    public IReadOnlyList<string> Overrides => _run.Overrides;

    /// <summary>Where the journal is, if the run has been told; without a password.</summary>
    public Result<JournalAddress> Journal =>
        _run.Journal is null ? JournalAddress.OfFile(Paths.Journal) : JournalAddress.OfDatabase(_run.Journal);

    /// <summary>The sweep file, as it was.</summary>
    public string SpecText { get; }

    /// <summary>Where the run was started.</summary>
    public string EnvironmentJson { get; }

    /// <summary>
    /// Makes the folder of a run, with the folders above it; all of it or nothing. If the folder already holds a run
    /// of the same sweep it is opened as it is, so that the same command again goes on.
    /// </summary>
    public static Result<RunDirectory> Create(
        string path,
        string specText,
        IReadOnlyList<string> overrides,
        string planJson,
        string fingerprint,
        string environmentJson
    )
    {
        try
        {
            if (File.Exists(path))
                return new UserError(path, "this is a file, not a folder; choose another folder (--out)");
            if (File.Exists(new RunPaths(path).Run))
                return Open(path).Then(run => run.OfSweep(fingerprint));
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                return new UserError(path, "the folder holds other files and no run; choose a new or empty folder (--out)");
            if (
                NewRun.Make(path, new RunText(Schema, fingerprint, overrides), specText, planJson, environmentJson)
                is UserError wrong
            )
                return wrong;
            // Another process may have made it at the same moment.
            return Open(path).Then(run => run.OfSweep(fingerprint));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>Opens the folder of a run.</summary>
    public static Result<RunDirectory> Open(string path)
    {
        RunPaths paths = new(path);
        try
        {
            if (File.Exists(path))
                return new UserError(path, "is a file; name the folder of a run, such as runs/quickstart");
            if (!Directory.Exists(path))
                return new UserError(path, "there is no such folder; name the folder of a run, such as runs/quickstart");
            if (!File.Exists(paths.Run))
                return new UserError(path, "this is not the folder of a run; name one that `rouser run` has made");
            foreach (string part in (string[])[paths.Spec, paths.Plan, paths.Environment, paths.Journal])
                if (!File.Exists(part))
                    return new UserError(part, $"this part of the run is missing; {Remedy}");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(paths.Run));
            // Before all else: of a newer layout nothing more is known than that it is newer.
            if (SchemaOf(document.RootElement) is string schema && schema != Schema)
                return new UserError(
                    paths.Run,
                    $"schema {schema} is not the one this rouser understands ({Schema}); use a newer rouser"
                );
            return document.Deserialize(RunJsonContext.Default.RunText) is RunText run
                ? new RunDirectory(paths, run, ReadGrowth(paths))
                : Damaged(paths, "it is empty");
        }
        catch (JsonException e)
        {
            return Damaged(paths, e.Message);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    /// <summary>
    /// The plan. It is read when it is asked for, because that of a large sweep has tens of megabytes.
    /// </summary>
    public Result<string> ReadPlan() => _growth?.Plan ?? Reading(Paths.Plan, File.ReadAllText);

    /// <summary>The plan's first so many characters.</summary>
    public Result<string> ReadPlanHead(int characters) =>
        _growth?.Plan[..Math.Min(characters, _growth.Plan.Length)]
        ?? Reading(
            Paths.Plan,
            path =>
            {
                using StreamReader reader = new(path);
                char[] head = new char[characters];
                return new string(head, 0, reader.ReadBlock(head));
            }
        );

    /// <summary>
    /// Takes over a sweep file that asks for the same plan in other words: another retry budget, another level to
    /// reach, a comment. Nothing that has been trained changes.
    /// </summary>
    public Result<RunDirectory> UpdateSweepFile(string specText, IReadOnlyList<string> overrides)
    {
        if (specText == SpecText && overrides.SequenceEqual(Overrides))
            return this;
        return Changed(
            Paths.Folder,
            () =>
            {
                DurableFile.WriteText(Paths.Spec, specText);
                Write(_run with { Overrides = overrides });
            }
        );
    }

    /// <summary>
    /// Has the journal kept in a database from now on. A journal that has begun stays where it is, because half of it
    /// in either place would be no journal.
    /// </summary>
    /// <param name="address">The database.</param>
    public Result<RunDirectory> KeepJournalIn(JournalAddress address)
    {
        if (_run.Journal == address.Text)
            return this;
        if (_run.Journal is not null)
            return new UserError(
                Paths.Folder,
                $"the run's journal is in {_run.Journal}; name that with --journal, or run the sweep into a new folder"
            );
        Result<SqliteJournal> own = SqliteJournal.OpenReadOnly(Paths.Journal);
        if (!own.IsOk)
            return Result<RunDirectory>.Failed(own.Errors);
        using (own.Value)
        {
            if (own.Value.Read().Any())
                return new UserError(
                    Paths.Journal,
                    "the run has begun with this journal; go on without --journal, or run the sweep into a new folder"
                );
        }
        return Changed(Paths.Folder, () => Write(_run with { Journal = address.Text }));
    }

    /// <summary>
    /// Has the run go on with another sweep file and its plan: all of it or, whatever is killed meanwhile, nothing.
    /// Whoever calls this holds the run.
    /// </summary>
    /// <param name="planJson">The plan, which knows those before it.</param>
    /// <param name="fingerprint">Its fingerprint.</param>
    public Result<RunDirectory> Grow(
        string specText,
        IReadOnlyList<string> overrides,
        string planJson,
        string fingerprint,
        string environmentJson
    )
    {
        RunText run = _run with { Overrides = overrides, Plan = fingerprint == Fingerprint ? null : fingerprint };
        string json = JsonSerializer.Serialize(
            new GrowthText(run, specText, planJson, environmentJson),
            RunJsonContext.Default.GrowthText
        );
        return Changed(Paths.Growth, () => DurableFile.WriteText(Paths.Growth, json))
            .Then(grown => grown.Changed(Paths.Folder, () => { }));
    }

    /// <summary>Replaces what is said of where the run was started: its data lies elsewhere now.</summary>
    public Result<RunDirectory> KeepEnvironment(string environmentJson)
    {
        if (environmentJson == EnvironmentJson)
            return this;
        return Changed(Paths.Environment, () => DurableFile.WriteText(Paths.Environment, environmentJson));
    }

    /// <summary>Whether some process holds the run for writing at this moment.</summary>
    public bool IsLocked => RunLock.IsHeld(Paths);

    /// <summary>
    /// Takes the run for writing, until the lock is disposed of or the process ends, however it ends.
    /// </summary>
    public Result<RunLock> Lock() => RunLock.Acquire(Paths, FileShare.None);

    /// <summary>
    /// Takes the run together with the other orchestrators of a cluster, of which the journal's fencing token lets
    /// one write; nobody takes it for himself meanwhile.
    /// </summary>
    public Result<RunLock> LockShared() => RunLock.Acquire(Paths, FileShare.ReadWrite);

    /// <summary>Takes the tables for writing and reading back; waits for whoever has them.</summary>
    public Result<TablesLock> LockTables() => TablesLock.Acquire(Paths);

    /// <summary>
    /// The folder after a change to its files. What a killed process left of a growth is finished first, because it
    /// stands above the files.
    /// </summary>
    /// <param name="place">What a disk that refuses is said to refuse.</param>
    /// <param name="change">Writes the files.</param>
    private Result<RunDirectory> Changed(string place, Action change)
    {
        try
        {
            FinishGrowth();
            change();
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(place, e);
        }
        return Open(Paths.Folder);
    }

    // The file goes last: until then whoever opens the run takes everything from it.
    private void FinishGrowth()
    {
        if (_growth is null || !File.Exists(Paths.Growth))
            return;
        DurableFile.WriteText(Paths.Spec, _growth.Spec);
        DurableFile.WriteText(Paths.Plan, _growth.Plan);
        DurableFile.WriteText(Paths.Environment, _growth.Environment);
        Write(_growth.Run);
        File.Delete(Paths.Growth);
    }

    private static GrowthText? ReadGrowth(RunPaths paths) =>
        File.Exists(paths.Growth)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(paths.Growth), RunJsonContext.Default.GrowthText)
            : null;

    private static Result<string> Reading(string path, Func<string, string> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    private void Write(RunText run) =>
        DurableFile.WriteText(Paths.Run, JsonSerializer.Serialize(run, RunJsonContext.Default.RunText));

    private Result<RunDirectory> OfSweep(string fingerprint) =>
        fingerprint == (_run.Plan ?? Fingerprint)
            ? this
            : new UserError(
                Paths.Folder,
                $"the folder belongs to another sweep (its plan is {Brief(Fingerprint)}, this one {Brief(fingerprint)}); "
                    + "choose another folder with --out"
            );

    private static string Brief(string fingerprint) => fingerprint.Length > 8 ? fingerprint[..8] : fingerprint;

    private static string? SchemaOf(JsonElement run) =>
        run.ValueKind == JsonValueKind.Object
        && run.TryGetProperty("schema"u8, out JsonElement schema)
        && schema.ValueKind == JsonValueKind.String
            ? schema.GetString()
            : null;

    private static UserError Damaged(RunPaths paths, string why) =>
        new(paths.Run, $"the file is damaged ({OneLine.Of(why).TrimEnd('.')}); {Remedy}");
}
