using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Runs;

/// <summary>
/// Holds a run for one writer. The lock is the kernel's, on the open file <c>rouser.lock</c>, so it ends with the
/// process, kill -9 included, and what lies in the folder afterwards means nothing. Who holds it stands in a file
/// beside it, because a locked file cannot be read.
/// </summary>
public sealed class RunLock : IDisposable
{
    private const int WouldBlockLinux = 11,
        WouldBlockMac = 35,
        SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Whether some process holds the lock. Asking takes it for an instant where it is free, which is why
    /// <see cref="Acquire"/> is patient.
    /// </summary>
    internal static bool IsHeld(RunPaths paths)
    {
        try
        {
            using FileStream probe = new(paths.Lock, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return MeansHeld(e); // Else there is no lock that could be held: never taken, or the folder is gone.
        }
    }

    /// <param name="paths">The run.</param>
    /// <param name="share">With none, or with others that share it too.</param>
    internal static Result<RunLock> Acquire(RunPaths paths, FileShare share)
    {
        Result<RunLock> taken = TryTake(paths, share);
        for (int again = 0; again < 5 && !taken.IsOk && IsHeld(paths); again++)
        {
            Thread.Sleep(20);
            taken = TryTake(paths, share);
        }
        return taken;
    }

    private static Result<RunLock> TryTake(RunPaths paths, FileShare share)
    {
        FileStream file;
        try
        {
            file = new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return MeansHeld(e) ? Held(paths) : DiskProblem.ToUserError(paths.Lock, e);
        }
        try
        {
            LockOwner self = new(Environment.ProcessId, Environment.MachineName);
            DurableFile.WriteText(OwnerPath(paths), JsonSerializer.Serialize(self, LockJsonContext.Default.LockOwner));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            file.Dispose();
            return DiskProblem.ToUserError(paths.Folder, e);
        }
        return new RunLock(file);
    }

    internal static bool MeansHeld(Exception e) =>
        e is IOException { HResult: WouldBlockLinux or WouldBlockMac or SharingViolationWindows };

    private static UserError Held(RunPaths paths)
    {
        string who =
            ReadOwner(paths) is not LockOwner owner ? ""
            : owner.Machine == Environment.MachineName ? $" (pid {owner.Pid})"
            : $" (pid {owner.Pid} on {owner.Machine})";
        return new UserError(paths.Folder, $"another rouser{who} is running this sweep; wait until it has ended, or stop it");
    }

    // The owner's name is a courtesy: between its lock and its file there is a moment without one.
    private static LockOwner? ReadOwner(RunPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(OwnerPath(paths)), LockJsonContext.Default.LockOwner);
        }
        catch (Exception e) when (e is JsonException || DiskProblem.IsOne(e))
        {
            return null;
        }
    }

    private static string OwnerPath(RunPaths paths) => paths.Lock + ".owner";
}

/// <summary>The process that holds a run.</summary>
internal sealed record LockOwner(int Pid, string Machine);

/// <summary>The same in JSON, made by the compiler.</summary>
[JsonSerializable(typeof(LockOwner))]
internal sealed partial class LockJsonContext : JsonSerializerContext;
