using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>height / (1 + factor·|x|)².</summary>
internal readonly struct FastSigmoidShape : ISurrogateShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV y = TS.Fused(factor, TS.Abs(x), TS.All(1));
        return TS.Divide(height, TS.Multiply(y, y));
    }
}
