using Rouser.Core;
using Rouser.Snn;
using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;
using TorchSharp;

namespace Rouser.Engines.Torch;

/// <summary>Offers <see cref="TorchEngine"/> to the program, which finds this class by its interface.</summary>
public sealed class TorchEngineFactory : ITrainingEngineFactory
{
    /// <summary>
    /// Part of a trial's identity. It names the processor, because the sums of another kind of device would round
    /// differently.
    /// </summary>
    private const string Name = "torch/1 cpu";

    /// <inheritdoc/>
    public Result<string> Version => LibTorch.WhyNot is { } why ? new UserError("", why) : Name;

    /// <inheritdoc/>
    public string? Libraries =>
        LibTorch.WhyNot is null ? $"TorchSharp {typeof(torch).Assembly.GetName().Version}, libtorch {torch.__version__}" : null;

    /// <inheritdoc/>
    public string? Lacks(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Connections is not null ? "conv and pool layers (network.layers)"
            : settings.Threshold.MovesWithinBatch ? "thresholds that move during a batch"
            : settings.Neuron.Membrane is not PlainMembrane ? "a trained leak"
            : settings.Neuron.Current is not PlainCurrent ? "a trained decay of the current (neuron.current)"
            : settings.Neuron.Heterogeneity is not null ? "decays that neurons differ in (neuron.heterogeneity)"
            : settings.Normalization is not null ? "normalised inputs (normalization.kind)"
            : settings.IsRecurrent ? "hidden layers that hear themselves (network.recurrent)"
            : settings.Delays is not null ? "delays of spikes (network.delays)"
            : settings.Dropout is not null ? "dropout (network.dropout)"
            : settings.Neuron.ResetGradient == ResetGradientKind.Clipped ? "a clipped gradient (neuron.reset_gradient: clipped)"
            : settings.Quantization != Quantization.None ? "quantised states"
            : settings.Readout is LeakyReadout ? "an output layer that does not spike (network.readout: leaky)"
            : settings.Readout is not null ? "first spikes (network.readout: first_spike)"
            : !SurrogateGradient.Offers(settings.Surrogate) ? $"a form of {settings.Surrogate.GetType().Name}"
            : !TorchLoss.Offers(settings.Loss) ? $"a form of {settings.Loss.GetType().Name}"
            : !TorchLayer.Offers(settings.Threshold) ? $"a form of {settings.Threshold.GetType().Name}"
            : settings.Regularizer is not (null or ActivityRegularizer) ? $"a form of {settings.Regularizer.GetType().Name}"
            : settings.Optimizer.GetType() != typeof(AdamOptimizer) ? "an optimiser other than adam"
            : settings.Averaging is not null && settings.Weights.Normalize
                ? "networks averaged over epochs (optimizer.averaging) whose weights are normalised"
            : settings.Optimizer.ClipNorm is not null ? "gradients that are clipped (optimizer.clip_norm)"
            : settings.GradientWindow is not null ? "truncated gradients (bptt.window)"
            : null;
    }

    /// <inheritdoc/>
    public ITrainingEngine Create(TrainingSettings settings, int threads)
    {
        if (LibTorch.WhyNot is { } why)
            throw new NotSupportedException(why);
        if (Lacks(settings) is { } lacks)
            throw new NotSupportedException($"Engine torch does not offer {lacks}; use engine fused.");
        return new TorchEngine(settings);
    }
}
