using Rouser.Snn.Fused.Thresholds;
using Rouser.Snn.Reference;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// A threshold that follows no gradient: after each batch it moves by what its layer did in the batch.
/// </summary>
/// <remarks><code>Th_i ← f(Th_i, Σ_b n_i^b, Σ_j Σ_b n_j^b)      n_i^b: spikes of neuron i in sample b</code></remarks>
/// <param name="Init">Th_init.</param>
public abstract record BatchwiseThreshold(double Init) : ThresholdRule(Init)
{
    /// <summary>
    /// The threshold after a batch, within <see cref="ThresholdRule.Bounds"/> and in double precision; engines round it
    /// to theirs. Parameters as for <see cref="Next"/>.
    /// </summary>
    public double Moved(double th, double spikes, double layerSpikes, int neurons, int samples) =>
        Bounds.Apply(Next(th, spikes, layerSpikes, neurons, samples));

    /// <summary>The same without bounds.</summary>
    /// <param name="th">The threshold before.</param>
    /// <param name="spikes">The neuron's spikes in the batch.</param>
    /// <param name="layerSpikes">The layer's spikes in the batch.</param>
    /// <param name="neurons">Neurons in the layer.</param>
    /// <param name="samples">Samples in the batch.</param>
    public abstract double Next(double th, double spikes, double layerSpikes, int neurons, int samples);

    /// <inheritdoc/>
    internal override LayerThresholds ForLayer(TrainingSettings settings, int neurons) =>
        new BatchwiseThresholds(this, settings, neurons);

    /// <inheritdoc/>
    internal override ReferenceThreshold ForReference(TrainingSettings settings, ReferenceLayer layer) =>
        new Reference(this, layer);

    private sealed class Reference(BatchwiseThreshold rule, ReferenceLayer layer) : ReferenceThreshold(layer)
    {
        /// <inheritdoc/>
        public override void Update(double[] gTh, IReadOnlyList<ReferenceTrace> traces, double rateFactor)
        {
            double[] n = [.. Enumerable.Range(0, Th.Length).Select(i => traces.Sum(trace => trace.Count(i)))];
            for (int i = 0; i < Th.Length; i++)
                Th[i] = rule.Moved(Th[i], n[i], n.Sum(), n.Length, traces.Count);
        }
    }
}
