using System.Diagnostics;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Sweeps;
using Rouser.Worker;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Estimates training time by timing a few batches of each network, on the data, on this machine.</summary>
internal static class TimeEstimate
{
    private const int Batches = 3;

    /// <summary>The time of the trials, all on one data set, one after the other.</summary>
    /// <param name="data">Their data set.</param>
    /// <param name="threads">Threads that each has.</param>
    public static TimeSpan Of(IReadOnlyList<PlannedTrial> trials, Dataset data, int threads)
    {
        TimeSpan total = TimeSpan.Zero;
        foreach (PlannedTrial idle in trials.Where(t => t.Settings.Engine == EngineKind.Noop))
            total += idle.Settings.Epochs * TimeSpan.FromMilliseconds(idle.Settings.NoopEpochMs);
        foreach (
            IGrouping<string, PlannedTrial> network in trials
                .Where(t => t.Settings.Engine != EngineKind.Noop)
                .GroupBy(t =>
                    string.Join(
                        '/',
                        string.Join('-', t.Settings.Hidden),
                        string.Join(' ', t.Settings.Layers ?? []),
                        t.Settings.BatchSize,
                        t.Settings.Engine,
                        t.Settings.IsRecurrent,
                        t.Settings.Delays?.GetType().Name + (t.Settings.Delays as SynapticDelays)?.OfInputs
                    )
                )
        )
        {
            (TimeSpan train, TimeSpan test) = PerSample(network.First(), data, threads);
            foreach (PlannedTrial trial in network)
            {
                int heldOut = data.WithValidation(trial.Settings.Dataset) is { IsOk: true, Value: var divided }
                    ? divided.Validation.Count
                    : 0;
                total += trial.Settings.Epochs * (((data.Train.Count - heldOut) * train) + ((heldOut + data.Test.Count) * test));
            }
        }
        return total;
    }

    private static (TimeSpan Train, TimeSpan Test) PerSample(PlannedTrial trial, Dataset data, int threads)
    {
        using ITrainingEngine engine = TrainingEngines.Create(TrialRunner.SettingsFor(trial, data), threads);
        Sample[] batch = [.. data.Train.Take(trial.Settings.BatchSize)];
        TimeSpan train = Time(TrainOnce),
            test = Time(() => engine.Evaluate(batch));
        return (train / batch.Length, test / batch.Length);

        void TrainOnce()
        {
            try
            {
                engine.Train(batch);
            }
            catch (NumericalFailureException)
            {
                // The batch took as long as any other; EarlyDivergence tells of it.
            }
        }
    }

    /// <summary>
    /// The quickest of a few: the first ones pay for compilation, which a long training does not notice.
    /// </summary>
    private static TimeSpan Time(Action work)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Batches; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            if (taken < best)
                best = taken;
        }
        return best;
    }
}
