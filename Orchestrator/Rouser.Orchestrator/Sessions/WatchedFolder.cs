using Rouser.Cluster;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A run folder on this machine, as <c>rouser watch</c> asks it how its sweep stands.</summary>
/// <param name="path">The folder.</param>
/// <param name="journal">The database of the journal, if the user named one.</param>
internal sealed class WatchedFolder(string path, string? journal, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Reading a large journal must not become all that the machine does.
    private const int Rest = 4;

    // An orchestrator that ends, and comes back, is away for so long.
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(5);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pause;
    private long? _aloneSince;

    /// <summary>How the sweep stands, after a pause.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public async Task<SweepStatus?> NextAsync(CancellationToken stop)
    {
        await Task.Delay(_pause, time, stop).ConfigureAwait(false);
        long began = time.GetTimestamp();
        Result<SweepStatus> read = RunSession.Open(path, journal).Then(Read);
        TimeSpan took = time.GetElapsedTime(began);
        _pause = took * Rest > Interval ? took * Rest : Interval;
        return read.IsOk ? read.Value : throw new UserErrorException(read.Errors);
    }

    private Result<SweepStatus> Read(RunSession run) =>
        run.OpenJournalToRead()
            .Then<SweepStatus>(opened =>
            {
                using (opened)
                {
                    CoordinatorState state = Coordinator.Open(run.Plan, run.Spec.Run, opened).State;
                    bool isTrained = run.Folder.IsLocked || opened.HasWriter;
                    return SweepStatus.Of(
                        run.Spec.Name,
                        run.Plan.FirstCells(),
                        state,
                        End(isTrained, state),
                        time.GetUtcNow(),
                        time.GetElapsedTime(_start),
                        eachTrial: false
                    );
                }
            });

    private SweepEnd? End(bool isTrained, CoordinatorState state)
    {
        if (isTrained)
        {
            _aloneSince = null;
            return null;
        }
        if (state.Summary.Left == 0)
            return new SweepEnd(true, null);
        _aloneSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_aloneSince.Value) >= Absence ? new SweepEnd(false, null) : null;
    }
}

/// <summary>What a user has done wrong, where only an exception gets out.</summary>
internal sealed class UserErrorException(IReadOnlyList<UserError> errors) : Exception(errors[0].ToString())
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<UserError> Errors { get; } = errors;
}
