using Rouser.Data;
using Rouser.Snn;

namespace Rouser.Testing.Worker;

/// <summary>
/// An engine that trains nothing. Every update adds 1 to each weight, so that distances are known; what a batch shows
/// is drawn by chance and kept, so that metrics can be recomputed.
/// </summary>
public sealed class ScriptedEngine(TrainingSettings settings, float[][] thresholds) : ITrainingEngine
{
    private readonly RandomStream _random = new(settings.Seed, "scripted engine");
    private readonly BatchResult _result = new(settings.LayerSizes, settings.BatchSize);
    private long _updates;

    public ScriptedEngine(TrainingSettings settings)
        : this(settings, [.. settings.LayerSizes.Select(n => new float[n])]) { }

    /// <summary>
    /// Called at the start of each batch, with its samples and whether it is trained on; may wait or throw.
    /// </summary>
    public Action<IReadOnlyList<Sample>, bool> BeforeBatch { get; init; } = (_, _) => { };

    /// <summary>What the batches that were trained on showed, in order; copies.</summary>
    public List<BatchResult> Trained { get; } = [];

    /// <summary>What the batches of the test showed, in order; copies.</summary>
    public List<BatchResult> Tested { get; } = [];

    public BatchResult Train(ReadOnlySpan<Sample> batch)
    {
        BeforeBatch(batch.ToArray(), true);
        _updates++;
        return Draw(batch.Length, Trained);
    }

    public BatchResult Evaluate(ReadOnlySpan<Sample> batch, bool countUpdates = false)
    {
        BeforeBatch(batch.ToArray(), false);
        return Draw(batch.Length, Tested);
    }

    public NetworkState Export() =>
        new(
            _updates,
            [.. settings.LayerSizes.Select((n, l) => Layer(l == 0 ? settings.InputCount : settings.LayerSizes[l - 1], n, l))]
        );

    public void Import(NetworkState state) => _updates = state.Updates;

    public void Dispose() { }

    private LayerState Layer(int inputs, int neurons, int l)
    {
        float[] weights = new float[inputs * neurons];
        Array.Fill(weights, _updates);
        return new(inputs, neurons, weights, thresholds[l], new Dictionary<string, float[]>());
    }

    /// <summary>Overwrites the one result, as an engine may, and keeps a copy.</summary>
    private BatchResult Draw(int samples, List<BatchResult> kept)
    {
        Fill(_result, samples);
        var copy = new BatchResult(settings.LayerSizes, settings.BatchSize)
        {
            Samples = _result.Samples,
            LossSum = _result.LossSum,
            Correct = _result.Correct,
            MembraneUpdates = _result.MembraneUpdates,
        };
        _result.OutputSpikes.CopyTo(copy.OutputSpikes, 0);
        for (int l = 0; l < settings.LayerSizes.Count; l++)
        {
            _result.Spikes[l].CopyTo(copy.Spikes[l], 0);
            _result.FirstSampleSpikes[l].CopyTo(copy.FirstSampleSpikes[l], 0);
        }
        _result.WeightGradientNorms.CopyTo(copy.WeightGradientNorms, 0);
        _result.ThresholdGradientNorms.CopyTo(copy.ThresholdGradientNorms, 0);
        kept.Add(copy);
        return _result;
    }

    private void Fill(BatchResult result, int samples)
    {
        (result.Samples, result.LossSum, result.Correct) = (samples, _random.NextDouble(0, 10), _random.NextInt(samples + 1));
        result.MembraneUpdates = _random.NextInt(1000);
        foreach (ref int n in result.OutputSpikes.AsSpan())
            n = _random.NextInt(20);
        for (int l = 0; l < settings.LayerSizes.Count; l++)
        {
            // Four in five are silent, so that some neurons stay so over a whole epoch.
            foreach (ref long n in result.Spikes[l].AsSpan())
                n = Math.Max(0, _random.NextInt(20) - 16);
            foreach (ref int n in result.FirstSampleSpikes[l].AsSpan())
                n = Math.Max(0, _random.NextInt(4) - 2);
            result.WeightGradientNorms[l] = _random.NextDouble();
            result.ThresholdGradientNorms[l] = _random.NextDouble();
        }
    }
}
