using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Storage.Files;

/// <summary>
/// A folder of files of trials, <c>TRIAL-SHA256.ENDING</c>: the name says whose a file is and what is in it, so the
/// same content has the same name, and a file that was changed does not have its own.
/// </summary>
/// <param name="folder">The folder, which is made when it is needed.</param>
/// <param name="ending">What its files end in, with the dot.</param>
internal sealed class TrialFiles(string folder, string ending)
{
    // Listed once: a sweep of thousands of trials asks after each of them.
    private Dictionary<string, string>? _byTrial;

    /// <summary>The file of a trial; null if there is none.</summary>
    public string? Find(TrialId trial) => (_byTrial ??= Listed()).GetValueOrDefault(trial.Value);

    /// <summary>Writes the file of a trial.</summary>
    /// <param name="write">Writes the content to a stream and returns its SHA-256.</param>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public void Write(TrialId trial, Func<Stream, byte[]> write)
    {
        // The name first, from a pass that writes nothing; the file then appears whole and under its name.
        string digest = Convert.ToHexStringLower(write(Stream.Null));
        string path = Path.Combine(folder, $"{trial}-{digest}{ending}");
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, stream => write(stream));
        (_byTrial ??= Listed())[trial.Value] = path;
    }

    /// <summary>All files, in order of their names.</summary>
    public Result<IReadOnlyList<string>> All()
    {
        try
        {
            return Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, "*" + ending).Order(StringComparer.Ordinal).ToArray()
                : [];
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(folder, e);
        }
    }

    private Dictionary<string, string> Listed()
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, $"*-*{ending}").Order(StringComparer.Ordinal))
                found.TryAdd(Path.GetFileName(file).Split('-')[0], file);
        }
        return found;
    }
}
