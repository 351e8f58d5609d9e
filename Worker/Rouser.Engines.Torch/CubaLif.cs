using Rouser.Snn;
using TorchSharp;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// The recurrences of one layer over all steps of a batch, forward and backward, as tensor operations.
/// </summary>
/// <remarks>
/// The equations are those of <c>Core/Rouser.Snn/Reference/ReferenceLayer.cs</c>, in their order and with their
/// symbols; Z = S_in W comes in, its gradient goes out. A series is a matrix <c>[T·B × N]</c> whose rows t·B to t·B +
/// B − 1 are step t of the B samples. Every step disposes of what it made: left to a scope around the loop, the
/// handles of all steps would pile up.
/// </remarks>
internal sealed class CubaLif : IDisposable
{
    private readonly Scalar _a,
        _b,
        _minusB,
        _one = 1f,
        _minusOne = -1f,
        _zero = 0f;
    private readonly SurrogateGradient _surrogate;
    private readonly int _steps,
        _c,
        _d;
    private readonly bool _soft,
        _none,
        _full;

    /// <summary>Takes the constants of a layer.</summary>
    /// <param name="settings">The trial's.</param>
    /// <param name="isFirst">Whether the layer sees the input itself.</param>
    public CubaLif(TrainingSettings settings, bool isFirst)
    {
        NeuronSettings neuron = settings.Neuron;
        _surrogate = new SurrogateGradient(settings);
        (_a, _b, _minusB) = ((float)neuron.CurrentFactor, (float)neuron.VoltageFactor, (float)-neuron.VoltageFactor);
        bool delayed = neuron.Coupling == CouplingKind.Delayed;
        (_steps, _c, _d) = (settings.StepCount, delayed ? 1 : 0, delayed || !isFirst ? 1 : 0);
        _soft = neuron.Reset == ResetKind.Soft;
        (_none, _full) = (neuron.ResetGradient == ResetGradientKind.None, neuron.ResetGradient == ResetGradientKind.Full);
    }

    /// <summary>V and S for Z, <c>[T·B × N]</c> each, and thresholds <c>[N]</c>.</summary>
    public (Tensor V, Tensor S) Forward(Tensor Z, Tensor Th)
    {
        Tensor V = empty_like(Z),
            S = empty_like(Z);
        using Tensor I = State(Z),
            C = State(Z);
        for (int t = 0; t < _steps; t++)
        {
            using Tensor Vt = At(V, t),
                St = At(S, t);
            Vt.copy_(C);
            if (_c == 1)
                Vt.add_(I, _one);
            I.mul_(_a);
            if (t >= _d)
            {
                using Tensor Zt = At(Z, t - _d);
                I.add_(Zt, _one);
            }
            if (_c == 0)
                Vt.add_(I, _one);
            using Tensor spiked = Vt.ge(Th);
            St.copy_(spiked);
            C.copy_(Vt).mul_(_b);
            if (_soft)
                C.addcmul_(Th, St, _minusOne);
            else
                C.masked_fill_(spiked, _zero);
        }
        return (V, S);
    }

    /// <summary>∂L/∂Z, <c>[T·B × N]</c>, and ∂L/∂Th, <c>[N]</c>, for ∂L/∂S.</summary>
    public (Tensor gZ, Tensor gTh) Backward(Tensor gS, Tensor V, Tensor Th)
    {
        using Tensor spiked = V.ge(Th),
            S = spiked.to_type(V.dtype);
        using Tensor phi = _surrogate.ByPotential(V, Th),
            psi = _surrogate.ByThreshold(phi, V, Th);
        Tensor gZ = zeros_like(V);
        using Tensor e = State(V),
            gV = State(V),
            gI = State(V),
            minusGTh = State(V);
        for (int t = _steps - 1; t >= 0; t--)
        {
            using Tensor gSt = At(gS, t),
                Vt = At(V, t),
                St = At(S, t),
                phit = At(phi, t),
                psit = At(psi, t);
            e.copy_(gSt);
            if (_full && _soft)
                e.addcmul_(Th, gV, _minusOne);
            else if (_full)
                e.addcmul_(Vt, gV, _minusB);
            minusGTh.addcmul_(e, psit, _one);
            e.mul_(phit);
            if (_soft && !_none)
                minusGTh.addcmul_(St, gV, _one);
            gI.mul_(_a);
            if (_c == 1)
                gI.add_(gV, _one);
            // Up to here gV is gV[t+1], from here on gV[t].
            gV.mul_(_b);
            if (!_soft && !_none)
                gV.addcmul_(gV, St, _minusOne);
            gV.add_(e, _one);
            if (_c == 0)
                gI.add_(gV, _one);
            if (t < _d)
                continue;
            using Tensor gZt = At(gZ, t - _d);
            gZt.copy_(gI);
        }
        return (gZ, minusGTh.sum(0L).neg_());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _surrogate.Dispose();
        foreach (Scalar scalar in (Scalar[])[_a, _b, _minusB, _one, _minusOne, _zero])
            scalar.Dispose();
    }

    /// <summary>Zeros for the B samples of a step.</summary>
    private Tensor State(Tensor series) => zeros([series.shape[0] / _steps, series.shape[1]], series.dtype, series.device);

    /// <summary>Step t of a series, a view.</summary>
    private Tensor At(Tensor series, int t)
    {
        long samples = series.shape[0] / _steps;
        return series.narrow(0, t * samples, samples);
    }
}
