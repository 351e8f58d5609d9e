using Rouser.Snn.Connections;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Surrogates;

namespace Rouser.Snn.Reference;

/// <summary>
/// One layer of current-based leaky integrate-and-fire neurons in double precision, written to be compared with the
/// equations.
/// </summary>
/// <remarks>
/// Forward, for t = 0 … T−1 with all states 0 before (paper, equations 1 to 3; a = 1/τ_i, b = 1/τ_v):
/// <code>
/// delayed (paper)       I[t] = a I[t−1] + W S_in[t−1]       V[t] = C[t−1] + I[t−1]
/// same step (SLAYER)    I[t] = a I[t−1] + W S_in[t]         V[t] = C[t−1] + I[t]
///                       S[t] = 1 if V[t] ≥ Th[t] else 0
/// soft reset            C[t] = b V[t] − R[t],               R[t] = Th[t] S[t]   (the subtracted threshold does not decay)
/// hard reset            C[t] = b V[t] − R[t],               R[t] = b V[t] S[t]  (what is carried is 0 after a spike)
/// </code>
/// A layer that hears itself gains U S[t−1] in I[t], and Uᵀ gI[t+1] in gS[t] (<see cref="Connections.Recurrence"/>).
/// <para>
/// Th[t] is one number per neuron, but for <see cref="Thresholds.AdaptiveThreshold"/>, where it follows the neuron's
/// own spikes, and <see cref="Thresholds.DsAtgoThreshold"/>, where it follows the layer's potentials over the batch:
/// so a layer runs a batch at once, step by step.
/// </para>
/// <para>
/// With same-step coupling a layer hands its output on one step later: for every layer but the first, S_in[t] above
/// is the spike of the layer below at t − 1. So both couplings come to two lags: <c>d</c>, from an input spike to the
/// current (delayed: 1; same step: 0 in the first layer, else 1), and <c>c</c>, from the current to the potential
/// (delayed: 1; same step: 0). The loss takes the last layer's S[t] as it is.
/// </para>
/// <para>
/// Backward, for t = T−1 … 0 with all gradients 0 after; gS[t] = ∂L/∂S[t] comes from above, φ[t] stands for ∂S/∂V and
/// −ψ[t] for ∂S/∂Th (<see cref="Surrogate"/>; ψ = φ, but φ V/Th for a relative threshold). The reset R[t] enters
/// V[t+1] with a minus. The three gradients through it:
/// </para>
/// <code>
/// none       R is a constant                     e = gS[t]                         gV[t] = b gV[t+1] + e φ[t]
///                                                gTh[t] = −e ψ[t]
/// threshold  in R, S is a constant       soft    e = gS[t]                         gV[t] = b gV[t+1] + e φ[t]
///                                                gTh[t] = −e ψ[t] − S[t] gV[t+1]
///                                        hard    e = gS[t]                         gV[t] = b (1 − S[t]) gV[t+1] + e φ[t]
///                                                gTh[t] = −e ψ[t]
/// full       nothing is                  soft    e = gS[t] − Th[t] gV[t+1]         gV[t] = b gV[t+1] + e φ[t]
///                                                gTh[t] = −e ψ[t] − S[t] gV[t+1]
///                                        hard    e = gS[t] − b V[t] gV[t+1]        gV[t] = b (1 − S[t]) gV[t+1] + e φ[t]
///                                                gTh[t] = −e ψ[t]
/// clipped    as full, but r in e = gS[t] + r gV[t+1], which is −Th[t] or −b V[t], is moved towards 0 until the factor
///            of gV[t+1] in gV[t], b + r φ[t] (soft) or b (1 − S[t]) + r φ[t] (hard), lies within ±1
/// adaptive   e gains (1 − ρ) gA[t+1]     gA[t] = ρ gA[t+1] + β gTh[t]
/// all        gI[t] = a gI[t+1] + gV[t+c]     gW = Σ_t gI[t] S_in[t−d]ᵀ     gS_in[t−d] = Wᵀ gI[t]
///            gTh = Σ_t gTh[t]                ga = Σ_t I[t] gI[t+1]
///            gb = Σ_t V[t] gV[t+1], times (1 − S[t]) for a hard reset whose gradient is not none
/// </code>
/// Truncated BPTT, with a window of n steps: nothing passes back from step kn to step kn − 1. There gI[t+1], gV[t+1]
/// and gA[t+1] are 0 at t = kn − 1, and gS_in[t−d] at t = kn if d is 1; gW stays a sum over all spikes.
/// <para>
/// "none" is equations 7 and 8 read literally and what SLAYER 2.0 codes, for both resets.
/// <see cref="LavaFixedPoint"/> has the roundings of its numbers.
/// </para>
/// </remarks>
internal sealed class ReferenceLayer
{
    private readonly TrainingSettings _settings;
    private readonly NeuronSettings _neuron;
    private readonly Surrogate _surrogate;
    private readonly Func<double, double>? _softSpike;
    private readonly bool _isRelative,
        _isReadout,
        _lava,
        _isRecurrent;
    private readonly int _d,
        _c;
    private readonly ReferenceConnection _connection;

    /// <summary>Starts from the given weights and the trial's thresholds and decays.</summary>
    /// <param name="settings">The neuron, the surrogate, the threshold's rule, the numbers and the window n.</param>
    /// <param name="W">Weights, <c>[in × out]</c>, above those from the layer itself where it hears itself; or
    /// <c>[rows × columns]</c> of <see cref="Layers.LayerConnection"/>.</param>
    /// <param name="number">From 1; the first layer sees the input itself.</param>
    /// <param name="softSpike"> Null for spikes. Else F, an antiderivative of the surrogate's shape g: then S = h τ
    /// F(u) in place of 0 or 1, whose true derivative the surrogate is, and whatever follows from the full gradient
    /// can be checked by finite differences.
    /// </param>
    public ReferenceLayer(TrainingSettings settings, double[,] W, int number, Func<double, double>? softSpike = null)
    {
        _isReadout = !settings.HasSpikes(number - 1, settings.LayerSizes.Count);
        _isRecurrent = settings.HearsItself(number - 1, settings.LayerSizes.Count);
        (_settings, _neuron, _surrogate, _softSpike) = (settings, settings.Neuron, settings.Surrogate, softSpike);
        (_isRelative, _lava) = (settings.Threshold.IsRelative, settings.Quantization == Quantization.Lava);
        bool delayed = _neuron.Coupling == CouplingKind.Delayed;
        (_d, _c) = (delayed || number > 1 ? 1 : 0, delayed ? 1 : 0);
        this.W = W;
        Neurons = settings.LayerSizes[number - 1];
        _connection = new ReferenceConnection(settings.ConnectionOf(number));
        Th = [.. Enumerable.Repeat(settings.Threshold.Init, _isReadout ? 0 : Neurons)];
        A = Heterogeneity.CurrentFactors(settings, number);
        B = Heterogeneity.VoltageFactors(settings, number);
        Rule = _isReadout ? new ReferenceThreshold(this) : settings.Threshold.ForReference(settings, this);
        if (settings.Normalization is { } tdbn && tdbn.Normalizes(number, settings.LayerSizes.Count))
            Normalization = new ReferenceBatchNormalization(settings, tdbn, Neurons);
        if (settings.Delays is SynapticDelays synaptic && synaptic.IsOf(number - 1))
            Synapses = new ReferenceSynapses(settings, synaptic, number, _d, isSoft: softSpike is not null);
    }

    /// <summary>Weights, <c>[in × out]</c>, before any rounding; below them those from the layer itself, <c>[out × out]</c>.</summary>
    public double[,] W { get; }

    /// <summary>Neurons of the layer.</summary>
    public int Neurons { get; }

    /// <summary>
    /// Thresholds, <c>[out]</c>, before any rounding; Th_init of rules that move it from step to step; empty for an
    /// output layer that does not spike.
    /// </summary>
    public double[] Th { get; }

    /// <summary>a, the decay of the current, <c>[out]</c>.</summary>
    public double[] A { get; }

    /// <summary>b, the decay of the potential, <c>[out]</c>.</summary>
    public double[] B { get; }

    /// <summary>The normalisation of the input; null if there is none.</summary>
    public ReferenceBatchNormalization? Normalization { get; }

    /// <summary>The delays of its weights; null if there are none.</summary>
    public ReferenceSynapses? Synapses { get; }

    /// <summary>What the rule does to the thresholds.</summary>
    public ReferenceThreshold Rule { get; }

    /// <summary>A threshold as neurons meet it: rounded, if the trial's numbers are.</summary>
    public double Effective(double threshold) => _lava ? LavaFixedPoint.Threshold(threshold) : threshold;

    /// <summary>Runs the layer over the samples of a batch, <c>[T × in]</c> each.</summary>
    /// <param name="inputs">One for each sample.</param>
    /// <param name="statistics"> Thresholds and widths of <see cref="Thresholds.DsAtgoThreshold"/> to take as they
    /// are; null to make them from this batch.
    /// </param>
    /// <param name="isTraining">Whether the batch trains; only <see cref="Thresholds.DsAtgoThreshold"/> cares.</param>
    public ReferenceTrace[] Forward(double[][,] inputs, bool isTraining = true, BatchStatistics? statistics = null)
    {
        int steps = inputs[0].GetLength(0),
            neurons = Neurons;
        double[,] w = EffectiveWeights();
        double[][] C = [.. inputs.Select(_ => new double[neurons])];
        Rule.Start(inputs.Length);
        double[][,] z = [.. inputs.Select(input => Times(w, input))],
            y = Normalization?.Forward(z, isTraining) ?? z;
        BatchStatistics used = new(new double[steps], new double[steps]);
        ReferenceTrace[] traces =
        [
            .. inputs.Select(
                (input, s) =>
                    new ReferenceTrace(
                        input,
                        z[s],
                        new double[steps, neurons],
                        new double[steps, neurons],
                        new double[steps, neurons],
                        new double[steps, neurons],
                        used
                    )
            ),
        ];
        for (int t = 0; t < steps; t++)
        {
            for (int s = 0; s < inputs.Length; s++)
            {
                (double[,] I, double[,] V) = (traces[s].I, traces[s].V);
                double[] own = t > 0 ? Own(w, traces[s].S, t - 1) : new double[neurons];
                for (int i = 0; i < neurons; i++)
                {
                    double x = State(y[s][t, i] + own[i]);
                    I[t, i] = t > 0 ? State(Decay(A[i]) * I[t - 1, i]) + x : x;
                    V[t, i] = State(C[s][i]) + (t >= _c ? I[t - _c, i] : 0);
                }
            }
            if (_isReadout)
            {
                for (int s = 0; s < inputs.Length; s++)
                {
                    for (int i = 0; i < neurons; i++)
                        (traces[s].Th[t, i], C[s][i]) = (double.PositiveInfinity, Decay(B[i]) * traces[s].V[t, i]);
                }
                continue;
            }
            Rule.Step(traces, t, isTraining, statistics);
            for (int s = 0; s < inputs.Length; s++)
            {
                (double[,] V, double[,] S, double[,] th) = (traces[s].V, traces[s].S, traces[s].Th);
                for (int i = 0; i < neurons; i++)
                {
                    th[t, i] = Rule.At(s, t, i);
                    double b = Decay(B[i]);
                    S[t, i] = _softSpike is null
                        ? (V[t, i] >= th[t, i] ? 1 : 0)
                        : Soft(V[t, i], th[t, i], Rule.WidthAt(traces[s], t));
                    C[s][i] = (b * V[t, i]) - (_neuron.Reset == ResetKind.Soft ? th[t, i] * S[t, i] : b * V[t, i] * S[t, i]);
                    Rule.Spiked(s, i, S[t, i]);
                }
            }
        }
        return traces;
    }

    /// <summary>
    /// Takes ∂L/∂S, <c>[T × out]</c>, or ∂L/∂V of an output layer that does not spike (<see
    /// cref="Readouts.LeakyReadout"/> has its equations), of the samples of a batch back to the weights, the thresholds,
    /// the decays and the input spikes of each.
    /// </summary>
    public ReferenceGradient[] Backward(IReadOnlyList<ReferenceTrace> traces, IReadOnlyList<double[,]> gS)
    {
        NeuronGradient[] neurons = [.. traces.Select((trace, s) => BackwardNeurons(trace, gS[s]))];
        double[][,] gI = [.. neurons.Select(g => g.I)],
            gZ = Normalization?.Backward([.. traces.Select(trace => trace.Z)], gI) ?? gI;
        return [.. traces.Select((trace, s) => BackwardWeights(trace, neurons[s], gZ[s]))];
    }

    private NeuronGradient BackwardNeurons(ReferenceTrace trace, double[,] gS)
    {
        int steps = gS.GetLength(0),
            neurons = Neurons;
        bool soft = _neuron.Reset == ResetKind.Soft,
            none = _neuron.ResetGradient == ResetGradientKind.None,
            clipped = _neuron.ResetGradient == ResetGradientKind.Clipped,
            toSpike = clipped || _neuron.ResetGradient == ResetGradientKind.Full;
        double[,] gI = new double[steps, neurons];
        double[] gThSum = new double[neurons],
            gA = new double[neurons],
            gB = new double[neurons],
            gINext = new double[neurons],
            gVNext = new double[neurons];
        Rule.Cut();
        for (int t = steps - 1; t >= 0; t--)
        {
            if ((t + 1) % _settings.GradientWindow == 0)
            {
                (gINext, gVNext) = (new double[neurons], new double[neurons]);
                Rule.Cut();
            }
            double[] gOwn = BackwardOwn(gINext);
            for (int i = 0; i < neurons; i++)
            {
                double a = Decay(A[i]),
                    b = Decay(B[i]);
                if (_isReadout)
                {
                    double gPotential = (b * gVNext[i]) + gS[t, i];
                    gI[t, i] = (a * gINext[i]) + (_c == 1 ? gVNext[i] : gPotential);
                    gB[i] += trace.V[t, i] * gVNext[i];
                    gA[i] += trace.I[t, i] * gINext[i];
                    gVNext[i] = gPotential;
                    continue;
                }
                double V = trace.V[t, i],
                    S = trace.S[t, i],
                    Th = trace.Th[t, i],
                    width = Rule.WidthAt(trace, t);
                double phi = _surrogate.Height / width * _surrogate.Shape(Argument(V, Th, width)) / (_isRelative ? Th : 1);
                double psi = _isRelative ? phi * V / Th : phi;
                double kept = soft || none ? b : b * (1 - S),
                    r = soft ? -Th : -b * V;
                if (clipped && phi != 0)
                    r = Math.Clamp(r, -(1 + kept) / phi, (1 - kept) / phi);
                double e = gS[t, i] + gOwn[i] + (toSpike ? r * gVNext[i] : 0) + Rule.ToSpike(i);
                double gV = (kept * gVNext[i]) + (e * phi);
                double gTh = -(e * psi) - (soft && !none ? S * gVNext[i] : 0);
                gI[t, i] = (a * gINext[i]) + (_c == 1 ? gVNext[i] : gV);
                gThSum[i] += gTh;
                gB[i] += V * (soft || none ? 1 : 1 - S) * gVNext[i];
                gA[i] += trace.I[t, i] * gINext[i];
                gVNext[i] = gV;
                Rule.Back(i, gTh);
            }
            for (int i = 0; i < neurons; i++)
                gINext[i] = gI[t, i];
        }
        return new NeuronGradient(gI, gThSum, gA, gB);
    }

    private ReferenceGradient BackwardWeights(ReferenceTrace trace, NeuronGradient neuron, double[,] gZ)
    {
        int steps = gZ.GetLength(0),
            inputs = trace.Input.GetLength(1);
        double[,] w = EffectiveWeights(),
            P = _connection.Pooled(trace.Input),
            gW = new double[W.GetLength(0), W.GetLength(1)],
            gP = new double[steps, P.GetLength(1)];
        double[]? gD = Synapses?.Backward(w, P, gZ, gW, gP);
        for (int t = steps - 1; t >= _d && Synapses is null; t--)
        {
            bool isCut = _d == 1 && t % _settings.GradientWindow == 0;
            _connection.Back(w, P, t - _d, gZ, t, gW, isCut ? null : gP);
        }
        for (int t = steps - 1; t >= 1 && _isRecurrent; t--)
        {
            for (int j = 0; j < Neurons; j++)
            {
                for (int i = 0; i < Neurons; i++)
                    gW[inputs + j, i] += gZ[t, i] * trace.S[t - 1, j];
            }
        }
        ReferenceGradient gradient = new(gW, neuron.Th, neuron.A, neuron.B, _connection.Unpooled(gP));
        return gD is null ? gradient : gradient with { D = gD };
    }

    /// <summary>U S of a step, <c>[out]</c>; 0 where the layer does not hear itself.</summary>
    private double[] Own(double[,] w, double[,] S, int t)
    {
        int neurons = Neurons,
            first = w.GetLength(0) - neurons;
        double[] sum = new double[neurons];
        for (int j = 0; j < neurons && _isRecurrent; j++)
        {
            for (int i = 0; i < neurons; i++)
                sum[i] += w[first + j, i] * S[t, j];
        }
        return sum;
    }

    /// <summary>Uᵀ ∂L/∂I of the step after, <c>[out]</c>; 0 likewise.</summary>
    private double[] BackwardOwn(double[] gINext)
    {
        int neurons = gINext.Length,
            first = W.GetLength(0) - neurons;
        double[] sum = new double[neurons];
        if (!_isRecurrent)
            return sum;
        double[,] w = EffectiveWeights();
        for (int j = 0; j < neurons; j++)
        {
            for (int i = 0; i < neurons; i++)
                sum[j] += w[first + j, i] * gINext[i];
        }
        return sum;
    }

    /// <summary>W S_in[t−d] at each step, <c>[T × out]</c>; 0 before the first.</summary>
    private double[,] Times(double[,] w, double[,] input)
    {
        double[,] P = _connection.Pooled(input),
            z = new double[input.GetLength(0), Neurons];
        Synapses?.Drive(w, P, z);
        for (int t = _d; t < z.GetLength(0) && Synapses is null; t++)
            _connection.Times(w, P, t - _d, z, t);
        return z;
    }

    /// <summary>u, the surrogate's argument.</summary>
    private double Argument(double V, double Th, double width) =>
        (_isRelative ? (V / Th) - 1 : V - Th) / (width * _surrogate.Tau);

    private double Soft(double V, double Th, double width) =>
        _surrogate.Height * _surrogate.Tau * _softSpike!(Argument(V, Th, width));

    private double Decay(double decay) => _lava ? LavaFixedPoint.Decay(decay) : decay;

    private double State(double x) => _lava ? LavaFixedPoint.State(x) : x;

    private sealed record NeuronGradient(double[,] I, double[] Th, double[] A, double[] B);

    private double[,] EffectiveWeights()
    {
        if (!_lava)
            return W;
        double[,] w = (double[,])W.Clone();
        for (int j = 0; j < w.GetLength(0); j++)
        {
            for (int i = 0; i < w.GetLength(1); i++)
                w[j, i] = LavaFixedPoint.Weight(w[j, i]);
        }
        return w;
    }
}

/// <summary>What a layer did on one sample, <c>[T × neurons]</c> each.</summary>
/// <param name="Input">The spikes below.</param>
/// <param name="Z">What they bring to each neuron, W S_in, before any normalisation.</param>
/// <param name="I">Currents.</param>
/// <param name="V">Membrane potentials, before the reset.</param>
/// <param name="S">Spikes, 0 or 1.</param>
/// <param name="Th">The thresholds that they met.</param>
/// <param name="Statistics">What <see cref="Thresholds.DsAtgoThreshold"/> made of the batch.</param>
internal sealed record ReferenceTrace(
    double[,] Input,
    double[,] Z,
    double[,] I,
    double[,] V,
    double[,] S,
    double[,] Th,
    BatchStatistics Statistics
)
{
    /// <summary>Neuron <paramref name="i"/>'s spikes.</summary>
    public double Count(int i) => Enumerable.Range(0, S.GetLength(0)).Sum(t => S[t, i]);
}

/// <summary>
/// Thresholds and widths of the surrogate at each step, <c>[T]</c>, for <see cref="Thresholds.DsAtgoThreshold"/>.
/// </summary>
internal sealed record BatchStatistics(double[] Th, double[] Width)
{
    /// <summary>Whether the potentials differed, so that the running average moves.</summary>
    public bool[] HasSpread { get; } = new bool[Th.Length];
}

/// <summary>The derivatives of the loss by what a layer is made of.</summary>
/// <param name="W"><c>[in × out]</c>.</param>
/// <param name="Th"><c>[out]</c>.</param>
/// <param name="A">By a, <c>[out]</c>.</param>
/// <param name="B">By b, <c>[out]</c>.</param>
/// <param name="Input">By the spikes below, <c>[T × in]</c>.</param>
internal sealed record ReferenceGradient(double[,] W, double[] Th, double[] A, double[] B, double[,] Input)
{
    /// <summary>By d, the delays of the layer's spikes, <c>[out]</c>, or of its weights, <c>[in × out]</c>; else 0.</summary>
    public double[] D { get; init; } = new double[Th.Length];
}
