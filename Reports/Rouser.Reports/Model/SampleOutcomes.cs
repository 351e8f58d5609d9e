using System.Collections;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// Which test samples a trial's network gets right, and what it takes for what: the part of its predictions that a
/// report needs, in a bit for each sample.
/// </summary>
public sealed class SampleOutcomes
{
    private readonly BitArray _isRight;
    private readonly long _labels;

    private SampleOutcomes(BitArray isRight, long labels, ConfusionMatrix confusion) =>
        (_isRight, _labels, Confusion) = (isRight, labels, confusion);

    /// <summary>Which classes it takes for which.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Test samples.</summary>
    public int Count => _isRight.Length;

    /// <summary>Whether the predicted class of a sample is its label.</summary>
    public bool IsRight(int sample) => _isRight[sample];

    /// <summary>Whether two trials were tested on samples of the same labels in the same order.</summary>
    public bool HasSamplesOf(SampleOutcomes other) => Count == other.Count && _labels == other._labels;

    /// <summary>Of the predictions of a trial.</summary>
    public static SampleOutcomes Of(TrialPredictions predictions)
    {
        BitArray isRight = new(predictions.SampleCount);
        ulong labels = 14695981039346656037;
        for (int i = 0; i < predictions.SampleCount; i++)
        {
            isRight[i] = predictions.PredictedClass(i) == predictions.Labels[i];
            // FNV-1a: labels of other samples, or in another order, come out different.
            labels = (labels ^ (uint)predictions.Labels[i]) * 1099511628211;
        }
        return new(isRight, unchecked((long)labels), ConfusionMatrix.Of(predictions));
    }
}
