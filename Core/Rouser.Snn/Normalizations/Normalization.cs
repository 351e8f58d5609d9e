using Rouser.Core.Parameters;

namespace Rouser.Snn.Normalizations;

/// <summary>How the input of a layer is normalised before its neurons get it.</summary>
public static class Normalization
{
    /// <summary>What a sweep file can name.</summary>
    public static MethodFamily<TdbnNormalization?> Family { get; } =
        new(
            "normalization.kind",
            ParameterType.None,
            "Normalisation of what the spikes below bring to each neuron.\n{0}",
            () => [new(ParameterType.None, "none.", [], _ => null), TdbnNormalization.Method]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };
}
