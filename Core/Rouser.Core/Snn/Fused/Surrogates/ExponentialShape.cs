using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>height · exp(factor·|x|); the factor is below 0.</summary>
internal readonly struct ExponentialShape : ISurrogateShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
        => TS.Multiply(height, ExponentialKernel.Run<TS, TV>(TS.Multiply(factor, TS.Abs(x))));
}
