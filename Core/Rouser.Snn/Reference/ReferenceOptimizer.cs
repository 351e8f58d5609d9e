using System.Runtime.InteropServices;

#pragma warning disable RS0030 // No result depends on the reference, and the platform's own power is one more thing to hold ours against.

namespace Rouser.Snn.Reference;

/// <summary>An <see cref="Optimizers.Optimizer"/> in double precision for one tensor, which its own file defines.</summary>
internal abstract class ReferenceOptimizer
{
    /// <summary>Moves the parameters θ against the gradient g.</summary>
    /// <param name="rate">The learning rate of this update.</param>
    public abstract void Update(Span<double> theta, ReadOnlySpan<double> g, double rate);

    /// <summary>The same for weights, which may decay besides.</summary>
    public virtual void UpdateWeights(Span<double> theta, ReadOnlySpan<double> g, double rate) => Update(theta, g, rate);

    /// <summary>The same for a matrix of weights.</summary>
    public void UpdateWeights(double[,] theta, double[,] g, double rate) => UpdateWeights(Flat(theta), Flat(g), rate);

    /// <summary>x to the power of n.</summary>
    private protected static double Power(double x, long n) => Math.Pow(x, n);

    private static Span<double> Flat(double[,] x) => MemoryMarshal.CreateSpan(ref x[0, 0], x.Length);
}
