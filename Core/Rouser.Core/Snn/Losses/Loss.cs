namespace Rouser.Core.Snn.Losses;

/// <summary>
/// What the output spikes of one sample are compared with. Works on real values, so that its derivative can be checked by finite
/// differences; a spike is 1, no spike 0. Immutable and safe to share between threads.
/// </summary>
internal abstract class Loss
{
    /// <summary>The loss that <paramref name="settings"/> ask for.</summary>
    public static Loss From(LossSettings settings) => settings.OutputDelayed ? new DelayedLoss(From(settings with { OutputDelayed = false })) : settings.Kind switch
    {
        LossKind.VanRossum => new VanRossumLoss(settings.FilterTau, settings.TruePeriod, settings.FalsePeriod, settings.TimeReduction),
        LossKind.SpikeRate => new SpikeRateLoss(settings.TrueRate, settings.FalseRate),
        LossKind.SpikeMax => new SpikeMaxLoss(),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Kind, "Unknown loss."),
    };

    /// <summary>The loss L of one sample and its derivative.</summary>
    /// <param name="S">The output spikes, <c>[T × N]</c>.</param>
    /// <param name="neurons">N, one output neuron per class.</param>
    /// <param name="label">The right class.</param>
    /// <param name="gS">Receives ∂L/∂S, <c>[T × N]</c>.</param>
    /// <returns>L.</returns>
    public abstract double Evaluate(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS);
}
