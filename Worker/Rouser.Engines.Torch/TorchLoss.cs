using Rouser.Snn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Rouser.Engines.Torch;

/// <summary>
/// The losses of <c>Core/Rouser.Snn/Losses</c>, which state the equations, in operations that autograd
/// differentiates.
/// </summary>
/// <param name="steps">T.</param>
internal sealed class TorchLoss(Loss loss, int steps)
{
    /// <summary>L of each sample, <c>[B]</c>.</summary>
    /// <param name="S">The output spikes, <c>[T × B × N]</c>.</param>
    /// <param name="right">1 at each sample's right class, else 0, <c>[B × N]</c>.</param>
    public Tensor PerSample(Tensor S, Tensor right)
    {
        if (!loss.OutputDelayed)
            return Form!(S, right);
        using Tensor silence = zeros([1, S.shape[1], S.shape[2]], S.dtype, S.device),
            early = S.narrow(0, 0, steps - 1),
            late = cat([silence, early], 0);
        return Form!(late, right);
    }

    /// <summary>Whether the engine has a form of the loss that autograd differentiates.</summary>
    public static bool Offers(Loss loss) => new TorchLoss(loss, steps: 1).Form is not null;

    private Func<Tensor, Tensor, Tensor>? Form =>
        loss switch
        {
            VanRossumLoss vanRossum => (S, right) => VanRossum(vanRossum, S, right),
            SpikeRateLoss rates => (S, right) => SpikeRate(rates, S.sum(0L) / steps, right),
            SpikeMaxLoss max => (S, right) => NegativeLogLikelihood(S.sum(0L) / steps, right, max.LabelSmoothing),
            CrossEntropyLoss counts => (S, right) => NegativeLogLikelihood(S.sum(0L), right, counts.LabelSmoothing),
            _ => null,
        };

    private Tensor VanRossum(VanRossumLoss settings, Tensor S, Tensor right)
    {
        using Tensor own = Train(settings.TruePeriod, S.device),
            other = Train(settings.FalsePeriod, S.device);
        using Tensor target = (own * right) + (other * (1 - right));
        using Tensor difference = S - target,
            once = Exponential(settings.FilterTau, difference),
            err = Exponential(settings.FilterTau, once);
        return err.square().sum([0, 2]) / (settings.TimeReduction == TimeReduction.Mean ? 2f * steps : 2f);
    }

    private static Tensor SpikeRate(SpikeRateLoss settings, Tensor r, Tensor right) =>
        (r - (right * (settings.TrueRate - settings.FalseRate)) - settings.FalseRate).square().sum(1L);

    private static Tensor NegativeLogLikelihood(Tensor z, Tensor right, double smoothing)
    {
        using Tensor q = (right * (1 - smoothing)) + (smoothing / right.shape[1]);
        return z.logsumexp(1) - (z * q).sum(1L);
    }

    /// <summary>A spike at p − 1, 2p − 1, …: <c>[T × 1 × 1]</c>.</summary>
    private Tensor Train(int period, Device device)
    {
        float[] spikes = new float[steps];
        for (long t = period - 1L; t < steps; t += period)
            spikes[t] = 1;
        return tensor(spikes, [steps, 1, 1], device: device);
    }

    /// <summary>y[t] = q y[t−1] + x[t], q = exp(−1/τ).</summary>
    /// <remarks>
    /// With z the delay by a step, 1 / (1 − q z) = (1 + q z) (1 + q² z²) (1 + q⁴ z⁴) …, so log₂ T shifted sums are
    /// the whole filter. Nothing is cut off.
    /// </remarks>
    private Tensor Exponential(double tau, Tensor x)
    {
        Tensor y = x.alias();
        for (long shift = 1; shift < steps; shift *= 2)
        {
            using Tensor before = y,
                silence = zeros([shift, x.shape[1], x.shape[2]], x.dtype, x.device),
                early = before.narrow(0, 0, steps - shift);
            using Tensor shifted = cat([silence, early], 0);
            using Scalar decay = (float)Math.Exp(-shift / tau);
            y = before.add(shifted, decay);
        }
        return y;
    }
}
