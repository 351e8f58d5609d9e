using System.Globalization;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Storage.Files;

/// <summary>
/// A folder of files of trials, <c>TRIAL-SHA256.ENDING</c>, or <c>TRIAL-0007-SHA256.ENDING</c> for one that is of an
/// epoch before the last: the name says whose a file is and what is in it, so the same content has the same name, and
/// a file that was changed does not have its own. Safe from several threads for different files.
/// </summary>
/// <param name="folder">The folder, which is made when it is needed.</param>
/// <param name="ending">What its files end in, with the dot.</param>
internal sealed class TrialFiles(string folder, string ending)
{
    /// <summary>In the place of an epoch, for a file of the last one.</summary>
    public const int Last = 0;

    private const int MostDigits = 10;

    private readonly Lock _listing = new();

    // Listed once: a sweep of thousands of trials asks after each of them.
    private Dictionary<string, SortedList<int, string>>? _files;

    /// <summary>The file of a trial; null if there is none.</summary>
    /// <param name="epoch">The epoch that it is of.</param>
    public string? Find(TrialId trial, int epoch = Last)
    {
        lock (_listing)
            return Listed().GetValueOrDefault(trial.Value)?.GetValueOrDefault(epoch);
    }

    /// <summary>The epochs before the last of which a trial has files, ascending.</summary>
    public IReadOnlyList<int> EpochsOf(TrialId trial)
    {
        lock (_listing)
            return [.. (Listed().GetValueOrDefault(trial.Value)?.Keys ?? []).Where(epoch => epoch != Last)];
    }

    /// <summary>The trials that have a file.</summary>
    public IReadOnlyList<TrialId> Trials
    {
        get
        {
            lock (_listing)
                return [.. Listed().Keys.Select(trial => new TrialId(trial))];
        }
    }

    /// <summary>Bytes of all files.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public long Bytes => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*" + ending).Sum(f => f.Length) : 0;

    /// <summary>
    /// The trial and the epoch that a file of that name is of; null if the name is none.
    /// </summary>
    public static (string Trial, int Epoch)? Owner(string name, string ending)
    {
        if (!name.EndsWith(ending, StringComparison.Ordinal))
            return null;
        string[] parts = name[..^ending.Length].Split('-');
        if (!Array.TrueForAll(parts, part => part.Length > 0 && part.All(char.IsAsciiLetterOrDigit)))
            return null;
        return parts switch
        {
            [var trial, _] => (trial, Last),
            [var trial, { Length: < MostDigits } digits, _]
                when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch != Last => (
                trial,
                epoch
            ),
            _ => null,
        };
    }

    /// <summary>Writes the file of a trial.</summary>
    /// <param name="write">Writes the content to a stream and returns its SHA-256.</param>
    /// <param name="epoch">The epoch that it is of.</param>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public void Write(TrialId trial, Func<Stream, byte[]> write, int epoch = Last)
    {
        // The name first, from a pass that writes nothing; the file then appears whole and under its name.
        string digest = Convert.ToHexStringLower(write(Stream.Null)),
            of = epoch == Last ? $"{trial}" : string.Create(CultureInfo.InvariantCulture, $"{trial}-{epoch:D4}"),
            path = Path.Combine(folder, $"{of}-{digest}{ending}");
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, stream => write(stream));
        lock (_listing)
            Add((trial.Value, epoch), path);
    }

    /// <summary>The files that are kept of a trial, as they are.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public IReadOnlyList<(string Name, byte[] Content)> ContentOf(TrialId trial) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, $"{trial}-*{ending}")
                    .Order(StringComparer.Ordinal)
                    .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
            ]
            : [];

    /// <summary>Bytes of the files of a trial.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public long BytesOf(TrialId trial)
    {
        lock (_listing)
            return PathsOf(trial).Sum(path => new FileInfo(path) is { Exists: true } file ? file.Length : 0);
    }

    /// <summary>Deletes the files of a trial.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Delete(TrialId trial)
    {
        lock (_listing)
        {
            foreach (string path in PathsOf(trial))
                File.Delete(path);
            Listed().Remove(trial.Value);
        }
    }

    /// <summary>Keeps a file that another run has kept of a trial, under its name.</summary>
    /// <returns>Whether it is kept; one whose name is none of the trial's in this folder is not.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Import(TrialId trial, string name, ReadOnlyMemory<byte> content)
    {
        if (Owner(name, ending) is not { } owner || owner.Trial != trial.Value)
            return false;
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, stream => stream.Write(content.Span));
        lock (_listing)
            Add(owner, path);
        return true;
    }

    /// <summary>All files, by trial and epoch, those of the last epoch at the end.</summary>
    public Result<IReadOnlyList<string>> All()
    {
        try
        {
            return Directory.Exists(folder)
                ? Directory
                    .EnumerateFiles(folder, "*" + ending)
                    .Order(StringComparer.Ordinal)
                    .OrderBy(file => Path.GetFileName(file).Split('-')[0], StringComparer.Ordinal)
                    .ThenBy(file =>
                        Owner(Path.GetFileName(file), ending) is { Epoch: not Last and var epoch } ? epoch : int.MaxValue
                    )
                    .ToArray()
                : [];
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(folder, e);
        }
    }

    // Called under the lock.
    private IEnumerable<string> PathsOf(TrialId trial) => Listed().GetValueOrDefault(trial.Value)?.Values ?? [];

    // Called under the lock.
    private Dictionary<string, SortedList<int, string>> Listed()
    {
        if (_files is not null)
            return _files;
        _files = new(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, $"*-*{ending}").OrderDescending(StringComparer.Ordinal))
            {
                if (Owner(Path.GetFileName(file), ending) is { } owner)
                    Add(owner, file);
            }
        }
        return _files;
    }

    // Of two with the same owner, the one whose name comes first in the folder.
    private void Add((string Trial, int Epoch) owner, string path)
    {
        if (!Listed().TryGetValue(owner.Trial, out SortedList<int, string>? ofTrial))
            Listed().Add(owner.Trial, ofTrial = []);
        ofTrial[owner.Epoch] = path;
    }
}
