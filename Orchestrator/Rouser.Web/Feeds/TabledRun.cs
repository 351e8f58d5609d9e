using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Reports.Model;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Web.Feeds;

/// <summary>
/// A run of which nothing but the tables is left, as the page takes runs: a plan, and the events that would have led to
/// these tables. What the tables do not say (attempts before the last, when an epoch ended) is left out or put where it
/// fits; no number is made up.
/// </summary>
public static class TabledRun
{
    private static readonly WorkerId Earlier = new("an earlier worker");

    private static readonly TableColumn[] Cells =
    [
        TrialsTable.TrialId,
        TrialsTable.Study,
        TrialsTable.Arm,
        TrialsTable.Setting,
        TrialsTable.Seed,
    ];

    /// <summary>The run; a mistake where the tables are damaged, or are of a plug-in that is not here.</summary>
    public static Result<OpenedRun> Of(ResultTables tables) => ReportModel.From(tables).Then(model => Of(tables, model));

    private static Result<OpenedRun> Of(ResultTables tables, ReportModel model)
    {
        List<UserError> mistakes = [];
        TableRows rows = new(tables.Trials, Cells, mistakes);
        EpochsOf epochs = new(tables, mistakes);
        if (mistakes.Count > 0)
            return Result<OpenedRun>.Failed(mistakes);
        Dictionary<string, Replicate> trials = [];
        foreach (Replicate trial in model.Cells)
            trials.TryAdd(trial.TrialId, trial);
        // The tables are in the order of the plan.
        Cell[] cells =
        [
            .. Enumerable
                .Range(0, rows.Count)
                .Select(row => new Cell(
                    rows.Value(TrialsTable.Study, row),
                    rows.Value(TrialsTable.Arm, row),
                    FormerNames.InSetting(rows.Value(TrialsTable.Setting, row)),
                    rows.Value(TrialsTable.Seed, row),
                    new TrialId(rows.Value(TrialsTable.TrialId, row))
                )),
        ];
        Replicate[] inOrder = [.. cells.Select(c => c.Trial.Value).Distinct().Select(id => trials[id])];
        try
        {
            Plan plan = new(model.Run.SweepName, model.Run.Fingerprint, [.. inOrder.Select(Planned)], cells);
            TabledJournal journal = new(
                [.. inOrder.OrderBy(t => t.AssignedAt ?? DateTimeOffset.MaxValue)],
                epochs,
                model.Run.Annotation
            );
            return new OpenedRun(SpecOf(model.Run), plan, model.Run.Environment, () => journal);
        }
        catch (PluginMissingException missing)
        {
            return new UserError("trials.parquet", missing.Message);
        }
        // Its sums are right, and no rouser has written it: changed by hand, or by a program that meant well.
        catch (Exception foreign) when (foreign is ArgumentException or InvalidOperationException)
        {
            return new UserError("trials.parquet", $"holds settings that no trial has: {OneLine.Of(foreign.Message)}");
        }
    }

    private static PlannedTrial Planned(Replicate trial) =>
        new(
            new TrialId(trial.TrialId),
            trial.Parameters,
            TrialSettings.From(trial.Parameters),
            trial.Seed,
            trial.DatasetDigest,
            trial.Synthetic,
            trial.Engine
        );

    // Names, what the sweep is about and what the report shows: all that a page asks a sweep file.
    private static SweepSpec SpecOf(RunMetadata run) =>
        new(
            run.SweepName,
            run.Metric,
            ParameterSet.Empty,
            [.. run.Arms.Select(a => new Arm(a, ParameterSet.Empty))],
            [],
            [.. run.Studies.Select(s => new Study(s, run.Arms, StudyMode.List, [], [], []))],
            new RunSettings(0, 0, TimeSpan.MaxValue, TimeSpan.MaxValue, 1),
            run.Report
        );

    /// <summary>The events. They are made when they are read: a large table would be as large once more.</summary>
    private sealed class TabledJournal(IReadOnlyList<Replicate> trials, EpochsOf epochs, Annotation ofSweep) : IJournal
    {
        private static readonly DateTimeOffset Unknown = DateTimeOffset.UnixEpoch;

        // Events of each trial, once they have been made: whoever has them all asks again and again.
        private readonly long[] _counts = new long[trials.Count];

        public void Append(IReadOnlyList<Event> events, SnapshotDelta? changes = null) =>
            throw new NotSupportedException("Tables are read, and no event is appended to them.");

        public SweepSnapshot? ReadSnapshot() => null;

        public SweepSummary? ReadSummary() => null;

        public IEnumerable<Event> Read(long after = 0)
        {
            long number = 0;
            for (int i = 0; i < trials.Count; i++)
            {
                if (_counts[i] > 0 && number + _counts[i] <= after)
                {
                    number += _counts[i];
                    continue;
                }
                long before = number;
                foreach (Event happened in EventsOf(trials[i]))
                {
                    number++;
                    if (number > after)
                        yield return happened;
                }
                _counts[i] = number - before;
            }
            if (!ofSweep.IsEmpty && number >= after)
                yield return new SweepAnnotated(Last, ChangeTo(ofSweep));
        }

        public void Dispose() { }

        private DateTimeOffset Last => trials.Max(t => t.EndedAt ?? t.AssignedAt) ?? Unknown;

        private IEnumerable<Event> EventsOf(Replicate trial)
        {
            TrialId id = new(trial.TrialId);
            DateTimeOffset at = trial.AssignedAt ?? trial.EndedAt ?? Unknown,
                end = trial.EndedAt ?? DateTimeOffset.MaxValue;
            for (int attempt = 1; attempt < trial.Attempt; attempt++)
            {
                yield return new TrialAssigned(at, id, attempt, Earlier);
                yield return new AttemptReturned(at, id, attempt, "the tables tell of the last attempt alone");
            }
            if (trial.Attempt > 0)
            {
                yield return trial.ReusedFrom is { } from
                    ? new TrialReused(at, id, trial.Attempt, from)
                    : new TrialAssigned(at, id, trial.Attempt, new WorkerId(trial.Worker ?? Earlier.Value));
                for (int epoch = 1; epoch <= trial.History.Epochs; epoch++)
                {
                    EpochMetrics metrics = epochs.Metrics(trial, epoch);
                    if (double.IsFinite(metrics.Seconds) && metrics.Seconds is > 0 and < 1e8)
                        at = Earliest(at.AddSeconds(metrics.Seconds), end);
                    yield return new EpochRecorded(at, id, trial.Attempt, metrics);
                }
            }
            if (EndOf(trial, id, trial.EndedAt ?? at) is { } ended)
                yield return ended;
            if (!trial.Annotation.IsEmpty)
                yield return new TrialsAnnotated(trial.EndedAt ?? at, [id], ChangeTo(trial.Annotation));
        }

        private static Event? EndOf(Replicate trial, TrialId id, DateTimeOffset at)
        {
            string reason = trial.Reason ?? "";
            return trial.State switch
            {
                TrialState.Cancelled => new TrialCancelled(at, id),
                _ when trial.Attempt == 0 => null,
                TrialState.Queued => new AttemptReturned(at, id, trial.Attempt, reason),
                TrialState.Completed => new TrialCompleted(at, id, trial.Attempt, []),
                TrialState.Failed => new AttemptFailed(at, id, trial.Attempt, reason, Final: true),
                TrialState.Lost => new AttemptLost(at, id, trial.Attempt, reason, Final: true),
                TrialState.Pruned => new TrialPruned(at, id, trial.Attempt, reason),
                _ => null,
            };
        }

        private static AnnotationChange ChangeTo(Annotation written) => new(written.Note, written.Tags, []);

        private static DateTimeOffset Earliest(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    }

    /// <summary>The epochs of trials as they were recorded, from the tables of epochs and layers.</summary>
    private sealed class EpochsOf
    {
        private static readonly TableColumn[] OfLayers =
        [
            LayersTable.TrialId,
            LayersTable.Epoch,
            LayersTable.Layer,
            LayersTable.Neurons,
            LayersTable.DeadFraction,
            LayersTable.ActiveFraction,
            LayersTable.SpikeRateTrain,
            LayersTable.SpikeRateTest,
            LayersTable.ThresholdMean,
            LayersTable.ThresholdMin,
            LayersTable.ThresholdQ10,
            LayersTable.ThresholdQ25,
            LayersTable.ThresholdMedian,
            LayersTable.ThresholdQ75,
            LayersTable.ThresholdQ90,
            LayersTable.ThresholdMax,
            LayersTable.WeightDistanceInitial,
            LayersTable.WeightGradientNorm,
            LayersTable.ThresholdGradientNorm,
        ];

        private readonly TableRows _layers;
        private readonly Dictionary<string, int[]> _rows = [];

        public EpochsOf(ResultTables tables, List<UserError> mistakes)
        {
            _layers = new TableRows(tables.Layers, OfLayers, mistakes);
            if (mistakes.Count > 0)
                return;
            foreach (
                IGrouping<string, int> trial in Enumerable
                    .Range(0, _layers.Count)
                    .GroupBy(r => _layers.Value(LayersTable.TrialId, r))
            )
                _rows.Add(
                    trial.Key,
                    [.. trial.OrderBy(r => (_layers.Value(LayersTable.Epoch, r), _layers.Value(LayersTable.Layer, r)))]
                );
        }

        public EpochMetrics Metrics(Replicate trial, int epoch)
        {
            TrialHistory history = trial.History;
            int[] rows = _rows[trial.TrialId];
            int layers = history.Layers;
            return new EpochMetrics(
                epoch,
                history.Value(EpochsTable.TrainLoss, epoch),
                history.Value(EpochsTable.TrainAccuracy, epoch),
                history.TestAccuracy(epoch),
                history.Value(EpochsTable.Seconds, epoch),
                history.Value(EpochsTable.SamplesPerSecond, epoch),
                [.. rows.AsSpan((epoch - 1) * layers, layers).ToArray().Select(Layer)]
            )
            {
                Validation = history.Validation(epoch),
            };
        }

        private LayerMetrics Layer(int row) =>
            new(
                _layers.Value(LayersTable.Neurons, row),
                _layers.Find(LayersTable.DeadFraction, row),
                _layers.Find(LayersTable.ActiveFraction, row),
                _layers.Find(LayersTable.SpikeRateTrain, row),
                _layers.Find(LayersTable.SpikeRateTest, row),
                _layers.Find(LayersTable.ThresholdMean, row) is { } mean
                    ? new ThresholdSummary(
                        mean,
                        Number(LayersTable.ThresholdMin, row),
                        Number(LayersTable.ThresholdQ10, row),
                        Number(LayersTable.ThresholdQ25, row),
                        Number(LayersTable.ThresholdMedian, row),
                        Number(LayersTable.ThresholdQ75, row),
                        Number(LayersTable.ThresholdQ90, row),
                        Number(LayersTable.ThresholdMax, row)
                    )
                    : null,
                _layers.Value(LayersTable.WeightDistanceInitial, row),
                _layers.Value(LayersTable.WeightGradientNorm, row),
                _layers.Find(LayersTable.ThresholdGradientNorm, row)
            );

        private double Number(TableColumn<double> column, int row) => _layers.Find(column, row) ?? double.NaN;
    }
}
