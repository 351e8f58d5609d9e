using Rouser.Core.Snn.Surrogates;
using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Snn;

/// <summary>The distribution that initial weights are drawn from.</summary>
public enum WeightInitKind
{
    /// <summary>Uniform in ±1/√fan_in, PyTorch's "Kaiming uniform" with a = √5.</summary>
    KaimingUniform,

    /// <summary>Normal with standard deviation √(2/fan_in).</summary>
    KaimingNormal,
}

/// <summary>The weights.</summary>
/// <param name="Init">The initial distribution.</param>
/// <param name="Normalize">Weight normalisation per output neuron, <c>w = g·v/‖v‖</c> (Salimans and Kingma 2016).</param>
public sealed record WeightSettings(WeightInitKind Init, bool Normalize);

/// <summary>What the output spikes are compared with.</summary>
public enum LossKind
{
    /// <summary>The van Rossum distance to a target spike train (paper, equation 6).</summary>
    VanRossum,

    /// <summary>The squared difference between firing rates and target rates (SLAYER 2.0's SpikeRate).</summary>
    SpikeRate,

    /// <summary>Negative log-likelihood of the softmax over firing rates (SLAYER 2.0's SpikeMax).</summary>
    SpikeMax,
}

/// <summary>How the loss of a sample adds up over its steps.</summary>
public enum TimeReduction
{
    /// <summary>The sum over the steps.</summary>
    Sum,

    /// <summary>The mean over the steps: the sum divided by T.</summary>
    Mean,
}

/// <summary>The loss.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="FilterTau">van Rossum: the filter's time constant, steps; h(n) = (n+1)·exp(−n/τ).</param>
/// <param name="TruePeriod">van Rossum: the right class's target spikes every so many steps.</param>
/// <param name="FalsePeriod">van Rossum: the other classes' targets spike every so many steps.</param>
/// <param name="TrueRate">Spike rate: the right class's target, spikes per step.</param>
/// <param name="FalseRate">Spike rate: the other classes' target, spikes per step.</param>
public sealed record LossSettings(LossKind Kind, double FilterTau, int TruePeriod, int FalsePeriod, double TrueRate, double FalseRate)
{
    /// <summary>van Rossum: how L adds up over the steps. The other losses compare rates, which are means over the steps by themselves.</summary>
    public TimeReduction TimeReduction { get; init; }

    /// <summary>
    /// Whether the loss sees the output a step late, S[t − 1] at t, as it does behind SLAYER 2.0's blocks, which hand on every layer's spikes one step later.
    /// Predictions count all spikes.
    /// </summary>
    public bool OutputDelayed { get; init; }
}

/// <summary>Adam (Kingma and Ba 2015), with bias correction.</summary>
/// <param name="LearningRate">lr, for weights.</param>
/// <param name="Beta1">Decay of the first moment per update.</param>
/// <param name="Beta2">Decay of the second moment per update.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
public sealed record AdamSettings(double LearningRate, double Beta1, double Beta2, double Epsilon);

/// <summary>Everything that the training core needs to know of a trial, besides its data.</summary>
/// <param name="InputCount">Neurons of the input raster.</param>
/// <param name="LayerSizes">Neurons per layer, the output layer last.</param>
/// <param name="StepCount">T.</param>
/// <param name="Neuron">The neuron.</param>
/// <param name="Surrogate">The surrogate gradient.</param>
/// <param name="Threshold">The threshold rule.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Adam">The optimiser.</param>
/// <param name="BatchSize">Samples per update.</param>
/// <param name="Seed">The trial's seed; initial weights come from its stream <c>weights/l</c>.</param>
/// <param name="Engine">What trains it.</param>
/// <param name="GradientWindow">
/// Truncated BPTT: no gradient of a state or a spike passes back over the steps n, 2n, … for this n; null for none, which is exact. The loss itself sees the
/// whole sample.
/// </param>
public sealed record TrainingSettings(
    int InputCount,
    IReadOnlyList<int> LayerSizes,
    int StepCount,
    NeuronSettings Neuron,
    Surrogate Surrogate,
    ThresholdRule Threshold,
    WeightSettings Weights,
    LossSettings Loss,
    AdamSettings Adam,
    int BatchSize,
    long Seed,
    EngineKind Engine = EngineKind.Fused,
    int? GradientWindow = null)
{
    /// <summary>The price on hidden neurons that fire too much or not at all; null for none.</summary>
    public ActivityRegularizer? Regularizer { get; init; }

    /// <summary>The numbers that weights and states are rounded to.</summary>
    public Quantization Quantization { get; init; }
}
