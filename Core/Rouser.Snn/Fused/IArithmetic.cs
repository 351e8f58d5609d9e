using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>The numbers that currents and potentials are kept in, as the forward kernels inline them.</summary>
internal interface IArithmetic
{
    /// <summary>I[t] from a, I[t−1] and the weights' sum of the step.</summary>
    static abstract TV Current<TS, TV>(TV a, TV current, TV drive)
        where TS : ISimd<TV>
        where TV : unmanaged;

    /// <summary>V[t] from C[t−1] and the current.</summary>
    static abstract TV Potential<TS, TV>(TV carried, TV current)
        where TS : ISimd<TV>
        where TV : unmanaged;

    /// <summary>b V[t], what is carried without a spike where the reset is hard.</summary>
    static abstract TV Decay<TS, TV>(TV b, TV potential)
        where TS : ISimd<TV>
        where TV : unmanaged;

    /// <summary>b V[t] + x, what is carried where it is soft.</summary>
    static abstract TV Decay<TS, TV>(TV b, TV potential, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged;
}

/// <summary>Floating-point numbers as they are.</summary>
internal readonly struct RealArithmetic : IArithmetic
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Current<TS, TV>(TV a, TV current, TV drive)
        where TS : ISimd<TV>
        where TV : unmanaged => Subnormal.Flush<TS, TV>(TS.MultiplyAdd(a, current, drive));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Potential<TS, TV>(TV carried, TV current)
        where TS : ISimd<TV>
        where TV : unmanaged => Subnormal.Flush<TS, TV>(TS.Add(carried, current));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Decay<TS, TV>(TV b, TV potential)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.Multiply(b, potential);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Decay<TS, TV>(TV b, TV potential, TV x)
        where TS : ISimd<TV>
        where TV : unmanaged => TS.MultiplyAdd(b, potential, x);
}
