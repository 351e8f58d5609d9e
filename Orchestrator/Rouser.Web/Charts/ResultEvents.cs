using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Charts;

/// <summary>
/// The results of a view as the events that they came from, so that the report's code reads them as it reads a
/// journal. Scores are the same numbers to the last bit; of layers, which comparisons do not look at, single precision
/// is left.
/// </summary>
internal static class ResultEvents
{
    /// <summary>Of the trials that are completed, and of the run as a whole.</summary>
    public static IReadOnlyList<Event> Of(RunView view)
    {
        List<Event> events = [];
        foreach (TrialStatus trial in view.State.Trials)
        {
            if (trial.State == TrialState.Completed)
                Add(events, trial, view.Trial(trial.PlanIndex));
        }
        events.AddRange(view.EventsOfRun);
        return events;
    }

    private static void Add(List<Event> events, TrialStatus trial, TrialView view)
    {
        TrialId id = trial.Planned.Id;
        DateTimeOffset at = trial.Since ?? default;
        events.Add(new TrialAssigned(at, id, 1, trial.Worker ?? WorkerId.ResultsStore));
        for (int epoch = 1; epoch <= view.Epochs.Count; epoch++)
            events.Add(new EpochRecorded(at, id, 1, Metrics(view, epoch)));
        events.Add(new TrialCompleted(at, id, 1, []));
    }

    private static EpochMetrics Metrics(TrialView trial, int epoch)
    {
        EpochPoint e = trial.Epochs[epoch - 1];
        LayerMetrics[] layers = [.. Enumerable.Range(0, trial.LayerCount).Select(l => Metrics(trial.Layer(epoch, l)))];
        return new EpochMetrics(epoch, e.TrainLoss, e.TrainAccuracy, e.TestAccuracy, e.Seconds, 0, layers)
        {
            Validation = double.IsNaN(e.ValidationAccuracy) ? null : new(e.ValidationAccuracy, e.ValidationLoss),
        };
    }

    private static LayerMetrics Metrics(LayerNumbers layer) =>
        float.IsNaN(layer.Dead)
            ? new(layer.Neurons, null, null, null, null, null, 0, 0, null)
            : new(
                layer.Neurons,
                layer.Dead,
                layer.Active,
                layer.SpikeRate,
                layer.SpikeRate,
                new(layer.Median, layer.Min, layer.Q10, layer.Q25, layer.Median, layer.Q75, layer.Q90, layer.Max),
                0,
                0,
                null
            );
}
