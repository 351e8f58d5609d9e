using Rouser.Core.Snn;

namespace Rouser.Core.Sweeps;

/// <summary>A trial's parameters in their types: what <see cref="ParameterSet"/> says, as the training core takes it.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Hidden">Neurons per hidden layer; the output layer has one per class.</param>
/// <param name="Neuron">The neuron.</param>
/// <param name="Surrogate">The surrogate gradient.</param>
/// <param name="Threshold">The threshold rule.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Adam">The optimiser.</param>
/// <param name="Epochs">Passes over the training samples.</param>
/// <param name="BatchSize">Samples per update.</param>
public sealed record TrialSettings(
    DatasetSettings Dataset,
    IReadOnlyList<int> Hidden,
    NeuronSettings Neuron,
    SurrogateSettings Surrogate,
    ThresholdSettings Threshold,
    WeightSettings Weights,
    LossSettings Loss,
    AdamSettings Adam,
    int Epochs,
    int BatchSize);

/// <summary>Which data, and how it is binned.</summary>
/// <param name="Name"><c>nmnist</c> or <c>saccade-digits</c>.</param>
/// <param name="Root">The folder of a recorded set; null for a generated one. Not part of a trial's identity: the data's digest is.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms.</param>
/// <param name="TrainSamples">How many training samples to take, from the start of the set's fixed order; null for all (of a generated set: 1,000).</param>
/// <param name="TestSamples">How many test samples; null for all (of a generated set: 200).</param>
/// <param name="Seed">The generator's seed; 0 for a recorded set.</param>
public sealed record DatasetSettings(string Name, string? Root, int Steps, double StepMilliseconds, int? TrainSamples, int? TestSamples, long Seed);
