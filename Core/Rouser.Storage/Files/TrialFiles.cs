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

    /// <summary>Keeps a file that another run has kept of a trial, under its name.</summary>
    /// <returns>Whether it is kept; one whose name is none of the trial's in this folder is not.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Import(TrialId trial, string name, ReadOnlyMemory<byte> content)
    {
        if (
            !name.StartsWith($"{trial}-", StringComparison.Ordinal)
            || !name.EndsWith(ending, StringComparison.Ordinal)
            || !name[..^ending.Length].All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        )
            return false;
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(folder);
        DurableFile.Write(path, stream => stream.Write(content.Span));
        (_byTrial ??= Listed())[trial.Value] = path;
        return true;
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
