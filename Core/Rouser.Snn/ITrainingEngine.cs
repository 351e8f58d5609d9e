using System.Numerics;
using Rouser.Data;

namespace Rouser.Snn;

/// <summary>
/// Trains one network. An engine is used by one trial at a time, from one thread; it may use more threads inside, but
/// its results are the same bytes for any number of them.
/// </summary>
public interface ITrainingEngine : IDisposable
{
    /// <summary>
    /// Forward, backward through time and one update on the batch, 1 to <c>BatchSize</c> samples.
    /// </summary>
    /// <returns>What the batch showed; overwritten by the next call.</returns>
    /// <exception cref="NumericalFailureException">A weight, threshold or gradient is no longer finite.</exception>
    BatchResult Train(ReadOnlySpan<Sample> batch);

    /// <summary>Forward only, 1 to <c>BatchSize</c> samples.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="countUpdates">Whether <see cref="BatchResult.MembraneUpdates"/> are wanted.</param>
    /// <returns>What the batch showed; overwritten by the next call.</returns>
    BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false);

    /// <summary>The network as it is now; a copy.</summary>
    NetworkState Export();

    /// <summary>
    /// Goes on from <paramref name="state"/>, which came from <see cref="Export"/> on a network of the same settings.
    /// </summary>
    void Import(NetworkState state);
}

/// <summary>What one batch showed. The arrays belong to the engine and are overwritten by its next call.</summary>
public sealed class BatchResult
{
    private readonly int _classes;

    /// <summary>Makes a result for layers of the given sizes and batches of so many samples.</summary>
    /// <param name="hasLogits">Whether logits are read from the output layer (<see cref="Readouts.Readout"/>), and not its
    /// spike counts.</param>
    public BatchResult(IReadOnlyList<int> layerSizes, int batchSize, bool hasLogits = false)
    {
        _classes = layerSizes[^1];
        OutputSpikes = new int[hasLogits ? 0 : batchSize * _classes];
        Logits = new float[hasLogits ? batchSize * _classes : 0];
        Spikes = [.. layerSizes.Select(n => new long[n])];
        FirstSampleSpikes = [.. layerSizes.Select(n => new int[n])];
        WeightGradientNorms = new double[layerSizes.Count];
        ThresholdGradientNorms = new double[layerSizes.Count];
    }

    /// <summary>
    /// The class that a network says: the output neuron with most spikes, or with the largest logit; the lowest of
    /// equals.
    /// </summary>
    /// <param name="outputs">Spikes or logit of each output neuron.</param>
    public static int PredictedClass<T>(ReadOnlySpan<T> outputs)
        where T : IComparisonOperators<T, T, bool>
    {
        int predicted = 0;
        for (int i = 1; i < outputs.Length; i++)
        {
            if (outputs[i] > outputs[predicted])
                predicted = i;
        }
        return predicted;
    }

    /// <summary>The same of a sample of the batch.</summary>
    public int PredictedClass(int sample) =>
        Logits.Length > 0
            ? PredictedClass<float>(Logits.AsSpan(sample * _classes, _classes))
            : PredictedClass<int>(OutputSpikes.AsSpan(sample * _classes, _classes));

    /// <summary>Samples in the batch.</summary>
    public int Samples { get; set; }

    /// <summary>The loss, summed over the batch's samples.</summary>
    public double LossSum { get; set; }

    /// <summary>
    /// Samples whose <see cref="PredictedClass"/> is their label.
    /// </summary>
    public int Correct { get; set; }

    /// <summary>
    /// <c>[layer][neuron]</c>: spikes, summed over the batch's samples and steps; 0 of an output layer without.
    /// </summary>
    public long[][] Spikes { get; }

    /// <summary><c>[layer][neuron]</c>: spikes of the batch's first sample, over its steps.</summary>
    public int[][] FirstSampleSpikes { get; }

    /// <summary><c>[sample × class]</c>: spikes of each output neuron, of the batch's samples one after the
    /// other; empty where the output layer has logits.</summary>
    public int[] OutputSpikes { get; }

    /// <summary><c>[sample × class]</c>: the logits likewise (<see cref="Readouts.Readout"/>); empty where spikes
    /// are counted.</summary>
    public float[] Logits { get; }

    /// <summary>
    /// Over all layers, steps and samples: neurons whose potential V differs from that of the step before, and in the
    /// first step all of them. 0 where they were not to be counted.
    /// </summary>
    public long MembraneUpdates { get; set; }

    /// <summary>
    /// <c>[layer]</c>: Euclidean norm of the mean gradient of the weights; 0 after
    /// <see cref="ITrainingEngine.Evaluate"/>.
    /// </summary>
    public double[] WeightGradientNorms { get; }

    /// <summary>
    /// <c>[layer]</c>: Euclidean norm of the mean gradient of the thresholds; 0 where they are fixed.
    /// </summary>
    public double[] ThresholdGradientNorms { get; }
}

/// <summary>A network's parameters and its optimiser's moments.</summary>
/// <param name="Updates">Updates so far.</param>
/// <param name="Layers">One per layer, the first hidden one first.</param>
public sealed record NetworkState(long Updates, IReadOnlyList<LayerState> Layers);

/// <summary>
/// One layer's parameters and moments. Weights are row-major <c>[in × out]</c>: one row per input neuron.
/// </summary>
/// <param name="InputCount">Neurons below.</param>
/// <param name="NeuronCount">Neurons in the layer.</param>
/// <param name="Weights">The weights, normalised if they are, but before any rounding, <c>[in × out]</c>; below them
/// <c>[out × out]</c> where the layer hears itself (<see cref="Connections.Recurrence"/>). Of a layer with shared or pooled
/// inputs <c>[rows × columns]</c> (<see cref="Layers.LayerConnection"/>).</param>
/// <param name="Thresholds">The thresholds, before any rounding, <c>[out]</c>; empty for a layer that has
/// none.</param>
/// <param name="Tensors"> Whatever else the engine needs to go on with the same bytes (moments, the direction and
/// length of normalised weights), by name.
/// </param>
public sealed record LayerState(
    int InputCount,
    int NeuronCount,
    float[] Weights,
    float[] Thresholds,
    IReadOnlyDictionary<string, float[]> Tensors
)
{
    /// <summary>
    /// Rows of the weights below those of the inputs, where every neuron sees every input: N if the layer hears itself, else 0.
    /// </summary>
    public int OwnRows => (Weights.Length / NeuronCount) - InputCount;
}

/// <summary>
/// Training has left the finite numbers: a weight, threshold or gradient is NaN or infinite. Fails the trial, not the
/// program.
/// </summary>
public sealed class NumericalFailureException(string message) : Exception(message);
