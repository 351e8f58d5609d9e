using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rouser.Engines.Torch;

/// <summary>
/// <see cref="CubaLif"/> as one node of the autograd graph, from Z and Th to S. One node per layer, because a node
/// per step costs more than the step does.
/// </summary>
/// <remarks>
/// TorchSharp finds the functions by their static <c>apply</c>: <c>LayerFunction.apply(Z, Th, pass)</c>.
/// </remarks>
internal sealed class LayerFunction : SingleTensorFunction<LayerFunction>
{
    private const string Pass = "pass";

    /// <inheritdoc/>
    public override string Name => nameof(LayerFunction);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var pass = (LayerPass)vars[2];
        ctx.save_data(Pass, pass);
        return pass.Forward((Tensor)vars[0], (Tensor)vars[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using (grad_output)
            return ((LayerPass)ctx.get_data(Pass)).Backward(grad_output);
    }
}

/// <summary>What one layer keeps from its forward pass over a batch to the end of the backward pass.</summary>
/// <param name="neuron">The layer's recurrences.</param>
internal sealed class LayerPass(CubaLif neuron) : IDisposable
{
    private Tensor? _V,
        _Th,
        _gZ,
        _gTh;

    /// <summary>
    /// What went wrong in the backward pass. An exception that left it would end the process, so it is kept for the
    /// caller to throw.
    /// </summary>
    public Exception? Failure { get; private set; }

    /// <summary>S, and V kept.</summary>
    public Tensor Forward(Tensor Z, Tensor Th)
    {
        _Th = Th;
        (_V, Tensor S) = neuron.Forward(Z, Th);
        return S;
    }

    /// <summary>The gradients for Z, for Th and, none, for the pass itself.</summary>
    public List<Tensor> Backward(Tensor gS)
    {
#pragma warning disable CA1031 // See Failure.
        try
        {
            // The gradients are kept, because the caller in native code looks at them after this method has returned.
            (_gZ, _gTh) = neuron.Backward(gS, _V!, _Th!);
            return [_gZ, _gTh, null!];
        }
        catch (Exception failure)
        {
            Failure = failure;
            return [null!, null!, null!];
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _V?.Dispose();
        _gZ?.Dispose();
        _gTh?.Dispose();
    }
}
