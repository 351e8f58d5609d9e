using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Reference;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>
/// The bytes of every threshold rule with every surrogate, membrane and loss, of the fused engine and of the
/// reference. Taken before each method moved into one file; the rules and surrogates are spelled out here, so that no
/// registry decides what is checked.
/// </summary>
public sealed class MethodBytesTests
{
    private static readonly Dictionary<string, ThresholdRule> Rules = new()
    {
        ["fixed"] = new FixedThreshold(0.5),
        ["learned"] = new LearnedThreshold(0.5, 0.01),
        ["lee_regularized"] = new LeeThreshold(0.5, 0.002),
        ["annealed"] = new AnnealedThreshold(0.5, 0.7, 0.2),
        ["ltmd"] = new LtmdThreshold(0.5, 0.01, 1.1),
        ["diet"] = new DietThreshold(0.5, 0.01),
        ["trsg"] = new TrsgThreshold(0.5, 0.01),
        ["adaptive"] = new AdaptiveThreshold(0.5, 0.9, 0.8),
        ["ds_atgo"] = new DsAtgoThreshold(0.5, 0.9, 0.8),
    };

    private static readonly Surrogate[] Surrogates =
    [
        new ExponentialSurrogate(1.75, 1.5),
        new RectangleSurrogate(1.75, 1.5),
        new FastSigmoidSurrogate(1.75, 1.5),
        new ArctanSurrogate(1.75, 1.5),
        new TriangleSurrogate(1.75, 1.5),
        new GaussianSurrogate(1.75, 1.5),
    ];

    [Theory]
    [InlineData("fixed", "378201b0d9fe6691038716b9", "99b86f4d55fbbedd02f001f5")]
    [InlineData("learned", "375018248c4d4d5a9fe7dc73", "bc02bde1ee324116c5c69935")]
    [InlineData("lee_regularized", "2f5068d35da50008f0cf66d5", "b12008bd71131c2469dc792e")]
    [InlineData("annealed", "6170f5453db0ba4848bf71b3", "40892ef6e95cbcb18360141c")]
    [InlineData("ltmd", "fc163f6da88f23ae5dedd830", "ce3a5af42478f66757cc32ee")]
    [InlineData("diet", "2ffabe297f85c0bdec8ce80b", "34ec36601a829d20b1621c9d")]
    [InlineData("trsg", "66399dd74d1bea4461f51ff7", "c8ed9c5761146beb0d837470")]
    [InlineData("adaptive", "dc16a58ba8218de68438cc19", "b7679bd38e66ca32dd85004f")]
    [InlineData("ds_atgo", "764f7b1965df1e22a40a0e33", "3b12f64fd483686b1ac165a9")]
    public void A_rule_leaves_the_bytes_that_it_always_left(string rule, string fused, string reference)
    {
        using IncrementalHash single = IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            twice = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TrainingSettings settings in Networks(Rules[rule]))
        {
            Sample[] batch = TestNetworks.Batch(settings, new RandomStream(8, "bytes"), 4, 0.4);
            AppendFused(single, settings, batch);
            AppendReference(twice, settings, batch);
        }
        Assert.Equal((fused, reference), (Text(single), Text(twice)));
    }

    private static IEnumerable<TrainingSettings> Networks(ThresholdRule rule)
    {
        bool movesWithinBatch = rule is AdaptiveThreshold or DsAtgoThreshold;
        int n = 0;
        foreach (Surrogate surrogate in Surrogates)
        {
            foreach (Quantization quantization in movesWithinBatch ? [Quantization.None] : Enum.GetValues<Quantization>())
            {
                foreach (bool trained in rule is DietThreshold ? [true] : (bool[])[false, true])
                {
                    n++;
                    bool hard = quantization == Quantization.Lava || n % 2 == 0;
                    TrainingSettings settings = TestNetworks.Settings(18, [34, 9, 4], 17, 4, seed: 5);
                    yield return settings with
                    {
                        Neuron = new NeuronSettings(
                            0.75,
                            0.9,
                            hard ? ResetKind.Hard : ResetKind.Soft,
                            n % 3 == 0 ? CouplingKind.SameStep : CouplingKind.Delayed,
                            (ResetGradientKind)(n % 3)
                        )
                        {
                            Membrane =
                                !trained ? new PlainMembrane()
                                : rule is DietThreshold ? new LeakMembrane(n % 4 < 2, 0.01)
                                : new PlifMembrane(n % 4 < 2, 0.01),
                        },
                        Surrogate = surrogate with
                        {
                            Convention = n % 5 == 0 ? SurrogateConvention.Lava : SurrogateConvention.Paper,
                        },
                        Threshold = rule,
                        Loss = Losses(n) with { OutputDelayed = n % 4 == 1 },
                        Regularizer = n % 3 == 1 ? new ActivityRegularizer(0.1, 1, 0.2, 2) : null,
                        Quantization = quantization,
                    };
                }
            }
        }
    }

    private static Loss Losses(int n) =>
        (n % 3) switch
        {
            0 => new VanRossumLoss(5, 2, 30, (TimeReduction)(n % 2)),
            1 => new SpikeRateLoss(0.2, 0.03),
            _ => new SpikeMaxLoss(),
        };

    private static void AppendFused(IncrementalHash hash, TrainingSettings settings, Sample[] batch)
    {
        using FusedEngine engine = new(settings, 1, Kernels.Best);
        engine.Train(batch);
        Append(hash, engine.Train(batch).LossSum);
        Append(hash, engine.Evaluate(batch).LossSum);
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

    private static void AppendReference(IncrementalHash hash, TrainingSettings settings, Sample[] batch)
    {
        ReferenceEngine engine = new(settings);
        for (int k = 0; k < 2; k++)
        {
            ReferenceBatch result = engine.Run(batch);
            Append(hash, result.LossSum);
            for (int l = 0; l < engine.Layers.Count; l++)
            {
                foreach (double g in engine.ThresholdGradient(result, l))
                    Append(hash, g);
            }
            engine.Update(result);
        }
        Append(hash, engine.Evaluate(batch).LossSum);
        foreach (ReferenceLayer layer in engine.Layers)
        {
            foreach (double x in layer.W)
                Append(hash, x);
            double[] running = layer.Rule.Running is [_, ..] moved
                ? moved
                : [.. Enumerable.Repeat(settings.Threshold.Init, settings.StepCount)];
            foreach (double x in (double[])[.. layer.Th, .. layer.B, .. running])
                Append(hash, x);
        }
    }

    private static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));

    private static void Append(IncrementalHash hash, double value) => Append(hash, [BitConverter.DoubleToInt64Bits(value)]);

    private static void Append(IncrementalHash hash, ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[8 * values.Length];
        for (int k = 0; k < values.Length; k++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * k), values[k]);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, float[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int k = 0; k < values.Length; k++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * k), values[k]);
        hash.AppendData(bytes);
    }
}
