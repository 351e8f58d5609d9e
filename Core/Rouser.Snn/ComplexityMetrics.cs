using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Layers;
using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;
using Rouser.Snn.Thresholds;

namespace Rouser.Snn;

/// <summary>
/// What a network takes: the complexity metrics of NeuroBench (Yik et al., arXiv 2304.04640), per sample where they
/// depend on the samples.
/// </summary>
/// <remarks>
/// Over layers l, steps t and evaluated samples:
/// <code>
/// ConnectionSparsity = weights that are 0 / weights
/// ActivationSparsity = 1 − spikes of all layers / (neurons · T · samples)
/// EffectiveAcs       = Σ spikes of neuron j that a layer hears · weights of j that are not 0, / samples
/// Dense              = T · synapses, a shared weight once for each neuron that it feeds
/// MembraneUpdates    = (neuron, step) whose V differs from that of the step before, all at the first, / samples
/// </code>
/// An output layer that does not spike has weights and membrane updates, and no part in the activation sparsity.
/// A spike counts where it is sent, also in the last step, after which nothing would see it. NeuroBench rounds the
/// connection sparsity to 4 decimals; here nothing is rounded.
/// </remarks>
/// <param name="Footprint">Bytes of the weights (4 each, 1 where they are rounded to 8 bits), thresholds, delays and trained
/// leaks (4 each).</param>
/// <param name="ParameterCount">Weights, delays, and thresholds, decays, gains and biases that follow a gradient.</param>
/// <param name="ConnectionSparsity">Share of the weights that are 0, as the forward pass takes them.</param>
/// <param name="ActivationSparsity">Share of (neuron, step) without a spike.</param>
/// <param name="EffectiveAcs">Accumulations per sample.</param>
/// <param name="EffectiveMacs">Multiply-accumulations per sample: 0, because input and activations are binary.</param>
/// <param name="DenseOperations">Synaptic operations per sample if nothing were sparse.</param>
/// <param name="MembraneUpdates">Changes of a membrane potential per sample.</param>
public sealed record ComplexityMetrics(
    long Footprint,
    long ParameterCount,
    double ConnectionSparsity,
    double ActivationSparsity,
    double EffectiveAcs,
    double EffectiveMacs,
    double DenseOperations,
    double MembraneUpdates
)
{
    /// <summary>The metrics of a network over the samples that it was evaluated on.</summary>
    /// <param name="settings">How it was trained.</param>
    /// <param name="stepCount">T.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="inputSpikes">Spikes of each input neuron over all samples.</param>
    /// <param name="spikes"><c>[layer][neuron]</c>: the same of the layers.</param>
    /// <param name="membraneUpdates">Changes of potentials over all samples.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="connections">How the layers are connected; null where all are dense.</param>
    public static ComplexityMetrics Of(
        MethodSettings settings,
        int stepCount,
        IReadOnlyList<LayerState> layers,
        long[] inputSpikes,
        IReadOnlyList<long[]> spikes,
        long membraneUpdates,
        int samples,
        IReadOnlyList<LayerConnection>? connections = null
    )
    {
        bool rounded = settings.Quantization == Quantization.Lava;
        long footprint = 0,
            parameters = 0,
            weights = 0,
            zeros = 0,
            operations = 0,
            synapses = 0,
            sent = 0,
            neurons = 0;
        for (int l = 0; l < layers.Count; l++)
        {
            LayerState layer = layers[l];
            long thresholds = settings.HasSpikes(l, layers.Count) ? Thresholds(settings.Threshold, layer, stepCount) : 0,
                leaks = Leaks(settings, layer),
                // Gain and bias are trained; folded into the weights, what is stored of them is a bias.
                delays = layer.Tensors.TryGetValue(SpikeDelays.Tensor, out float[]? d) ? d.LongLength : 0,
                biases = layer.Tensors.TryGetValue("normalization.bias", out float[]? bias) ? bias.LongLength : 0;
            footprint +=
                (layer.Weights.LongLength * (rounded ? 1 : 4))
                + (4 * (thresholds + leaks + DrawnDecays(layer) + biases + delays));
            parameters +=
                layer.Weights.LongLength
                + (settings.Threshold is TrainedThreshold ? thresholds : 0)
                + leaks
                + (2 * biases)
                + delays;
            weights += layer.Weights.LongLength;
            neurons += settings.HasSpikes(l, layers.Count) ? layer.NeuronCount : 0;
            sent += spikes[l].Sum();
            long[] below = l == 0 ? inputSpikes : spikes[l - 1];
            LayerConnection connection = connections?[l] ?? new LayerConnection(layer.InputCount, layer.NeuronCount);
            int columns = connection.Columns,
                own = connections is null ? layer.OwnRows : 0;
            int[] fanOut =
            [
                .. Enumerable
                    .Range(0, connection.Rows + own)
                    .Select(j => FanOut(layer.Weights.AsSpan(j * columns, columns), rounded)),
            ];
            zeros += fanOut.Sum(n => (long)columns - n);
            for (int j = 0; j < layer.InputCount; j++)
            {
                foreach (int row in connection.RowsOf(j))
                {
                    synapses += columns;
                    operations += below[j] * fanOut[row];
                }
            }
            for (int j = 0; j < own; j++)
            {
                synapses += columns;
                operations += spikes[l][j] * fanOut[connection.Rows + j];
            }
        }
        double places = (double)neurons * stepCount * samples;
        return new ComplexityMetrics(
            footprint,
            parameters,
            (double)zeros / weights,
            (places - sent) / places,
            (double)operations / samples,
            0,
            (double)stepCount * synapses,
            (double)membraneUpdates / samples
        );
    }

    private static int FanOut(ReadOnlySpan<float> row, bool rounded)
    {
        int count = 0;
        foreach (float w in row)
            count += (rounded ? LavaFixedPoint.Weight(w) : w) != 0 ? 1 : 0;
        return count;
    }

    private static long Thresholds(ThresholdRule rule, LayerState layer, int stepCount) =>
        rule is TrainedThreshold { PerLayer: true } ? 1
        : rule.NeedsWholeBatch ? stepCount
        : layer.NeuronCount;

    private static long Leaks(MethodSettings settings, LayerState layer) =>
        Count(settings.Neuron.Membrane as TrainedMembrane, layer) + Count(settings.Neuron.Current as TrainedCurrent, layer);

    private static long Count(ITrainedDecay? trained, LayerState layer) =>
        trained is null ? 0
        : trained.PerNeuron ? layer.NeuronCount
        : 1;

    // Decays that stay where they were drawn have to be stored, though nothing trains them.
    private static long DrawnDecays(LayerState layer) =>
        layer.Tensors.Where(t => t.Key.EndsWith(".decay", StringComparison.Ordinal)).Sum(t => t.Value.LongLength);
}
