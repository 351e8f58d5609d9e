using Rouser.Core.Parameters;

namespace Rouser.Snn.Currents;

/// <summary>
/// What becomes of a, the decay of the current per step (<see cref="NeuronSettings.CurrentFactor"/>): it stays, or it
/// is where training starts.
/// </summary>
public abstract record Current
{
    /// <summary>All that a sweep file can name.</summary>
    public static MethodFamily<Current> Family { get; } =
        new("neuron.current", "plain", "Decay of the current.\n{0}", () => [PlainCurrent.Method, TrainedCurrent.Method])
        {
            IsOpen = false,
            SilentDefault = true,
        };
}

/// <summary>What is compiled into the kernels of a layer's currents.</summary>
internal interface ICurrentKernel
{
    /// <summary>Whether the decay has a gradient.</summary>
    static abstract bool IsTrained { get; }

    /// <summary>
    /// Whether what the spikes below bring is multiplied and shifted before the current gets it: normalised, or made up
    /// for spikes that were dropped.
    /// </summary>
    static virtual bool IsNormalized => false;
}

/// <summary>The same on a normalised input.</summary>
internal readonly struct NormalizedCurrent<TCurrent> : ICurrentKernel
    where TCurrent : struct, ICurrentKernel
{
    /// <inheritdoc/>
    public static bool IsTrained => TCurrent.IsTrained;

    /// <inheritdoc/>
    public static bool IsNormalized => true;
}
