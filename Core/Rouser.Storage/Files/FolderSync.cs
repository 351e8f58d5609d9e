using System.Runtime.InteropServices;
using System.Text;

namespace Rouser.Storage.Files;

/// <summary>
/// Makes the names in a folder durable. On POSIX systems flushing a file does not flush its name: a rename is on the
/// disk only after an <c>fsync</c> of the folder, which .NET has no call for. Windows' NTFS keeps names in a journal
/// of its own.
/// </summary>
public static class FolderSync
{
    private const int InputOutputError = 5,
        NoSpace = 28; // EIO, ENOSPC

    /// <summary>Flushes the folder. A file system that cannot flush folders is taken at its word.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), flags: 0);
        if (descriptor < 0)
            return;
        int error = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is InputOutputError or NoSpace)
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{folder}'", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
