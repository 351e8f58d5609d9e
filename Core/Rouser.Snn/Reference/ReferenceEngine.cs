using Rouser.Data;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Regularizers;

namespace Rouser.Snn.Reference;

/// <summary>
/// The whole training step in scalar double precision: slow, dense and close to the equations. What the fused engine
/// is compared with. <see cref="ReferenceLayer"/> has the neuron's equations, <see cref="Optimizers.Optimizer"/>
/// and its kinds the update's, the folder Thresholds those of the thresholds.
/// </summary>
internal sealed class ReferenceEngine
{
    private readonly TrainingSettings _settings;
    private readonly ReferenceDecays[] _membranes,
        _currents;
    private readonly ReferenceOptimizer[] _weights,
        _lengths;
    private long _updates;
    private readonly double[][,] _v;
    private readonly double[][] _g;

    /// <summary>Starts from the trial's initial weights.</summary>
    public ReferenceEngine(TrainingSettings settings)
        : this(
            settings,
            [
                .. settings.LayerSizes.Select(
                    (_, l) => Matrix(InitialWeights.Draw(settings, l + 1), settings.ConnectionOf(l + 1).Columns)
                ),
            ]
        ) { }

    /// <summary>
    /// Starts from the given weights, one <c>[in × out]</c> per layer, and the trial's initial thresholds; see
    /// <see cref="ReferenceLayer"/> for soft spikes.
    /// </summary>
    public ReferenceEngine(TrainingSettings settings, double[][,] weights, Func<double, double>? softSpike = null)
    {
        _settings = settings;
        Layers = [.. weights.Select((w, l) => new ReferenceLayer(settings, (double[,])w.Clone(), l + 1, softSpike))];
        _membranes = [.. Layers.Select(l => new ReferenceDecays(settings, settings.Neuron.Membrane as TrainedMembrane, l.B))];
        _currents = [.. Layers.Select(l => new ReferenceDecays(settings, settings.Neuron.Current as TrainedCurrent, l.A))];
        Delays =
        [
            .. weights.Select(
                (_, l) =>
                    settings.Delays is AxonalDelays delays && l < weights.Length - 1
                        ? new ReferenceDelays(settings, delays, l + 1, isSoft: softSpike is not null)
                        : null
            ),
        ];
        _v = weights;
        _g = [.. weights.Select(ReferenceNormalization.Norms)];
        _weights = [.. weights.Select(w => settings.Optimizer.ForReference(w.Length))];
        _lengths = [.. weights.Select(w => settings.Optimizer.ForReference(w.GetLength(1)))];
    }

    /// <summary>The delays of each layer; null of one that has none.</summary>
    public IReadOnlyList<ReferenceDelays?> Delays { get; }

    /// <summary>The network, the first hidden layer first.</summary>
    public IReadOnlyList<ReferenceLayer> Layers { get; }

    /// <summary>Forward over a batch that trains nothing.</summary>
    public ReferenceBatch Evaluate(IReadOnlyList<Sample> batch) => Forward(batch, isTraining: false, statistics: null);

    /// <summary>Forward and backward over a batch; the gradients are those of the mean loss.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="statistics">See <see cref="ReferenceLayer.Forward"/>, one for each layer.</param>
    public ReferenceBatch Run(IReadOnlyList<Sample> batch, IReadOnlyList<BatchStatistics>? statistics = null)
    {
        ReferenceBatch result = Forward(batch, isTraining: true, statistics);
        double[][,] gS = result.OutputGradients;
        for (int l = Layers.Count - 1; l >= 0; l--)
        {
            for (int s = 0; s < batch.Count && l < Layers.Count - 1 && _settings.Regularizer is not null; s++)
                Penalty(_settings.Regularizer, result.Traces[s][l].S, gS[s], 1.0 / batch.Count);
            ReferenceGradient[] gradients = Layers[l].Backward([.. result.Traces.Select(traces => traces[l])], gS);
            foreach (ReferenceGradient gradient in gradients)
            {
                Add(Flat(gradient.W), Flat(result.Gradients[l].W));
                Add(gradient.Th, result.Gradients[l].Th);
                Add(gradient.A, result.Gradients[l].A);
                Add(gradient.B, result.Gradients[l].B);
                if (Layers[l].Synapses is not null)
                    Add(gradient.D, result.Gradients[l].D);
            }
            gS = [.. gradients.Select((gradient, s) => l == 0 ? gradient.Input : BackFrom(gradient.Input, l, s, result))];
        }
        gS.CopyTo(result.InputGradients, 0);
        return result;
    }

    /// <summary>One update with the batch's gradients.</summary>
    public void Update(ReferenceBatch batch)
    {
        double factor = _settings.Schedule.FactorAt(++_updates, _settings.Length),
            rate = _settings.Optimizer.LearningRate * factor;
        double clip = GradientFactor(batch);
        for (int l = 0; l < Layers.Count; l++)
        {
            double[,] gW = Scaled(batch.Gradients[l].W, clip);
            if (_settings.Weights.Normalize)
            {
                (double[,] gV, double[] gG) = ReferenceNormalization.Backward(_v[l], _g[l], gW);
                _weights[l].UpdateWeights(_v[l], gV, rate);
                _lengths[l].UpdateWeights(_g[l], gG, rate);
                ReferenceNormalization.Apply(_v[l], _g[l], Layers[l].W);
            }
            else
            {
                _weights[l].UpdateWeights(Layers[l].W, gW, rate);
            }
            Layers[l].Rule.Update(Scaled(batch.Gradients[l].Th, clip), [.. batch.Traces.Select(traces => traces[l])], factor);
            _membranes[l].Update(Scaled(batch.Gradients[l].B, clip), factor);
            _currents[l].Update(Scaled(batch.Gradients[l].A, clip), factor);
            Layers[l].Normalization?.Update(clip, factor);
            Delays[l]?.Update(Scaled(batch.Gradients[l].D, clip), factor);
            Layers[l].Synapses?.Update(Scaled(batch.Gradients[l].D, clip), factor);
        }
    }

    /// <summary>
    /// What clipping leaves of the batch's gradients. What thresholds and decays are made of has gradients that are
    /// linear in theirs, so those of thresholds and decays are shortened.
    /// </summary>
    private double GradientFactor(ReferenceBatch batch)
    {
        if (_settings.Optimizer.ClipNorm is not { } clip)
            return 1;
        double squares = Layers
            .SelectMany(
                (_, l) =>
                    batch
                        .Gradients[l]
                        .W.Cast<double>()
                        .Concat(ThresholdGradient(batch, l))
                        .Concat(_membranes[l].Gradient(batch.Gradients[l].B))
                        .Concat(_currents[l].Gradient(batch.Gradients[l].A))
                        .Concat(Layers[l].Normalization?.GainGradient ?? [])
                        .Concat(Layers[l].Normalization?.BiasGradient ?? [])
                        .Concat(batch.Gradients[l].D)
            )
            .Sum(g => g * g);
        return Math.Min(1, clip / Math.Sqrt(squares));
    }

    private static double[] Scaled(double[] x, double factor) => [.. x.Select(value => factor * value)];

    private static double[,] Scaled(double[,] x, double factor)
    {
        double[,] scaled = (double[,])x.Clone();
        foreach (ref double value in Flat(scaled))
            value *= factor;
        return scaled;
    }

    /// <summary>
    /// The gradient of what a layer's rule trains: ∂L/∂p, one value per neuron or layer; empty where it trains
    /// nothing.
    /// </summary>
    public double[] ThresholdGradient(ReferenceBatch batch, int l) => Layers[l].Rule.Gradient(batch.Gradients[l].Th);

    private ReferenceBatch Forward(IReadOnlyList<Sample> batch, bool isTraining, IReadOnlyList<BatchStatistics>? statistics)
    {
        ReferenceBatch result = new(Layers, batch.Count);
        double[][,] spikes = [.. batch.Select(sample => Dense(sample.Raster))];
        for (int l = 0; l < Layers.Count; l++)
        {
            ReferenceTrace[] traces = Layers[l].Forward(spikes, isTraining, statistics?[l]);
            for (int s = 0; s < batch.Count; s++)
                result.Traces[s][l] = traces[s];
            spikes =
            [
                .. traces
                    .Select(trace => Delays[l]?.Heard(trace.S) ?? trace.S)
                    .Select((S, s) => isTraining && l < Layers.Count - 1 ? Heard(S, l + 1, s) : S),
            ];
        }
        for (int s = 0; s < batch.Count; s++)
        {
            (double loss, double[,] gS) = _settings.Readout is null
                ? SpikeLoss(spikes[s], batch[s].Label)
                : ReadoutLoss(result, s, batch[s].Label);
            result.LossSum += loss;
            foreach (ref double g in Flat(gS))
                g /= batch.Count;
            result.OutputGradients[s] = gS;
            if (_settings.Regularizer is not { } regularizer)
                continue;
            foreach (ReferenceTrace hidden in result.Traces[s].SkipLast(1))
                result.LossSum += Penalty(regularizer, hidden.S, new double[hidden.S.GetLength(0), hidden.S.GetLength(1)], 1);
        }
        return result;
    }

    /// <summary>
    /// ∂L/∂S of layer <paramref name="number"/> (from 1) from that by what the layer above hears of it; the gradient of its
    /// delays is added to the batch's.
    /// </summary>
    private double[,] BackFrom(double[,] gHeard, int number, int sample, ReferenceBatch batch)
    {
        double[,] g = Heard(gHeard, number, sample);
        if (Delays[number - 1] is not { } delays)
            return g;
        (double[,] gS, double[] gD) = delays.Backward(g, batch.Traces[sample][number - 1].S);
        Add(gD, batch.Gradients[number - 1].D);
        return gS;
    }

    /// <summary>
    /// What dropout leaves, in the next update, of something of layer <paramref name="number"/> (from 1),
    /// <c>[T × N]</c>.
    /// </summary>
    private double[,] Heard(double[,] x, int number, int sample)
    {
        if (_settings.Dropout is not { } dropout)
            return x;
        ulong key = Dropout.Key(_settings.Seed, number);
        double[,] heard = new double[x.GetLength(0), x.GetLength(1)];
        for (int t = 0; t < x.GetLength(0); t++)
        {
            for (int i = 0; i < x.GetLength(1); i++)
                heard[t, i] = dropout.Keeps(key, _updates + 1, sample, i) ? dropout.Factor * x[t, i] : 0;
        }
        return heard;
    }

    private (double Loss, double[,] GS) SpikeLoss(double[,] S, int label)
    {
        double[,] gS = new double[S.GetLength(0), S.GetLength(1)];
        // A copy, because the loss may shift what it is given.
        return (_settings.Loss.Evaluate(Flat((double[,])S.Clone()), S.GetLength(1), label, Flat(gS)), gS);
    }

    private (double Loss, double[,] GV) ReadoutLoss(ReferenceBatch result, int s, int label)
    {
        double[,] output = _settings.Readout!.Spikes ? result.Traces[s][^1].S : result.Traces[s][^1].V,
            gV = (double[,])output.Clone();
        double[] z = new double[output.GetLength(1)],
            gz = new double[z.Length];
        _settings.Readout.Read(Flat(output), z);
        result.Logits[s] = [.. z];
        double loss = _settings.Loss.Evaluate(z, z.Length, label, gz);
        _settings.Readout.Spread(gz, Flat(gV));
        return (loss, gV);
    }

    /// <summary>
    /// The penalty on a layer's spikes; its gradient, times <paramref name="share"/>, is added to
    /// <paramref name="gS"/>, <c>[T × N]</c>.
    /// </summary>
    internal static double Penalty(Regularizer regularizer, double[,] S, double[,] gS, double share)
    {
        int steps = S.GetLength(0),
            neurons = S.GetLength(1);
        double[] n = [.. Enumerable.Range(0, neurons).Select(i => Enumerable.Range(0, steps).Sum(t => S[t, i]))],
            gradient = new double[neurons];
        double penalty = regularizer.Evaluate(n, 1, gradient);
        for (int t = 0; t < steps; t++)
        {
            for (int i = 0; i < neurons; i++)
                gS[t, i] += share * gradient[i];
        }
        return penalty;
    }

    /// <summary>The raster as a dense <c>[T × N]</c> of 0 and 1.</summary>
    public static double[,] Dense(SpikeRaster raster)
    {
        double[,] spikes = new double[raster.StepCount, raster.NeuronCount];
        for (int t = 0; t < raster.StepCount; t++)
        {
            foreach (ushort j in raster.At(t))
                spikes[t, j] = 1;
        }
        return spikes;
    }

    private static double[,] Matrix(float[] values, int columns)
    {
        double[,] matrix = new double[values.Length / columns, columns];
        for (int k = 0; k < values.Length; k++)
            matrix[k / columns, k % columns] = values[k];
        return matrix;
    }

    private static void Add(ReadOnlySpan<double> x, Span<double> sum)
    {
        for (int k = 0; k < x.Length; k++)
            sum[k] += x[k];
    }

    private static Span<double> Flat(double[,] x) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref x[0, 0], x.Length);
}

/// <summary>What a batch showed, with everything in between.</summary>
internal sealed class ReferenceBatch(IReadOnlyList<ReferenceLayer> layers, int samples)
{
    /// <summary>The loss, summed over samples.</summary>
    public double LossSum { get; set; }

    /// <summary><c>[sample][layer]</c>.</summary>
    public ReferenceTrace[][] Traces { get; } = [.. Enumerable.Range(0, samples).Select(_ => new ReferenceTrace[layers.Count])];

    /// <summary><c>[layer]</c>: of the mean loss; the member for the input spikes is not used.</summary>
    public ReferenceGradient[] Gradients { get; } =
    [
        .. layers.Select(l => new ReferenceGradient(
            new double[l.W.GetLength(0), l.W.GetLength(1)],
            new double[l.Neurons],
            new double[l.Neurons],
            new double[l.Neurons],
            new double[0, 0]
        )
        {
            D = new double[l.Synapses?.D.Length ?? l.Th.Length],
        }),
    ];

    /// <summary><c>[sample]</c>: the logits of an output layer that does not spike, <c>[N]</c>.</summary>
    public double[][] Logits { get; } = new double[samples][];

    /// <summary>
    /// <c>[sample]</c>: ∂(mean L)/∂S of the output layer, <c>[T × N]</c>, or by V of one that does not spike.
    /// </summary>
    public double[][,] OutputGradients { get; } = new double[samples][,];

    /// <summary><c>[sample]</c>: ∂(mean L)/∂S of the input, <c>[T × N]</c>.</summary>
    public double[][,] InputGradients { get; } = new double[samples][,];
}
