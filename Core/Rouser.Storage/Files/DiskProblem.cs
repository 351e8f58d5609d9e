using Rouser.Core;

namespace Rouser.Storage.Files;

/// <summary>
/// What a disk refuses, in words that name the place and the remedy. For the edges, where an exception becomes a
/// mistake.
/// </summary>
public static class DiskProblem
{
    // errno on Linux and macOS, and the HRESULTs of Windows.
    private const int NoSpaceUnix = 28,
        ReadOnlyUnix = 30,
        QuotaLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x80070070),
        WriteProtectWindows = unchecked((int)0x80070013);

    /// <summary>
    /// Whether the exception is the disk's or its permissions', and <see cref="ToUserError"/> can say it.
    /// </summary>
    public static bool IsOne(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>The exception as a mistake.</summary>
    /// <param name="place">The file or folder, as the user knows it.</param>
    /// <param name="e">One that <see cref="IsOne"/>.</param>
    public static UserError ToUserError(string place, Exception e) =>
        new(
            place,
            e switch
            {
                IOException { HResult: NoSpaceUnix or DiskFullWindows or QuotaLinux } =>
                    "the disk is full; free some space and try again",
                IOException { HResult: ReadOnlyUnix or WriteProtectWindows } =>
                    "the disk is read-only; make it writable, or choose a folder on another disk",
                UnauthorizedAccessException => "you may not do that there; change the permissions, or choose another folder",
                FileNotFoundException or DirectoryNotFoundException => $"not found ({Describe(e)}); check the path",
                PathTooLongException => "the path is too long; choose a shorter one",
                _ => $"the disk refused ({Describe(e)}); check the path and the disk, or choose another folder",
            }
        );

    private static string Describe(Exception e) => OneLine.Of(e.Message).TrimEnd('.');
}
