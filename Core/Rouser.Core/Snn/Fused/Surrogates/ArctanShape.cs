using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>height / (1 + (factor·x)²).</summary>
internal readonly struct ArctanShape : ISurrogateShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV y = TS.Multiply(factor, x);
        return TS.Divide(height, TS.Fused(y, y, TS.All(1)));
    }
}
