using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Web.Model;

/// <summary>
/// What is kept of a run's completed trials beside its journal: what their networks say of the test samples, and the
/// networks. It is read when somebody looks, and never changed. Thread-safe.
/// </summary>
public interface IKeptTrials
{
    /// <summary>The names of the classes of a trial's data set, in their order; none where they are not known.</summary>
    IReadOnlyList<string> ClassNamesOf(PlannedTrial trial);

    /// <summary>What a trial's network says of each test sample; a mistake that says why nothing is known.</summary>
    Result<TrialPredictions> Predictions(PlannedTrial trial);

    /// <summary>
    /// Runs a trial's network on a test sample; a mistake that says why that cannot be. May take as long as its data set
    /// takes to be read.
    /// </summary>
    /// <param name="sample">Its place in the test set, from 0.</param>
    /// <param name="stop">Ends the reading of the data set with an <see cref="OperationCanceledException"/>.</param>
    Result<SampleActivity> Activity(PlannedTrial trial, int sample, CancellationToken stop);
}

/// <summary>A test sample in a network.</summary>
/// <param name="Samples">Test samples.</param>
/// <param name="Label">The sample's class.</param>
/// <param name="Predicted">The class that the network says.</param>
/// <param name="Input">The sample's spikes.</param>
/// <param name="Layers">Those of each layer that spikes; none where the engine does not tell when.</param>
/// <param name="Remark">What one should know of it, in a line; null for nothing.</param>
public sealed record SampleActivity(
    int Samples,
    int Label,
    int Predicted,
    SpikeRaster Input,
    IReadOnlyList<SpikeRaster> Layers,
    string? Remark
);
