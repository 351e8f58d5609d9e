using Rouser.Core;

namespace Rouser.Storage.Files;

/// <summary>
/// Files that a user put there, or what only looks like one: to open a named pipe waits for its writer, and a link to
/// a device may be read without end.
/// </summary>
internal static class RegularFile
{
    /// <summary>Its bytes; that of the file behind a link. 0 for what is no file, too.</summary>
    /// <exception cref="IOException">It is not there, or the link leads nowhere.</exception>
    public static long Length(string path) =>
        new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;

    /// <summary>Opens it at its beginning. Without a length nothing is opened, and it is empty.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static Stream OpenRead(string path) =>
        Length(path) == 0 ? Stream.Null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);

    /// <summary>Reads it from its beginning; what the disk refuses is a mistake that names the file.</summary>
    public static Result<T> Read<T>(string path, Func<Stream, Result<T>> read)
    {
        try
        {
            using Stream stream = OpenRead(path);
            return read(stream);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }
}
