using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Storage.Models;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// The trials of a run that has grown which ask for more epochs of what the run has trained already. They go on from a
/// checkpoint that is made of the models of every epoch, so that a worker, whatever carries its messages, resumes them
/// as it resumes any trial.
/// </summary>
/// <param name="models">The models that the run has kept so far.</param>
/// <param name="keep">Which networks it keeps from now on.</param>
/// <param name="warn">Is told, in one line, of a trial that is trained anew because something of the shorter one cannot
/// be used.</param>
public sealed class ContinuedTrials(ModelFolder models, KeptModels keep, Action<string> warn)
{
    /// <summary>The trials that wait and ask for more epochs of what has a result.</summary>
    /// <param name="state">Where everything stands.</param>
    /// <param name="journal">The events that it stands so by, those of trials that the plan has dropped included.</param>
    public static IReadOnlyList<Continuation> Find(CoordinatorState state, IEnumerable<Event> journal)
    {
        PlannedTrial[] open =
        [
            .. state
                .Trials.Where(t => t is { State: TrialState.Queued, EpochsRecorded: 0 } && t.Planned.Settings.Epochs > 1)
                .Select(t => t.Planned),
        ];
        if (open.Length == 0)
            return [];
        Dictionary<TrialId, int> epochs = [],
            completed = [];
        foreach (Event happened in journal)
        {
            if (happened is EpochRecorded { Metrics.Epoch: var epoch } recorded)
                epochs[recorded.Trial] = epoch;
            else if (happened is TrialCompleted done)
                completed[done.Trial] = epochs.GetValueOrDefault(done.Trial);
        }
        return Continuation.Find(open, completed);
    }

    /// <summary>
    /// Why a trial has to be trained from its first epoch, in words for the user; null if it can go on.
    /// </summary>
    public string? Lacks(Continuation continued) =>
        continued.Differs
        ?? (
            Enumerable.Range(1, continued.Epochs).All(epoch => models.PathOf(continued.From, epoch, continued.Epochs) is not null)
                ? null
                : "weight_distance_final needs the models of every epoch, which only run.keep: all keeps"
        );

    /// <summary>
    /// Has the trials that can go on take over the epochs of the shorter ones, and puts their checkpoints in place.
    /// </summary>
    /// <param name="run">The machine, before its loop begins.</param>
    /// <param name="journal">Its journal.</param>
    /// <param name="checkpoints">Where the trials' states are kept.</param>
    /// <param name="now">The time.</param>
    /// <returns>The events, which are durable.</returns>
    /// <exception cref="IOException">The journal could not be written.</exception>
    public IReadOnlyList<Event> TakeAll(ICoordinator run, IJournal journal, ICheckpointStore checkpoints, DateTimeOffset now)
    {
        Dictionary<TrialId, List<EpochMetrics>> measured = [];
        Continuation[] found = [.. Find(run.State, Noted(journal.Read(), measured)).Where(c => Lacks(c) is null)];
        List<Event> all = [];
        foreach (Continuation continued in found)
        {
            // What is measured in the last epoch alone is not of one in the midst of a training.
            EpochMetrics[] epochs = [.. measured[continued.From].Select(epoch => epoch with { Complexity = null })];
            if (Prepare(continued, epochs, checkpoints) is { } fault)
            {
                warn($"{continued.Trial.Id.Short} does not go on from {continued.From.Short}, but is trained anew: {fault}");
                continue;
            }
            Ready ready = run.Step(new ShorterTrialFound(now, continued.Trial.Id, continued.From, epochs));
            if (ready.Events.Count > 0)
                journal.Append(ready.Events, run.CollectChanges());
            all.AddRange(ready.Events);
        }
        return all;
    }

    // Of which trials the epochs are needed is known at the journal's end. Without a model no trial is gone on from.
    private IEnumerable<Event> Noted(IEnumerable<Event> journal, Dictionary<TrialId, List<EpochMetrics>> measured)
    {
        foreach (Event happened in journal)
        {
            if (happened is EpochRecorded recorded && models.Has(recorded.Trial))
            {
                if (!measured.TryGetValue(recorded.Trial, out List<EpochMetrics>? epochs))
                    measured.Add(recorded.Trial, epochs = []);
                epochs.Add(recorded.Metrics);
            }
            yield return happened;
        }
    }

    // The checkpoint comes before the event. After a kill in between, it is made again.
    private string? Prepare(Continuation continued, EpochMetrics[] epochs, ICheckpointStore checkpoints)
    {
        TrialId trial = continued.Trial.Id;
        try
        {
            IReadOnlyList<int> kept = keep.KeepsEpochs ? keep.EpochsOf(epochs) : [];
            NetworkState? last = null;
            for (int epoch = 1; epoch <= continued.Epochs; epoch++)
            {
                Result<NetworkState> read = Read(continued, epoch);
                if (!read.IsOk)
                    return read.Errors[0].ToString();
                last = read.Value;
                checkpoints.SaveWeights(trial, epoch, [.. last.Layers.Select(layer => layer.Weights)]);
                if (kept.Contains(epoch))
                    checkpoints.SaveNetwork(trial, epoch, last);
            }
            checkpoints.Save(new Checkpoint(trial, last!, epochs));
            return null;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return OneLine.Of(e.Message);
        }
    }

    private Result<NetworkState> Read(Continuation continued, int epoch)
    {
        string path = models.PathOf(continued.From, epoch, continued.Epochs)!;
        return ModelFile
            .Read(path)
            .Then<NetworkState>(model =>
                model.Trial.Id == continued.From && (model.Epoch ?? continued.Epochs) == epoch
                    ? model.State
                    : new UserError(path, "is not the model that its name says")
            );
    }
}
