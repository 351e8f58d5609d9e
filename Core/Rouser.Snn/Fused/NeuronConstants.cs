using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn.Fused;

/// <summary>
/// What all neurons of a network have in common, as the kernels take it; <see cref="ReferenceLayer"/> has the
/// equations. What each has for itself is a <see cref="NeuronPanel"/>.
/// </summary>
internal readonly struct NeuronConstants
{
    /// <summary>Rounds the settings to float32.</summary>
    public NeuronConstants(TrainingSettings settings)
    {
        NeuronSettings neuron = settings.Neuron;
        (Height, Factor) = ((float)settings.Surrogate.Height, settings.Surrogate.KernelFactor(settings.Surrogate.Tau));
        Soft = neuron.Reset == ResetKind.Soft;
        Delayed = neuron.Coupling == CouplingKind.Delayed;
        Gradient = neuron.ResetGradient;
        Threshold = settings.Threshold.Constants;
    }

    /// <summary>h, the surrogate's height.</summary>
    public float Height { get; }

    /// <summary>The surrogate's factor, see <see cref="ISurrogateKernel.Factor"/>.</summary>
    public float Factor { get; }

    /// <summary>Soft reset, else hard.</summary>
    public bool Soft { get; }

    /// <summary>Delayed coupling (c = 1), else same-step (c = 0).</summary>
    public bool Delayed { get; }

    /// <summary>The paths through the reset.</summary>
    public ResetGradientKind Gradient { get; }

    /// <summary>The numbers of the rule's kernel.</summary>
    public ThresholdConstants Threshold { get; }

    /// <summary>
    /// d, the steps from a spike below to the current: 0 in the first layer with same-step coupling, else 1.
    /// </summary>
    public int InputLag(bool isFirst) => !Delayed && isFirst ? 0 : 1;
}
