using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Storage.Datasets;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Store;

/// <summary>
/// The results of completed trials, shared by all runs of a user: a trial's identity is its content and its result a
/// function of that, so what one run has trained no other has to train again. A file per trial, <c>TRIAL.result</c>,
/// or <c>TRIAL-KIND.result</c> where the result is one of a kind of machine.
/// </summary>
/// <remarks>
/// Any number of processes may use it at once. A file appears whole under its name and is checked each time it is
/// read, so that what a crash or a bad disk left is found, dropped and trained again. Files are not flushed: a result
/// that is lost costs its training, and nothing else. Beyond its limit the store drops what was used least recently.
/// </remarks>
/// <param name="folder">Where it lies; made when it is needed.</param>
/// <param name="warn">Is told, in one line, of an entry that is dropped as damaged and of a disk that refuses; may be
/// called from several threads.</param>
/// <param name="bound">How large it may be, in bytes; null for what is kept with it.</param>
public sealed class ResultStore(string folder, Action<string>? warn = null, long? bound = null)
{
    /// <summary>What stands in the place of a folder for no store.</summary>
    public const string None = "none";

    /// <summary>The variable of the environment that names another folder, or none.</summary>
    public const string Variable = "ROUSER_STORE";

    /// <summary>How large a store may be that was not given another limit, in bytes.</summary>
    public const long DefaultLimit = 10L << 30;

    private const string Ending = ".result",
        LimitName = "limit";

    // A killed process may leave a file that is half written; after so long nobody writes it any more.
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(1);

    // Each process lists the files again after it has written this share of the limit.
    private const int CountsPerLimit = 64;

    private readonly Lock _counting = new();
    private long? _writtenSinceCount;
    private bool _saidThatDiskRefuses;

    /// <summary>Where it lies.</summary>
    public string Folder => folder;

    /// <summary>
    /// The store that the user has chosen: the folder of the option, that of <c>$ROUSER_STORE</c>, or
    /// <c>results</c> in the user's cache.
    /// </summary>
    /// <param name="chosen">The option's value; null if it was not given.</param>
    /// <param name="warn">See the constructor.</param>
    /// <returns>Null if the user wants none.</returns>
    public static ResultStore? OfUser(string? chosen, Action<string>? warn = null)
    {
        if (string.IsNullOrEmpty(chosen))
            chosen = Environment.GetEnvironmentVariable(Variable);
        return chosen == None ? null
            : string.IsNullOrEmpty(chosen) ? new ResultStore(Path.Combine(UserCache.Folder(), "results"), warn)
            : new ResultStore(Path.GetFullPath(UserPath.Expand(chosen)), warn);
    }

    /// <summary>The result of a trial; null if there is none that is whole, of this version and with all models.</summary>
    /// <param name="machine">The kind of this machine if the trial's result depends on it; else null.</param>
    /// <param name="keep">Which networks the run keeps.</param>
    public StoredResult? Find(PlannedTrial trial, string? machine, KeptModels keep)
    {
        string path = PathOf(trial.Id, machine);
        if (Read(path) is not { } found || !found.Serves(keep))
            return null;
        if (found.Trial != trial.Id || found.Machine != machine)
        {
            Drop(path, "it is of another trial than its name says");
            return null;
        }
        MarkUsed(path);
        return found;
    }

    /// <summary>Whether there seems to be a result of a trial; whether it is whole is found out when it is read.</summary>
    public bool Has(TrialId trial, string? machine) => File.Exists(PathOf(trial, machine));

    /// <summary>
    /// Keeps a result, in place of one that is there. A store that cannot be written says so and goes on without.
    /// </summary>
    public void Put(StoredResult result)
    {
        string path = PathOf(result.Trial, result.Machine);
        if (result.Files.Sum(model => (long)model.Content.Length) > Math.Min(StoreEntry.MostBytes, Limit / 8))
        {
            warn?.Invoke($"{folder}: the result of trial {result.Trial.Short} is too large for the store");
            return;
        }
        try
        {
            Directory.CreateDirectory(folder);
            string own =
                $"{path}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Path.GetRandomFileName()}"
                + DurableFile.TemporarySuffix;
            using (FileStream file = new(own, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                StoreEntry.Write(file, result);
            long length = new FileInfo(own).Length;
            File.Move(own, path, overwrite: true);
            Count(length);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            // A disk that refuses one result refuses the next one, too: once is enough.
            if (!Interlocked.Exchange(ref _saidThatDiskRefuses, true))
                warn?.Invoke($"{DiskProblem.ToUserError(folder, e)}; the run goes on, and its results are not shared");
        }
    }

    /// <summary>Drops the result of a trial, whatever is wrong with it.</summary>
    /// <param name="why">In words for the user.</param>
    public void Drop(TrialId trial, string? machine, string why) => Drop(PathOf(trial, machine), why);

    /// <summary>The files of results, the one first that would be dropped first.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public IReadOnlyList<FileInfo> Files() =>
        Directory.Exists(folder)
            ?
            [
                .. new DirectoryInfo(folder)
                    .EnumerateFiles("*" + Ending)
                    .Where(file => IsEntry(file.Name))
                    .OrderBy(file => file.LastWriteTimeUtc)
                    .ThenBy(file => file.Name, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The result in one of <see cref="Files"/>; a damaged one is dropped, with a word.</summary>
    /// <returns>Null if it was dropped, is of another version, or is gone.</returns>
    public StoredResult? Read(string path)
    {
        try
        {
            return File.Exists(path) ? StoreEntry.Read(File.ReadAllBytes(path)) : null;
        }
        catch (InvalidDataException e)
        {
            Drop(path, OneLine.Of(e.Message).TrimEnd('.'));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process has dropped it between the question and the answer.
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            warn?.Invoke(DiskProblem.ToUserError(path, e).ToString());
        }
        return null;
    }

    /// <summary>How large it may be, in bytes. Kept with it, so that it is the same for every process.</summary>
    public long Limit
    {
        get
        {
            if (bound is { } given)
                return given;
            try
            {
                return
                    File.Exists(LimitPath)
                    && long.TryParse(
                        File.ReadAllText(LimitPath).Trim(),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out long limit
                    )
                    ? limit
                    : DefaultLimit;
            }
            catch (Exception e) when (DiskProblem.IsOne(e))
            {
                return DefaultLimit;
            }
        }
        set
        {
            Directory.CreateDirectory(folder);
            DurableFile.WriteText(LimitPath, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Drops what was used least recently, until no more than so many bytes are left.</summary>
    /// <returns>How many results were dropped, and their bytes.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public (int Results, long Bytes) Prune(long limit)
    {
        IReadOnlyList<FileInfo> files = Files();
        long total = files.Sum(file => file.Length);
        (int dropped, long freed) = (0, 0);
        foreach (FileInfo file in files.TakeWhile(_ => total - freed > limit))
        {
            // Another process may have come first; it is gone all the same.
            File.Delete(file.FullName);
            (dropped, freed) = (dropped + 1, freed + file.Length);
        }
        return (dropped, freed);
    }

    private string LimitPath => Path.Combine(folder, LimitName);

    private string PathOf(TrialId trial, string? machine) =>
        Path.Combine(folder, $"{trial.Value}{(machine is null ? "" : $"-{Digest(machine)}")}{Ending}");

    private static string Digest(string machine) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..16];

    // A folder that the user named may hold anything else.
    private static bool IsEntry(string name)
    {
        string[] parts = name[..^Ending.Length].Split('-');
        return parts[0].Length == 32 && parts.Length <= 2 && parts.All(part => part.All(char.IsAsciiHexDigitLower));
    }

    private void Drop(string path, string why)
    {
        warn?.Invoke($"{path}: {why}; the result is dropped, and its trial is trained again");
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            warn?.Invoke(DiskProblem.ToUserError(path, e).ToString());
        }
    }

    // The time of change is the time of use. A store of others, which may only be read, keeps its own order.
    private static void MarkUsed(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (DiskProblem.IsOne(e)) { }
    }

    private void Count(long written)
    {
        lock (_counting)
        {
            long limit = Limit;
            _writtenSinceCount += written;
            if (_writtenSinceCount < limit / CountsPerLimit)
                return;
            _writtenSinceCount = 0;
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles($"*{Ending}.*{DurableFile.TemporarySuffix}"))
            {
                if (DateTime.UtcNow - file.LastWriteTimeUtc > LeftOver)
                    file.Delete();
            }
            // A little more than it must, so that a full store is not sorted for each result.
            if (Files().Sum(file => file.Length) > limit)
                Prune(limit - (limit / CountsPerLimit));
        }
    }
}
