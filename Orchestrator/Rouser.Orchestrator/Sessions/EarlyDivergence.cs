using System.Diagnostics;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Worker;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Finds the settings that leave the finite numbers in their first batches, so that nobody starts a sweep of trials
/// that fail at once. A few batches of one seed of each setting are trained, the highest learning rates first, as long
/// as the time allows.
/// </summary>
/// <param name="limit">How long may be spent on all settings together.</param>
internal sealed class EarlyDivergence(TimeSpan limit)
{
    private const int Batches = 3;

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The first trial of each setting that diverges, and how it does.</summary>
    public List<(PlannedTrial Trial, string How)> Found { get; } = [];

    /// <summary>Settings that there was no time for.</summary>
    public int NotTriedCount { get; private set; }

    /// <summary>Tries the settings of these trials, all on one data set.</summary>
    public void Try(IReadOnlyList<PlannedTrial> trials, Dataset data, int threads)
    {
        PlannedTrial[] settings =
        [
            .. trials
                .Where(t => t.Settings.Engine != EngineKind.Noop)
                .DistinctBy(t => string.Join('\n', t.Parameters.Values))
                .OrderByDescending(t => t.Settings.Optimizer.LearningRate),
        ];
        for (int i = 0; i < settings.Length; i++)
        {
            if (Stopwatch.GetElapsedTime(_start) > limit)
            {
                NotTriedCount += settings.Length - i;
                return;
            }
            using ITrainingEngine engine = TrainingEngines.Create(TrialRunner.SettingsFor(settings[i], data), threads);
            Sample[] batch = [.. data.Train.Take(settings[i].Settings.BatchSize)];
            try
            {
                for (int b = 0; b < Batches; b++)
                    engine.Train(batch);
            }
            catch (NumericalFailureException failure)
            {
                Found.Add((settings[i], failure.Message));
            }
        }
    }
}
