using System.Runtime.Intrinsics;
using Rouser.Snn.Optimizers;

namespace Rouser.Snn.Fused;

/// <summary>The kernels for one vector width. All widths give the same bytes.</summary>
internal abstract unsafe class Kernels
{
    /// <summary>Every width, the narrowest first. Vectors wider than the machine's are emulated by .NET.</summary>
    public static IReadOnlyList<Kernels> All { get; } =
    [
        new Kernels<SimdScalar, float, SimdScalar, float>("scalar"),
        new Kernels<Simd128, Vector128<float>, Simd128, Vector128<float>>("128"),
        new Kernels<Simd256, Vector256<float>, SimdPair<Simd256, Vector256<float>>, VectorPair<Vector256<float>>>("256"),
        new Kernels<Simd512, Vector512<float>, Simd512, Vector512<float>>("512"),
    ];

    /// <summary>The widest that this machine has.</summary>
    public static Kernels Best { get; } =
        All[
            Vector512.IsHardwareAccelerated ? 3
            : Vector256.IsHardwareAccelerated ? 2
            : Vector128.IsHardwareAccelerated ? 1
            : 0
        ];

    /// <summary>The width in bits, for people.</summary>
    public abstract string Name { get; }

    /// <summary>These kernels, or the widest below them whose vectors have no more than so many lanes.</summary>
    public Kernels UpTo(int lanes)
    {
        int k = All.Count - 1;
        while (All[k].Lanes > Math.Min(lanes, Lanes))
            k--;
        return All[k];
    }

    /// <summary>Floats in a vector.</summary>
    protected abstract int Lanes { get; }

    /// <inheritdoc cref="ConvolutionKernel.Forward"/>
    public abstract void Convolution(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        nint stride,
        float* z,
        nint strideZ
    );

    /// <inheritdoc cref="ConvolutionKernel.Gradient"/>
    public abstract void ConvolutionGradient(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* gW,
        nint stride,
        float* gI,
        nint strideI
    );

    /// <inheritdoc cref="TransposedConvolutionKernel.Run"/>
    public abstract void TransposedConvolution(
        in ConvolutionShape c,
        int steps,
        float* gI,
        nint strideI,
        float* WT,
        float* gP,
        nint strideP
    );

    /// <summary>The kernels of this width that know a trial's neuron.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="isNormalized">Whether for the layers whose input gets a factor: normalised, or what dropout left.</param>
    public abstract NeuronKernels For(TrainingSettings settings, bool isNormalized = false);

    /// <inheritdoc cref="DenseKernel.Run"/>
    public abstract void Dense(int steps, int neurons, float* gI, nint panelStride, float* WT, float* gS);

    /// <inheritdoc cref="ShiftedKernel.Run"/>
    public abstract void Shifted(
        int steps,
        int neurons,
        float* g,
        nint panelStride,
        int lane,
        float* w,
        nint weightStride,
        int* offsets,
        nint offsetStride,
        float* to
    );

    /// <inheritdoc cref="RecurrentKernel.Run"/>
    public abstract void AddOwn(int neurons, float* gI, nint panelStride, float* UT, float* gS);

    /// <summary>The kernels of this width that know an optimiser.</summary>
    public abstract UpdateKernels For(Optimizer optimizer);

    /// <inheritdoc cref="BatchNormalizationKernel.Inputs"/>
    public abstract void Inputs(int steps, int idle, int* offsets, ushort* inputs, float* W, float* Z);

    /// <inheritdoc cref="BatchNormalizationKernel.Gradient"/>
    public abstract void NormalizedGradient(int steps, float* factors, float* Z, float* G);

    /// <inheritdoc cref="RowKernel.Add"/>
    public abstract void AddRow(int steps, float* row, float* x);

    /// <inheritdoc cref="RowKernel.Multiply"/>
    public abstract void MultiplyRow(int steps, float* row, float* x);
}

/// <summary>
/// The kernels, compiled for the operations <typeparamref name="TS"/> on vectors <typeparamref name="TV"/>; those that go
/// through a panel in pairs of vectors for <typeparamref name="TP"/> on <typeparamref name="TPV"/>, which may be wider.
/// </summary>
internal sealed unsafe class Kernels<TS, TV, TP, TPV>(string name) : Kernels
    where TS : ISimd<TV>
    where TV : unmanaged
    where TP : ISimd<TPV>
    where TPV : unmanaged
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected override int Lanes => TS.Width;

    /// <inheritdoc/>
    public override void Convolution(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* W,
        nint stride,
        float* z,
        nint strideZ
    ) => ConvolutionKernel.Forward<TS, TV>(c, steps, idle, offsets, inputs, W, stride, z, strideZ);

    /// <inheritdoc/>
    public override void ConvolutionGradient(
        in ConvolutionShape c,
        int steps,
        int idle,
        int* offsets,
        ushort* inputs,
        float* gW,
        nint stride,
        float* gI,
        nint strideI
    ) => ConvolutionKernel.Gradient<TS, TV>(c, steps, idle, offsets, inputs, gW, stride, gI, strideI);

    /// <inheritdoc/>
    public override void TransposedConvolution(
        in ConvolutionShape c,
        int steps,
        float* gI,
        nint strideI,
        float* WT,
        float* gP,
        nint strideP
    ) => TransposedConvolutionKernel.Run<TS, TV>(c, steps, gI, strideI, WT, gP, strideP);

    /// <inheritdoc/>
    public override NeuronKernels For(TrainingSettings settings, bool isNormalized = false) =>
        NeuronKernels.For<TP, TPV>(settings, isNormalized);

    /// <inheritdoc/>
    public override void Dense(int steps, int neurons, float* gI, nint panelStride, float* WT, float* gS) =>
        DenseKernel.Run<TS, TV>(steps, neurons, gI, panelStride, WT, gS);

    /// <inheritdoc/>
    public override void Shifted(
        int steps,
        int neurons,
        float* g,
        nint panelStride,
        int lane,
        float* w,
        nint weightStride,
        int* offsets,
        nint offsetStride,
        float* to
    ) => ShiftedKernel.Run<TS, TV>(steps, neurons, g, panelStride, lane, w, weightStride, offsets, offsetStride, to);

    /// <inheritdoc/>
    public override void AddOwn(int neurons, float* gI, nint panelStride, float* UT, float* gS) =>
        RecurrentKernel.Run<TS, TV>(neurons, gI, panelStride, UT, gS);

    /// <inheritdoc/>
    public override UpdateKernels For(Optimizer optimizer) => optimizer.Kernels<TP, TPV>();

    /// <inheritdoc/>
    public override void Inputs(int steps, int idle, int* offsets, ushort* inputs, float* W, float* Z) =>
        BatchNormalizationKernel.Inputs<TP, TPV>(steps, idle, offsets, inputs, W, Z);

    /// <inheritdoc/>
    public override void NormalizedGradient(int steps, float* factors, float* Z, float* G) =>
        BatchNormalizationKernel.Gradient<TS, TV>(steps, factors, Z, G);

    /// <inheritdoc/>
    public override void AddRow(int steps, float* row, float* x) => RowKernel.Add<TS, TV>(steps, row, x);

    /// <inheritdoc/>
    public override void MultiplyRow(int steps, float* row, float* x) => RowKernel.Multiply<TS, TV>(steps, row, x);
}
