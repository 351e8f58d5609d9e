namespace Rouser.Storage.Files;

/// <summary>
/// Files that are whole or not there, whatever is killed or unplugged: written under a temporary name, flushed,
/// renamed.
/// </summary>
public static class DurableFile
{
    /// <summary>
    /// What a temporary name ends in. A killed process may leave such a file behind; nothing ever reads it.
    /// </summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>
    /// Replaces the file by what <paramref name="write"/> writes; durable on return. One writer per path at a time.
    /// </summary>
    /// <exception cref="IOException">The disk is full, read-only or failing; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, path + TemporarySuffix, write);

    /// <summary>
    /// The same for several writers at a time, each with a temporary name of its own in the same folder; the last
    /// one's file stays.
    /// </summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static void Write(string path, string temporary, Action<Stream> write)
    {
        // What writes without waiting has ended when the call returns.
        WriteAsync(
                path,
                temporary,
                stream =>
                {
                    write(stream);
                    return Task.CompletedTask;
                }
            )
            .GetAwaiter()
            .GetResult();
    }

    /// <summary>The same with what comes from elsewhere, such as the network.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static async Task WriteAsync(string path, string temporary, Func<Stream, Task> write)
    {
        bool renamed = false;
        // Opened before the try: what cannot be opened may be what another process writes, and is not ours to delete.
        FileStream file = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        try
        {
            using (file)
            {
                await write(file).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            renamed = true;
        }
        finally
        {
            if (!renamed)
                TryDelete(temporary);
        }
        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>The same with a text, as UTF-8.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    // After a failure: the failure is what to report, not what cleaning up makes of it.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
