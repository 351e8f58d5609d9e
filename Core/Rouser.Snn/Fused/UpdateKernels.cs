namespace Rouser.Snn.Fused;

/// <summary>
/// The kernels that know the optimiser, compiled for one vector width. All widths give the same bytes.
/// </summary>
internal abstract unsafe class UpdateKernels
{
    /// <inheritdoc cref="GradientKernel.Run"/>
    public abstract void Gradient(
        in UpdateConstants c,
        BatchPart part,
        int from,
        int to,
        int* starts,
        int* rows,
        byte* touched,
        float* gI,
        in WeightPanel panel,
        float* squares,
        float* finite
    );

    /// <inheritdoc cref="NormalizationKernel.Run"/>
    public abstract void Normalization(in UpdateConstants c, int inputs, in WeightPanel panel, float* finite);

    /// <inheritdoc cref="WrittenGradientKernel.Run"/>
    public abstract void WrittenGradient(in UpdateConstants c, int inputs, byte* touched, in WeightPanel panel, float* finite);

    /// <summary>The step of a single parameter.</summary>
    public abstract void Step(in UpdateConstants c, float g, float* theta, float* m, float* v);
}

/// <summary>The kernels, compiled for what the type parameters say.</summary>
internal sealed unsafe class UpdateKernels<TS, TV, TUpdate> : UpdateKernels
    where TS : ISimd<TV>
    where TV : unmanaged
    where TUpdate : struct, IUpdateKernel
{
    /// <inheritdoc/>
    public override void Gradient(
        in UpdateConstants c,
        BatchPart part,
        int from,
        int to,
        int* starts,
        int* rows,
        byte* touched,
        float* gI,
        in WeightPanel panel,
        float* squares,
        float* finite
    ) => GradientKernel.Run<TS, TV, TUpdate>(c, part, from, to, starts, rows, touched, gI, panel, squares, finite);

    /// <inheritdoc/>
    public override void Normalization(in UpdateConstants c, int inputs, in WeightPanel panel, float* finite) =>
        NormalizationKernel.Run<TS, TV, TUpdate>(c, inputs, panel, finite);

    /// <inheritdoc/>
    public override void WrittenGradient(in UpdateConstants c, int inputs, byte* touched, in WeightPanel panel, float* finite) =>
        WrittenGradientKernel.Run<TS, TV, TUpdate>(c, inputs, touched, panel, finite);

    /// <inheritdoc/>
    public override void Step(in UpdateConstants c, float g, float* theta, float* m, float* v) =>
        TUpdate.Run<SimdScalar, float>(c, g, theta, m, v);
}
