using System.Text.Json.Serialization;

namespace Rouser.Snn;

/// <summary>What a trial measured in one epoch; what a worker reports and the journal keeps.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainLoss">Mean loss per training sample, taken while the weights change.</param>
/// <param name="TrainAccuracy">Share of training samples classified right, taken while the weights change.</param>
/// <param name="TestAccuracy">Share of test samples classified right, after the epoch.</param>
/// <param name="Seconds">Wall time of training, without the test.</param>
/// <param name="SamplesPerSecond">Training samples per second of wall time.</param>
/// <param name="Layers">One per layer, the first hidden one first.</param>
public sealed record EpochMetrics(
    int Epoch,
    double TrainLoss,
    double TrainAccuracy,
    double TestAccuracy,
    double Seconds,
    double SamplesPerSecond,
    IReadOnlyList<LayerMetrics> Layers
)
{
    /// <summary>What it measured on the validation samples; null where the trial has none.</summary>
    // Left out of what is written where there is none, so that other trials keep their bytes.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValidationScores? Validation { get; init; }

    /// <summary>
    /// What the network took on the test samples: after the last epoch of a trial, null after the others and where an
    /// earlier version trained it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComplexityMetrics? Complexity { get; init; }

    /// <summary>
    /// The metric of that name, which a sweep may be about: <c>test_accuracy</c>, <c>train_accuracy</c>,
    /// <c>train_loss</c>, <c>validation_accuracy</c> or <c>validation_loss</c>; NaN where the trial has no validation
    /// samples.
    /// </summary>
    public double ValueOf(string metric) =>
        metric switch
        {
            "test_accuracy" => TestAccuracy,
            "train_accuracy" => TrainAccuracy,
            "train_loss" => TrainLoss,
            "validation_accuracy" => Validation?.Accuracy ?? double.NaN,
            "validation_loss" => Validation?.Loss ?? double.NaN,
            _ => throw new ArgumentOutOfRangeException(
                nameof(metric),
                metric,
                "A metric that epochs do not have; the sweep file's parser lets none through."
            ),
        };
}

/// <summary>
/// What a trial measured on its validation samples after an epoch: all that a choice may rest on. Nothing of the test
/// set is in it.
/// </summary>
/// <param name="Accuracy">Share of validation samples classified right.</param>
/// <param name="Loss">Mean loss per validation sample.</param>
public sealed record ValidationScores(double Accuracy, double Loss);

/// <summary>
/// What one layer showed in one epoch. Shares are from 0 to 1. An output layer that does not spike
/// (<see cref="Readouts.LeakyReadout"/>) has no dead and no active neurons, no rates and no thresholds: these are null.
/// </summary>
/// <param name="Neurons">Neurons in the layer.</param>
/// <param name="DeadFraction">Share of neurons without a spike over all training samples of the epoch.</param>
/// <param name="ActiveFraction">Share of neurons with at least one spike on the first input of the last batch (paper,
/// figure 10).</param>
/// <param name="SpikeRateTrain">Spikes per neuron and step over the training samples.</param>
/// <param name="SpikeRateTest">Spikes per neuron and step over the test samples (paper, figure 9).</param>
/// <param name="Threshold">The thresholds after the epoch.</param>
/// <param name="WeightDistanceInitial">Euclidean distance of the weights after the epoch from the initial ones
/// (paper, figure 6a).</param>
/// <param name="WeightGradientNorm">Euclidean norm of the weights' gradient, mean over the epoch's batches.</param>
/// <param name="ThresholdGradientNorm">The same of the thresholds'; null where they are fixed, or there are
/// none.</param>
public sealed record LayerMetrics(
    int Neurons,
    double? DeadFraction,
    double? ActiveFraction,
    double? SpikeRateTrain,
    double? SpikeRateTest,
    ThresholdSummary? Threshold,
    double WeightDistanceInitial,
    double WeightGradientNorm,
    double? ThresholdGradientNorm
);

/// <summary>
/// The distribution of a layer's thresholds: quantiles interpolate linearly between order statistics.
/// </summary>
/// <remarks>
/// <c>Histogram</c>: how many thresholds lie in each of <see cref="Bins"/> equal bins from <c>Min</c> to <c>Max</c>,
/// a bin's lower edge belonging to it; one bin where all are equal; null where it was not recorded, as before version
/// 2 of the journal's format.
/// </remarks>
public sealed record ThresholdSummary(
    double Mean,
    double Min,
    double Q10,
    double Q25,
    double Median,
    double Q75,
    double Q90,
    double Max,
    IReadOnlyList<int>? Histogram = null
)
{
    /// <summary>Bins of a histogram.</summary>
    public const int Bins = 20;
}
