using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>height · max(0, 1 − factor·|x|).</summary>
internal readonly struct TriangleShape : ISurrogateShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        TV y = TS.Subtract(TS.All(1), TS.Multiply(factor, TS.Abs(x)));
        return TS.Multiply(height, TS.Select(TS.AtLeast(TS.All(0), y), TS.All(0), y));
    }
}
