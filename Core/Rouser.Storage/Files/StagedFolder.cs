namespace Rouser.Storage.Files;

/// <summary>
/// A folder that is filled beside its place, so that it appears there whole or not at all. What is not put in its place
/// goes when this is disposed of.
/// </summary>
/// <param name="place">Where it is to appear.</param>
public sealed class StagedFolder(string place) : IDisposable
{
    /// <summary>Where it is filled: a name of its own, which is there once somebody makes it.</summary>
    public string Path { get; } =
        $"{System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(place))}.{System.IO.Path.GetRandomFileName()}"
        + DurableFile.TemporarySuffix;

    /// <summary>Puts it in its place.</summary>
    /// <exception cref="IOException">Something is there, or the disk does not let it.</exception>
    public void Appear() => Directory.Move(Path, place);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
        // After a failure that failure is what to report, not what tidying up makes of it.
        catch (Exception e) when (DiskProblem.IsOne(e)) { }
    }
}
