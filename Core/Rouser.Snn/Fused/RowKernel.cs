using System.Runtime.CompilerServices;

namespace Rouser.Snn.Fused;

/// <summary>One row for every row of a panel.</summary>
internal static unsafe class RowKernel
{
    /// <summary>x[t] += row, for each of the steps.</summary>
    /// <param name="steps">T.</param>
    /// <param name="row"><c>[32]</c>.</param>
    /// <param name="x"><c>[T × 32]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TS, TV>(int steps, float* row, float* x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        nint end = (nint)steps * WeightPanels.Width;
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            TV r = TS.Load(row + column);
            for (nint t = column; t < end; t += WeightPanels.Width)
                TS.Store(x + t, TS.Add(TS.Load(x + t), r));
        }
    }

    /// <summary>x[t] = row x[t], likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TS, TV>(int steps, float* row, float* x)
        where TS : ISimd<TV>
        where TV : unmanaged
    {
        nint end = (nint)steps * WeightPanels.Width;
        for (int column = 0; column < WeightPanels.Width; column += TS.Width)
        {
            TV r = TS.Load(row + column);
            for (nint t = column; t < end; t += WeightPanels.Width)
                TS.Store(x + t, TS.Multiply(TS.Load(x + t), r));
        }
    }
}
