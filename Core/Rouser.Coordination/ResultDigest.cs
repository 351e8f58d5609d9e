using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Rouser.Snn;

namespace Rouser.Coordination;

/// <summary>
/// A short digest of what a trial measured, wall times left out: the first 32 bits of a SHA-256. Two trainings of one
/// trial must give the same; that two that differ do so by chance has a probability of 1 in 4 billion.
/// </summary>
internal static class ResultDigest
{
    /// <summary>Of an epoch.</summary>
    public static uint Of(EpochMetrics epoch)
    {
        ArrayBufferWriter<byte> bytes = new(64 + (256 * epoch.Layers.Count));
        Put(bytes, epoch.Epoch, epoch.TrainLoss, epoch.TrainAccuracy, epoch.TestAccuracy);
        if (epoch.Validation is { } validation)
            Put(bytes, validation.Accuracy, validation.Loss);
        if (epoch.Complexity is { } c)
        {
            Put(bytes, c.Footprint, c.ParameterCount, c.ConnectionSparsity, c.ActivationSparsity);
            Put(bytes, c.EffectiveAcs, c.EffectiveMacs, c.DenseOperations, c.MembraneUpdates);
        }
        foreach (LayerMetrics layer in epoch.Layers.Where(layer => layer is not null))
        {
            Put(bytes, layer.Neurons);
            // What a layer without spikes does not have is no number of it.
            foreach (
                double? share in (double?[])[layer.DeadFraction, layer.ActiveFraction, layer.SpikeRateTrain, layer.SpikeRateTest]
            )
                Put(bytes, share ?? -1);
            if (layer.Threshold is { } t)
                Put(bytes, [t.Mean, t.Min, t.Q10, t.Q25, t.Median, t.Q75, t.Q90, t.Max, .. t.Histogram ?? []]);
            Put(bytes, layer.WeightDistanceInitial, layer.WeightGradientNorm, layer.ThresholdGradientNorm ?? -1);
        }
        return Hash(bytes);
    }

    /// <summary>Of the distances from the final weights.</summary>
    public static uint Of(IReadOnlyList<IReadOnlyList<double>> distances)
    {
        ArrayBufferWriter<byte> bytes = new(256);
        foreach (IReadOnlyList<double> epoch in distances)
            Put(bytes, [epoch.Count, .. epoch]);
        return Hash(bytes);
    }

    // Equal bytes are meant, not equal numbers: minus zero is another result than zero.
    private static void Put(ArrayBufferWriter<byte> bytes, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), BitConverter.DoubleToInt64Bits(value));
            bytes.Advance(sizeof(long));
        }
    }

    private static uint Hash(ArrayBufferWriter<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash);
    }
}
