using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Files;
using Rouser.Storage.Models;
using Rouser.Storage.Predictions;
using Rouser.Storage.Store;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A run before the results store: trials that any run has completed are taken from it, and those that this run
/// completes go into it. A result goes in when it is durable in the journal, and where the trial is trained a second
/// time (<c>run.cross_check</c>) when that has ended without an alarm; so nothing goes in that a worker merely says.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="keep">Which networks the run keeps.</param>
/// <param name="models">Where it keeps them; null if it keeps none.</param>
/// <param name="predictions">Where it keeps predictions; null if it keeps none.</param>
/// <param name="origin">The run, as other runs name it.</param>
/// <param name="machine">The kind of machine that all of the run's workers are; null if it is not known, and then
/// results that depend on it are neither taken nor kept.</param>
/// <param name="journal">Opens the journal of the run to read it beside its writer.</param>
public sealed class StoredTrials(
    ResultStore store,
    KeptModels keep,
    ModelFolder? models,
    PredictionFolder? predictions,
    ResultOrigin origin,
    string? machine,
    Func<Result<IJournal>> journal
)
{
    /// <summary>
    /// Whether a result that was taken from another run goes into the store too: for a store that is to be complete by
    /// itself.
    /// </summary>
    public bool IncludesReused { get; init; }

    /// <summary>Where the run keeps networks; null if it keeps none.</summary>
    public ModelFolder? Models => models;

    /// <summary>Where it keeps predictions; null if it keeps none.</summary>
    public PredictionFolder? Predictions => predictions;

    private const int EventsPerAppend = 1024;

    // Of trials without a result: what was measured of them since this process began. A trial that failed or was
    // cancelled may be retried, and goes on from there. Of the loop's thread.
    private readonly Dictionary<TrialId, List<IResultEvent>> _measured = [];

    // A result that the machine refuses would be offered for ever.
    private readonly HashSet<TrialId> _offered = [];

    // Trials of which something was measured before this process began, and what that was: read when the first of
    // them ends, by the writer's task.
    private HashSet<TrialId> _begun = [];
    private Dictionary<TrialId, List<IResultEvent>>? _earlier;

    /// <summary>The result of a trial, if the store has it; its networks and predictions are then in the run.</summary>
    /// <param name="now">The time of the input.</param>
    public ResultFound? Find(PlannedTrial trial, DateTimeOffset now)
    {
        if (!IsKept(trial) || _offered.Contains(trial.Id) || store.Find(trial, MachineOf(trial), keep) is not { } found)
            return null;
        _offered.Add(trial.Id);
        try
        {
            IReadOnlyList<int> networks = keep.EpochsOf([.. found.Events.OfType<EpochRecorded>().Select(e => e.Metrics)]);
            bool lacksPredictions = predictions?.Has(trial.Id) == false;
            foreach (StoredFile file in found.Files)
            {
                _ =
                    models?.Import(trial, file.Name, file.Content, networks) == true
                    || (lacksPredictions && predictions!.Import(trial.Id, file.Name, file.Content));
            }
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            // The run cannot keep its files, which it says when the trial has been trained.
            return null;
        }
        return new ResultFound(now, trial.Id, found.Origin.Run, found.Events);
    }

    /// <summary>Whether there seems to be a result of a trial.</summary>
    public bool Has(PlannedTrial trial) => IsKept(trial) && store.Has(trial.Id, MachineOf(trial));

    /// <summary>Takes all that the store has of the trials that wait, before anybody trains.</summary>
    /// <param name="run">The machine, before its loop begins.</param>
    /// <param name="to">Its journal.</param>
    /// <param name="now">The time.</param>
    /// <param name="perform">Performs what the machine asks for, once the events are durable.</param>
    /// <returns>The events.</returns>
    /// <exception cref="IOException">The journal could not be written.</exception>
    public IReadOnlyList<Event> TakeAll(ICoordinator run, IJournal to, DateTimeOffset now, Action<Effect> perform)
    {
        _begun = [.. run.State.Trials.Where(t => t.EpochsRecorded > 0 && IsOpen(t)).Select(t => t.Planned.Id)];
        List<Event> all = [];
        List<Effect> effects = [];
        int durable = 0;
        foreach (PlannedTrial trial in run.State.Trials.Where(t => t.State == TrialState.Queued).Select(t => t.Planned).ToArray())
        {
            if (Find(trial, now) is not { } found)
                continue;
            Ready ready = run.Step(found);
            all.AddRange(ready.Events);
            effects.AddRange(ready.Effects);
            if (all.Count - durable >= EventsPerAppend)
                Append();
        }
        Append();
        return all;

        void Append()
        {
            if (all.Count > durable)
                to.Append(all[durable..], run.CollectChanges());
            durable = all.Count;
            effects.ForEach(perform);
            effects.Clear();
        }
    }

    /// <summary>Takes in what has become durable; a trial that is completed with it goes into the store.</summary>
    /// <param name="state">Where everything stands after it.</param>
    /// <param name="write">Takes what puts a result into the store, to do it when the networks and predictions of its
    /// trial are in the run; one at a time.</param>
    public void Record(CoordinatorState state, IReadOnlyList<Event> events, Action<Action> write)
    {
        foreach (Event happened in events)
        {
            // csharpier-ignore
            switch (happened)
            {
                case TrialCompleted e: Add(e); Put(state, e.Trial, write); break;
                case IResultEvent e: Add(e); break;
                case CheckPassed e: Put(state, e.Trial, write); break;
                case CheckAbandoned e: Put(state, e.Trial, write); break;
                case TrialPruned e: _measured.Remove(e.Trial); break;
                case ResultsDisagreed e: Forget(state, e.Trial, write); break;
            }
        }
    }

    // An engine that trains nothing has no result, and where the machine matters it must be known.
    private bool IsKept(PlannedTrial trial) =>
        trial.Settings.Engine != EngineKind.Noop && (trial.Settings.Engine != EngineKind.Torch || machine is not null);

    private static bool IsOpen(TrialStatus trial) => !trial.HasEnded || trial.Check is { IsOpen: true };

    private string? MachineOf(PlannedTrial trial) => trial.Settings.Engine == EngineKind.Torch ? machine : null;

    private void Add(IResultEvent measured)
    {
        if (!_measured.TryGetValue(measured.Trial, out List<IResultEvent>? of))
            _measured.Add(measured.Trial, of = []);
        of.Add(measured);
    }

    private void Put(CoordinatorState state, TrialId trial, Action<Action> write)
    {
        if (state.Find(trial) is not { State: TrialState.Completed } done || done.Check is { IsOpen: true })
            return;
        if (
            !_measured.Remove(trial, out List<IResultEvent>? measured)
            || (done.IsReused && !IncludesReused)
            || done.Alarm is not null
        )
            return;
        if (IsKept(done.Planned))
        {
            WorkerId worker = done.Worker!.Value;
            write(() => Outlive(() => Put(done.Planned, worker, measured)));
        }
    }

    private void Forget(CoordinatorState state, TrialId trial, Action<Action> write)
    {
        _measured.Remove(trial);
        if (state.Find(trial) is { Planned: var planned })
            write(() =>
                Outlive(() =>
                {
                    if (Has(planned))
                        store.Drop(trial, MachineOf(planned), "two trainings disagree on its numbers");
                })
            );
    }

    private void Put(PlannedTrial trial, WorkerId worker, List<IResultEvent> measured)
    {
        int? firstEpoch = measured.OfType<EpochRecorded>().FirstOrDefault()?.Metrics.Epoch;
        if (firstEpoch != 1)
            measured = [.. Earlier(trial.Id, firstEpoch), .. measured];
        if (ReportCheck.Refuse(trial, measured) is not null)
            return;
        IReadOnlyList<(string Name, byte[] Content)> networks = models?.FilesOf(trial.Id) ?? [],
            predicted = predictions?.FilesOf(trial.Id) ?? [];
        // A run that has lost one, as where a copy did not arrive, has nothing whole to give.
        if (predictions is not null && predicted.Count == 0)
            return;
        // Nor are networks that it had no room for; the result without any still serves a run that keeps none.
        bool isWhole = models?.IsComplete(trial) == true;
        store.Put(
            new StoredResult(
                trial.Id,
                StoredResult.JsonOf(trial),
                MachineOf(trial),
                isWhole ? keep : KeptModels.None,
                origin with
                {
                    Worker = worker.Value,
                },
                measured,
                [.. (isWhole ? networks : []).Concat(predicted).Select(file => new StoredFile(file.Name, file.Content))]
            )
        );
    }

    // What was measured before this process began: up to the first that it has recorded itself.
    private IEnumerable<IResultEvent> Earlier(TrialId trial, int? firstEpoch)
    {
        _earlier ??= ReadEarlier();
        return _earlier
            .GetValueOrDefault(trial, [])
            .TakeWhile(e => e is not TrialCompleted && (e as EpochRecorded)?.Metrics.Epoch != firstEpoch);
    }

    private Dictionary<TrialId, List<IResultEvent>> ReadEarlier()
    {
        Result<IJournal> opened = journal();
        if (!opened.IsOk)
            return [];
        using IJournal read = opened.Value;
        return read.Read()
            .OfType<IResultEvent>()
            .Where(e => _begun.Contains(e.Trial))
            .GroupBy(e => e.Trial)
            .ToDictionary(of => of.Key, of => of.ToList());
    }

    private static void Outlive(Action put)
    {
        try
        {
            put();
        }
        catch (Exception e) when (e is InvalidDataException || DiskProblem.IsOne(e))
        {
            // The run has its result; what cannot be read again is only not shared.
        }
    }
}
