using System.Runtime.CompilerServices;

namespace Rouser.Core.Snn.Fused.Surrogates;

/// <summary>height where |x| is below the factor, half the width, else 0.</summary>
internal readonly struct RectangleShape : ISurrogateShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Run<TS, TV>(TV height, TV factor, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        // The product with 0 keeps a NaN.
        TV inside = TS.Fused(x, TS.All(0), height);
        return TS.Select(TS.AtLeast(TS.Abs(x), factor), TS.All(0), inside);
    }
}
