using System.Diagnostics;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Runs;

/// <summary>
/// Holds the tables of a run for one process that writes them and reads them back: a run that ends and a <c>rouser
/// report</c> beside it may both want to. The three files are then of one moment, and never older than those before.
/// The lock is the kernel's, on an open file, and ends with its process.
/// </summary>
public sealed class TablesLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10),
        Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private TablesLock(FileStream file) => _file = file;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Waits for its turn, for ten minutes at most: writing the tables of 100,000 trials takes seconds, on a machine
    /// that does nothing else.
    /// </summary>
    internal static Result<TablesLock> Acquire(RunPaths paths) => Acquire(paths, Patience);

    /// <summary>Waits for its turn, for so long at most.</summary>
    public static Result<TablesLock> Acquire(RunPaths paths, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.CreateDirectory(paths.Metrics);
                return new TablesLock(
                    new FileStream(
                        Path.Combine(paths.Metrics, ".lock"),
                        FileMode.OpenOrCreate,
                        FileAccess.ReadWrite,
                        FileShare.None
                    )
                );
            }
            catch (Exception e) when (DiskProblem.IsOne(e))
            {
                if (!RunLock.MeansHeld(e))
                    return DiskProblem.ToUserError(paths.Metrics, e);
                if (Stopwatch.GetElapsedTime(start) >= patience)
                    return new UserError(
                        paths.Metrics,
                        "another rouser is writing the run's tables; try again when it has ended"
                    );
            }
            Thread.Sleep(Pause);
        }
    }
}
