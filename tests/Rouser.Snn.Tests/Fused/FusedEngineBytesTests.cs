using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Losses;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>
/// The bytes that belong to <see cref="FusedEngine.Version"/>: a trial's identity names the version, so another
/// digest here asks for another version there. They are the same on every machine, because they depend neither on its
/// vectors nor on its mathematics.
/// </summary>
public sealed class FusedEngineBytesTests
{
    [Fact]
    public void The_digests_belong_to_this_version() => Assert.Equal("fused/2", FusedEngine.Version);

    /// <summary>
    /// Each line is twelve networks: fixed and learned thresholds × plain and normalised weights × three losses.
    /// </summary>
    [Theory]
    [InlineData(ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.None, "61031603dbd903c113cfac27")]
    [InlineData(ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Threshold, "c02d7fff130ebffa984257cc")]
    [InlineData(ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full, "4297e927f1b26db90a1209a6")]
    [InlineData(ResetKind.Soft, CouplingKind.SameStep, ResetGradientKind.None, "d7045cbd47153f8ab6e0e2e7")]
    [InlineData(ResetKind.Soft, CouplingKind.SameStep, ResetGradientKind.Threshold, "bfee5c0274e9bd36ac43e2d7")]
    [InlineData(ResetKind.Soft, CouplingKind.SameStep, ResetGradientKind.Full, "e5669cf86ea3851b4b5a31ed")]
    [InlineData(ResetKind.Hard, CouplingKind.Delayed, ResetGradientKind.None, "818e22a6a6b5ac864b39cdc7")]
    [InlineData(ResetKind.Hard, CouplingKind.Delayed, ResetGradientKind.Threshold, "7fdb343e0d5b1b66a856cfd7")]
    [InlineData(ResetKind.Hard, CouplingKind.Delayed, ResetGradientKind.Full, "904e57e5ee2263b78042c9fc")]
    [InlineData(ResetKind.Hard, CouplingKind.SameStep, ResetGradientKind.None, "59ac4a81c25578d45bf92bbb")]
    [InlineData(ResetKind.Hard, CouplingKind.SameStep, ResetGradientKind.Threshold, "45721cd1720bf96dcfd7e049")]
    [InlineData(ResetKind.Hard, CouplingKind.SameStep, ResetGradientKind.Full, "a9b2c4b7c884cc3bbeb75add")]
    public void Three_updates_leave_the_bytes_that_they_always_left(
        ResetKind reset,
        CouplingKind coupling,
        ResetGradientKind gradient,
        string expected
    )
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (bool learned in (bool[])[false, true])
        {
            foreach (bool normalize in (bool[])[false, true])
            {
                foreach (Loss loss in (Loss[])[new VanRossumLoss(5, 2, 30), new SpikeRateLoss(0.2, 0.03), new SpikeMaxLoss()])
                    Append(hash, Network(reset, coupling, gradient, learned, normalize, loss), plan: null);
            }
        }
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12)));
    }

    /// <summary>The same network truncated, then in parts of the batch and pieces of time.</summary>
    [Theory]
    [InlineData(false, "f008b6821128c840492d2b72")]
    [InlineData(true, "823e682ccddfe39e59c6a283")]
    public void Truncation_and_a_plan_leave_the_bytes_that_they_always_left(bool learned, string expected)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TrainingSettings settings = Network(
            ResetKind.Soft,
            CouplingKind.Delayed,
            ResetGradientKind.Full,
            learned,
            normalize: false,
            new VanRossumLoss(5, 2, 30)
        );
        Append(hash, settings with { GradientWindow = 7 }, plan: null);
        Append(hash, settings with { GradientWindow = 7 }, new BatchPlan(4, 5));
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12)));
    }

    private static TrainingSettings Network(
        ResetKind reset,
        CouplingKind coupling,
        ResetGradientKind gradient,
        bool learned,
        bool normalize,
        Loss loss
    )
    {
        TrainingSettings settings = TestNetworks.Settings(37, [33, 20, 5], 31, 6, seed: 8);
        return settings with
        {
            Neuron = new NeuronSettings(0.75, 0.97, reset, coupling, gradient),
            Surrogate = new ExponentialSurrogate(1.75, 1.5),
            Threshold = learned ? new LearnedThreshold(0.4, 0.01) : new FixedThreshold(0.4),
            Weights = new WeightSettings(learned ? WeightInitKind.KaimingUniform : WeightInitKind.KaimingNormal, normalize),
            Loss = loss,
        };
    }

    private static void Append(IncrementalHash hash, TrainingSettings settings, BatchPlan? plan)
    {
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(8, "bytes"), 6, 0.25);
        using FusedEngine engine = new(settings, 1, Kernels.Best, plan);
        BatchResult result = engine.Train(batch);
        Assert.All(result.Spikes, layer => Assert.True(layer.Sum() > 0, $"a layer is silent: {settings}"));
        engine.Train(batch.AsSpan(0, 5));
        Append(hash, [(float)engine.Train(batch).LossSum]);
        foreach (LayerState layer in engine.Export().Layers)
        {
            Append(hash, layer.Weights);
            Append(hash, layer.Thresholds);
            foreach ((string name, float[] tensor) in layer.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(name));
                Append(hash, tensor);
            }
        }
    }

    private static void Append(IncrementalHash hash, float[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int k = 0; k < values.Length; k++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * k), values[k]);
        hash.AppendData(bytes);
    }
}
