using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Store;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>The results store that a run shares with others.</summary>
internal static class RunStore
{
    /// <summary>The run before its store; null if the user wants none.</summary>
    /// <param name="chosen">The value of <c>--store</c>; null if it was not given.</param>
    /// <param name="trainsHere">Whether all training is done on this machine. Else nobody knows on which kind of machine
    /// a result of the torch engine was made.</param>
    public static StoredTrials? Of(RunSession session, string? chosen, bool trainsHere)
    {
        if (ResultStore.OfUser(chosen, Terminal.Notice) is not { } store)
            return null;
        bool usesTorch = session.Plan.Trials.Any(t => t.Settings.Engine == EngineKind.Torch);
        ResultOrigin origin = new(
            Environment.MachineName,
            Path.GetFullPath(session.Folder.Paths.Folder),
            EnvironmentProbe.Version,
            "",
            session.Origin.WorkingFolder,
            session.Origin.DataFolder
        );
        return new StoredTrials(
            store,
            session.Spec.Run.Keep,
            session.Models,
            session.Predictions,
            origin,
            trainsHere && usesTorch ? EnvironmentProbe.TorchMachine() : null,
            session.OpenJournalToRead
        );
    }

    /// <summary>The trials that the store seems not to have, after a line that says how many it has.</summary>
    /// <param name="left">What is to be trained, and how many more trials results may ask for.</param>
    public static Result<(IReadOnlyList<PlannedTrial> Trials, int Deferred)> Without(
        RunSession session,
        string? chosen,
        (IReadOnlyList<PlannedTrial> Trials, int Deferred) left
    )
    {
        if (Of(session, chosen, trainsHere: true) is not { } stored)
            return left;
        PlannedTrial[] missing = [.. left.Trials.Where(trial => !stored.Has(trial))];
        if (missing.Length < left.Trials.Count)
            Terminal.Line(
                $"results store: has {DisplayText.Count(left.Trials.Count - missing.Length, "trial")} of {left.Trials.Count} to train"
            );
        return (missing, left.Deferred);
    }
}
