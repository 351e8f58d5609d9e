namespace Rouser.Core.Snn.Losses;

/// <summary>A loss that sees the output one step late.</summary>
/// <remarks>
/// <code>
/// L = L′(S′),   S′[0] = 0,   S′[t] = S[t−1]        ∂L/∂S[t] = ∂L′/∂S′[t+1], and 0 at the last step, whose spikes come too late
/// </code>
/// </remarks>
internal sealed class DelayedLoss(Loss inner) : Loss
{
    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS)
    {
        double[] late = new double[S.Length];
        S[..^neurons].CopyTo(late.AsSpan(neurons));
        double loss = inner.Evaluate(late, neurons, label, gS);
        gS[neurons..].CopyTo(gS);
        gS[^neurons..].Clear();
        return loss;
    }
}
