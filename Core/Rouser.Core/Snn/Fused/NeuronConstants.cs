using Rouser.Core.Snn.Surrogates;

namespace Rouser.Core.Snn.Fused;

/// <summary>The neuron's and the surrogate's settings as the kernels take them; <see cref="Reference.ReferenceLayer"/> has the equations.</summary>
internal readonly struct NeuronConstants
{
    /// <summary>Rounds the settings to float32.</summary>
    public NeuronConstants(NeuronSettings neuron, Surrogate surrogate)
    {
        A = (float)neuron.CurrentDecay;
        B = (float)neuron.VoltageDecay;
        Height = (float)surrogate.Height;
        InverseTau = (float)(1 / surrogate.Tau);
        Soft = neuron.Reset == ResetKind.Soft;
        Delayed = neuron.Coupling == CouplingKind.Delayed;
        Gradient = neuron.ResetGradient;
    }

    /// <summary>a = 1/τ_i.</summary>
    public float A { get; }

    /// <summary>b = 1/τ_v.</summary>
    public float B { get; }

    /// <summary>s/τ, the surrogate's height.</summary>
    public float Height { get; }

    /// <summary>1/τ of the surrogate.</summary>
    public float InverseTau { get; }

    /// <summary>Soft reset, else hard.</summary>
    public bool Soft { get; }

    /// <summary>Delayed coupling (c = 1), else same-step (c = 0).</summary>
    public bool Delayed { get; }

    /// <summary>The paths through the reset.</summary>
    public ResetGradientKind Gradient { get; }

    /// <summary>d, the steps from a spike below to the current: 0 in the first layer with same-step coupling, else 1.</summary>
    public int InputLag(bool isFirst) => !Delayed && isFirst ? 0 : 1;
}
