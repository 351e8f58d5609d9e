using Rouser.Core.Parameters;

namespace Rouser.Snn.Currents;

/// <summary>a stays.</summary>
public sealed record PlainCurrent : Current
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Current> Method { get; } =
        new("plain", "the decay stays at `neuron.current_factor`.", [], _ => new PlainCurrent());

    /// <summary>As the kernels are compiled for it.</summary>
    internal readonly struct Kernel : ICurrentKernel
    {
        /// <inheritdoc/>
        public static bool IsTrained => false;
    }
}
