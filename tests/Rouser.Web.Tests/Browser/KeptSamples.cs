using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Tests.Browser;

/// <summary>
/// What is kept of the first trial of <see cref="Runs.Plan"/>, by hand: four predictions and three test samples, of which
/// the last takes until whoever asked has left.
/// </summary>
internal sealed class KeptSamples : IKeptTrials
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously),
        _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the last sample is being read.</summary>
    public Task Reading => _reading.Task.WaitAsync(TooLong);

    /// <summary>Ends when that was given up, because nobody waits for it any more.</summary>
    public Task Left => _left.Task.WaitAsync(TooLong);

    public IReadOnlyList<string> ClassNamesOf(PlannedTrial trial) => ["zero", "<one>"];

    public Result<TrialPredictions> Predictions(PlannedTrial trial) =>
        trial.Id == Runs.Plan.Trials[0].Id
            ? new TrialPredictions(trial.Id, 2, [0, 0, 1, 1], [3, 1, 0, 2, 5, 1, 0, 4])
            : new UserError("", "no predictions of this trial are kept");

    public Result<SampleActivity> Activity(PlannedTrial trial, int sample, CancellationToken stop)
    {
        if (sample >= 3)
            return new UserError("", "the test set has 3 samples");
        if (sample == 2)
        {
            _reading.TrySetResult();
            if (stop.WaitHandle.WaitOne(TooLong))
                _left.TrySetResult();
            stop.ThrowIfCancellationRequested();
        }
        return new SampleActivity(
            3,
            1,
            0,
            Raster(700, 1000, (0, 5), (500, 699), (999, 0)),
            [Raster(8, 1000, (1, 2), (7, 7))],
            null
        );
    }

    /// <summary>A raster of these spikes, by step and neuron, ascending.</summary>
    public static SpikeRaster Raster(int neurons, int steps, params (int Step, int Neuron)[] spikes) =>
        new(
            neurons,
            [.. Enumerable.Range(0, steps + 1).Select(t => spikes.Count(s => s.Step < t))],
            [.. spikes.Select(s => (ushort)s.Neuron)]
        );
}
