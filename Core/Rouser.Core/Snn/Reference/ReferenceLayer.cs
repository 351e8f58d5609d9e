#pragma warning disable RS0030 // No result depends on the reference, and the platform's own exponential is one more thing to hold ours against.

using Rouser.Core.Snn.Surrogates;

namespace Rouser.Core.Snn.Reference;

/// <summary>One layer of current-based leaky integrate-and-fire neurons in double precision, written to be compared with the equations.</summary>
/// <remarks>
/// Forward, for t = 0 … T−1 with all states 0 before (paper, equations 1 to 3; a = 1/τ_i, b = 1/τ_v):
/// <code>
/// delayed (paper)       I[t] = a I[t−1] + W S_in[t−1]       V[t] = C[t−1] + I[t−1]
/// same step (SLAYER)    I[t] = a I[t−1] + W S_in[t]         V[t] = C[t−1] + I[t]
///                       S[t] = 1 if V[t] ≥ Th else 0
/// soft reset            C[t] = b V[t] − R[t],               R[t] = Th S[t]      (the subtracted threshold does not decay)
/// hard reset            C[t] = b V[t] − R[t],               R[t] = b V[t] S[t]  (what is carried is 0 after a spike)
/// </code>
/// With same-step coupling a layer hands its output on one step later: for every layer but the first, S_in[t] above is the spike of
/// the layer below at t − 1. So both couplings come to two lags: <c>d</c>, from an input spike to the current (delayed: 1; same step: 0
/// in the first layer, else 1), and <c>c</c>, from the current to the potential (delayed: 1; same step: 0). The loss takes the last
/// layer's S[t] as it is.
/// <para>
/// Backward, for t = T−1 … 0 with all gradients 0 after; gS[t] = ∂L/∂S[t] comes from above, φ[t] = (s/τ) exp(−|V[t] − Th|/τ) stands for
/// ∂S/∂V and −φ for ∂S/∂Th (paper, equations 4 and 5). The reset R[t] enters V[t+1] with a minus. The three gradients through it:
/// </para>
/// <code>
/// none       R is a constant                     e = gS[t]                         gV[t] = b gV[t+1] + e φ[t]
///                                                gTh −= e φ[t]
/// threshold  in R, S is a constant       soft    e = gS[t]                         gV[t] = b gV[t+1] + e φ[t]
///                                                gTh −= e φ[t] + S[t] gV[t+1]
///                                        hard    e = gS[t]                         gV[t] = b (1 − S[t]) gV[t+1] + e φ[t]
///                                                gTh −= e φ[t]
/// full       nothing is                  soft    e = gS[t] − Th gV[t+1]            gV[t] = b gV[t+1] + e φ[t]
///                                                gTh −= e φ[t] + S[t] gV[t+1]
///                                        hard    e = gS[t] − b V[t] gV[t+1]        gV[t] = b (1 − S[t]) gV[t+1] + e φ[t]
///                                                gTh −= e φ[t]
/// all        gI[t] = a gI[t+1] + gV[t+c]     gW = Σ_t gI[t] S_in[t−d]ᵀ     gS_in[t−d] = Wᵀ gI[t]
/// </code>
/// Truncated BPTT, with a window of n steps: nothing passes back from step kn to step kn − 1. There gI[t+1] and gV[t+1] are 0 at t = kn − 1, and gS_in[t−d] at
/// t = kn if d is 1; gW stays a sum over all spikes.
/// <para>
/// "none" is equations 7 and 8 read literally and what SLAYER 2.0 codes, for both resets.
/// </para>
/// </remarks>
/// <param name="neuron">a, b and the kinds.</param>
/// <param name="surrogate">τ and s.</param>
/// <param name="W">Weights, <c>[in × out]</c>.</param>
/// <param name="Th">Thresholds, <c>[out]</c>.</param>
/// <param name="isFirst">Whether the layer sees the input itself.</param>
/// <param name="window">n, the steps between truncations; null for none.</param>
internal sealed class ReferenceLayer(NeuronSettings neuron, Surrogate surrogate, double[,] W, double[] Th, bool isFirst, int? window = null)
{
    private readonly int _d = neuron.Coupling == CouplingKind.Delayed || !isFirst ? 1 : 0;
    private readonly int _c = neuron.Coupling == CouplingKind.Delayed ? 1 : 0;

    /// <summary>Weights, <c>[in × out]</c>.</summary>
    public double[,] W { get; } = W;

    /// <summary>Thresholds, <c>[out]</c>.</summary>
    public double[] Th { get; } = Th;

    /// <summary>Runs the layer over <paramref name="input"/>, <c>[T × in]</c>.</summary>
    public ReferenceTrace Forward(double[,] input)
    {
        int steps = input.GetLength(0), inputs = W.GetLength(0), neurons = W.GetLength(1);
        double a = neuron.CurrentDecay, b = neuron.VoltageDecay;
        double[,] I = new double[steps, neurons], V = new double[steps, neurons], S = new double[steps, neurons];
        for (int i = 0; i < neurons; i++)
        {
            double C = 0;
            for (int t = 0; t < steps; t++)
            {
                I[t, i] = t > 0 ? a * I[t - 1, i] : 0;
                for (int j = 0; j < inputs && t >= _d; j++) I[t, i] += W[j, i] * input[t - _d, j];
                V[t, i] = C + (t >= _c ? I[t - _c, i] : 0);
                S[t, i] = V[t, i] >= Th[i] ? 1 : 0;
                C = (b * V[t, i]) - (neuron.Reset == ResetKind.Soft ? Th[i] * S[t, i] : b * V[t, i] * S[t, i]);
            }
        }
        return new ReferenceTrace(input, I, V, S);
    }

    /// <summary>Takes ∂L/∂S, <c>[T × out]</c>, back to the weights, the thresholds and the input spikes.</summary>
    public ReferenceGradient Backward(ReferenceTrace trace, double[,] gS)
    {
        int steps = gS.GetLength(0), inputs = W.GetLength(0), neurons = W.GetLength(1);
        double a = neuron.CurrentDecay, b = neuron.VoltageDecay;
        bool soft = neuron.Reset == ResetKind.Soft, full = neuron.ResetGradient == ResetGradientKind.Full;
        bool none = neuron.ResetGradient == ResetGradientKind.None;
        double[,] gW = new double[inputs, neurons], gInput = new double[steps, inputs];
        double[] gTh = new double[neurons];
        for (int i = 0; i < neurons; i++)
        {
            double gINext = 0, gVNext = 0;
            for (int t = steps - 1; t >= 0; t--)
            {
                if ((t + 1) % window == 0) (gINext, gVNext) = (0, 0);
                bool isCut = _d == 1 && t % window == 0;
                double V = trace.V[t, i], S = trace.S[t, i];
                double phi = surrogate.Scale / surrogate.Tau * Math.Exp(-Math.Abs(V - Th[i]) / surrogate.Tau);
                double e = gS[t, i] - (full ? (soft ? Th[i] : b * V) * gVNext : 0);
                double gV = ((soft || none ? b : b * (1 - S)) * gVNext) + (e * phi);
                gTh[i] -= (e * phi) + (soft && !none ? S * gVNext : 0);
                double gI = (a * gINext) + (_c == 1 ? gVNext : gV);
                for (int j = 0; j < inputs && t >= _d; j++)
                {
                    gW[j, i] += gI * trace.Input[t - _d, j];
                    if (!isCut) gInput[t - _d, j] += W[j, i] * gI;
                }
                (gINext, gVNext) = (gI, gV);
            }
        }
        return new ReferenceGradient(gW, gTh, gInput);
    }
}

/// <summary>What a layer did on one sample, <c>[T × neurons]</c> each.</summary>
/// <param name="Input">The spikes below.</param>
/// <param name="I">Currents.</param>
/// <param name="V">Membrane potentials, before the reset.</param>
/// <param name="S">Spikes, 0 or 1.</param>
internal sealed record ReferenceTrace(double[,] Input, double[,] I, double[,] V, double[,] S);

/// <summary>The derivatives of the loss by what a layer is made of.</summary>
/// <param name="W"><c>[in × out]</c>.</param>
/// <param name="Th"><c>[out]</c>.</param>
/// <param name="Input">By the spikes below, <c>[T × in]</c>.</param>
internal sealed record ReferenceGradient(double[,] W, double[] Th, double[,] Input);
