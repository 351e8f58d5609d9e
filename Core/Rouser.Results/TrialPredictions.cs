using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>What a trial's network says of the test samples after the last epoch.</summary>
/// <param name="Trial">Whose.</param>
/// <param name="ClassCount">Classes, an output neuron each.</param>
/// <param name="Labels">The class of each sample, in the order of the data set.</param>
/// <param name="OutputSpikes"><c>[samples × classes]</c>: spikes of each output neuron; empty where it has
/// <see cref="Logits"/>.</param>
public sealed record TrialPredictions(TrialId Trial, int ClassCount, int[] Labels, int[] OutputSpikes)
{
    /// <summary>
    /// <c>[samples × classes]</c>: the logits of an output layer that does not spike; null where it does.
    /// </summary>
    public float[]? Logits { get; init; }

    /// <summary>Test samples.</summary>
    public int SampleCount => Labels.Length;

    /// <summary>Samples whose predicted class is their label.</summary>
    public int Correct => Enumerable.Range(0, SampleCount).Count(i => PredictedClass(i) == Labels[i]);

    /// <summary>The spikes of the output neurons in a sample, where they spike.</summary>
    public ReadOnlySpan<int> SpikesOf(int sample) => OutputSpikes.AsSpan(sample * ClassCount, ClassCount);

    /// <summary>The logits of a sample, where there are any.</summary>
    public ReadOnlySpan<float> LogitsOf(int sample) => Logits.AsSpan(sample * ClassCount, ClassCount);

    /// <summary>The class that the network says.</summary>
    public int PredictedClass(int sample) =>
        Logits is null ? BatchResult.PredictedClass(SpikesOf(sample)) : BatchResult.PredictedClass(LogitsOf(sample));
}
