using System.Numerics;
using System.Runtime.InteropServices;

namespace Rouser.Snn.Fused;

/// <summary>Potentials that differ from those of the step before.</summary>
internal static class PotentialUpdates
{
    /// <summary>Elements in which two series of one length, a multiple of 32, differ; 0 and −0 do not.</summary>
    public static long Count(ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(before),
            y = MemoryMarshal.Cast<float, Vector<float>>(after);
        // A comparison that holds is −1 in each element.
        Vector<int> equal = Vector<int>.Zero;
        for (int k = 0; k < x.Length; k++)
            equal -= Vector.Equals(x[k], y[k]);
        return before.Length - Vector.Sum(equal);
    }
}
