namespace Rouser.Snn.Fused;

/// <summary>An optimiser's step on a vector of parameters; the optimisers' own files have the equations.</summary>
internal unsafe interface IUpdateKernel
{
    /// <summary>
    /// Moves the parameters at <paramref name="theta"/> and what is kept of their past, at <paramref name="m"/> and
    /// <paramref name="v"/>, by the gradient <paramref name="g"/>, and returns the new ones.
    /// </summary>
    static abstract TV Run<TS, TV>(in UpdateConstants c, TV g, float* theta, float* m, float* v)
        where TS : ISimd<TV>
        where TV : unmanaged;
}
