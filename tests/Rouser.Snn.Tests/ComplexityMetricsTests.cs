using System.Globalization;
using System.Runtime.InteropServices;
using Rouser.Data;
using Rouser.Snn.Fused;
using Rouser.Snn.Membranes;
using Rouser.Snn.Thresholds;
using Rouser.Testing;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests;

/// <summary>NeuroBench's complexity metrics against a count of its definitions by other means.</summary>
public sealed class ComplexityMetricsTests
{
    /// <summary>
    /// The definitions over dense arrays: spikes of all layers, the input first, [samples × T × N]; potentials; and
    /// weights as the forward pass takes them.
    /// </summary>
    private const string Count = """
        import sys, numpy as np
        folder, samples, steps, *sizes = [a if k == 0 else int(a) for k, a in enumerate(sys.argv[1:])]
        load = lambda name, *shape: np.fromfile(f"{folder}/{name}", np.float32).reshape(shape)
        W = [load(f"w{l}", sizes[l], sizes[l + 1]) for l in range(len(sizes) - 1)]
        S = [load(f"s{l}", samples, steps, n) for l, n in enumerate(sizes)]
        V = [load(f"v{l}", samples, steps, n) for l, n in enumerate(sizes) if l > 0]
        acs = sum(int((s != 0).astype(np.int64).sum((0, 1)) @ (w != 0).sum(1)) for s, w in zip(S, W))
        updates = sum(v[:, 0].size + np.count_nonzero(v[:, 1:] - v[:, :-1]) for v in V)
        layers = S[1:]
        print(sum(np.count_nonzero(w == 0) for w in W) / sum(w.size for w in W),
              sum(np.count_nonzero(s == 0) for s in layers) / sum(s.size for s in layers),
              acs / samples, sum(w.size for w in W) * steps, updates / samples)
        """;

    [SkippableTheory]
    [InlineData("soft")]
    [InlineData("hard, same step")]
    [InlineData("lava")]
    [InlineData("in pieces")]
    public void A_count_in_numpy_over_spikes_potentials_and_weights_comes_to_the_same_numbers(string how)
    {
        string? python = ToolProcess.PythonWith("numpy");
        Skip.If(python is null, "python3-numpy is not installed");
        TrainingSettings settings = Settings(how);
        BatchPlan plan = how == "in pieces" ? new BatchPlan(4, 7) : BatchPlan.For(settings);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(5, "batch"), 7, 0.1);
        ComplexityMetrics ours = Measure(settings, batch, plan, out NetworkState state);

        // A second engine keeps what the first has counted.
        using var folder = new TemporaryFolder();
        using FusedEngine engine = new(settings, 1, Kernels.Best, inspect: true);
        engine.Import(state);
        engine.Evaluate(batch);
        Write(folder, "s0", [.. batch.SelectMany(sample => TestNetworks.Dense(sample.Raster))]);
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            FusedLayer layer = engine.Layers[l];
            Write(folder, $"s{l + 1}", [.. Enumerable.Range(0, batch.Length).SelectMany(layer.ReadSpikes)]);
            Write(folder, $"v{l + 1}", [.. Enumerable.Range(0, batch.Length).SelectMany(layer.ReadPotentials)]);
            float[] weights = state.Layers[l].Weights;
            Write(folder, $"w{l}", how == "lava" ? [.. weights.Select(w => MathF.Round(32 * w) / 32)] : weights);
        }
        string script = Path.Combine(folder.Path, "count.py");
        File.WriteAllText(script, Count);
        string[] sizes =
        [
            .. new[] { batch.Length, settings.StepCount, settings.InputCount }.Concat(settings.LayerSizes).Select(Text),
        ];
        (int code, string output, string errors) = ToolProcess.Run(python!, [script, folder.Path, .. sizes]);
        Assert.True(code == 0, errors);
        double[] counted =
        [
            .. output.Split().Where(n => n.Length > 0).Select(n => double.Parse(n, CultureInfo.InvariantCulture)),
        ];
        Assert.Equal(
            [ours.ConnectionSparsity, ours.ActivationSparsity, ours.EffectiveAcs, ours.DenseOperations, ours.MembraneUpdates],
            counted
        );
        Assert.Equal(0, ours.EffectiveMacs);
        Assert.True(ours.ConnectionSparsity > 0 && ours.ActivationSparsity is > 0 and < 1, $"{ours} shows too little");
        Assert.True(ours.MembraneUpdates < settings.StepCount * settings.LayerSizes.Sum(), $"{ours} shows too little");
    }

    [Fact]
    public void Updates_are_the_same_for_any_plan_and_number_of_threads()
    {
        TrainingSettings settings = Settings("soft");
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(6, "batch"), 8, 0.1);
        ComplexityMetrics whole = Measure(settings, batch, BatchPlan.For(settings), out _);
        foreach (BatchPlan plan in (BatchPlan[])[new(8, 1), new(4, 7), new(4, 40)])
        foreach (int threads in (int[])[1, 3])
            Assert.Equal(whole, Measure(settings, batch, plan, out _, threads));
    }

    /// <summary>The example of NeuroBench's documentation: of 9 synapses, 4 act.</summary>
    [Fact]
    public void The_example_of_NeuroBench_has_four_effective_operations_of_nine()
    {
        LayerState layer = new(3, 3, [1.3f, 0, -1.1f, 0, 1.2f, 2.7f, -3.2f, -5.1f, 0], new float[3], Empty);
        ComplexityMetrics measured = ComplexityMetrics.Of(
            TestNetworks.Settings(3, [3], 1, 1),
            stepCount: 1,
            [layer],
            inputSpikes: [0, 1, 1],
            spikes:
            [
                [1, 0, 0],
            ],
            membraneUpdates: 3,
            samples: 1
        );
        // 9 weights and 3 learned thresholds of 4 bytes each.
        Assert.Equal(new ComplexityMetrics(48, 12, 3 / 9.0, 2 / 3.0, 4, 0, 9, 3), measured);
    }

    [Fact]
    public void What_is_not_trained_takes_room_but_is_no_parameter_and_rounded_weights_take_a_byte()
    {
        TrainingSettings learned = TestNetworks.Settings(5, [4], 10, 1);
        NeuronSettings plif = learned.Neuron with { Membrane = new PlifMembrane(true, 0.01) },
            shared = learned.Neuron with { Membrane = new PlifMembrane(false, 0.01) };
        Assert.Equal((96, 24), Static(learned));
        Assert.Equal((96, 20), Static(learned with { Threshold = new FixedThreshold(1) }));
        Assert.Equal((84, 21), Static(learned with { Threshold = new TrsgThreshold(1, 0.01) }));
        Assert.Equal((112, 28), Static(learned with { Neuron = plif }));
        Assert.Equal((100, 25), Static(learned with { Neuron = shared }));
        Assert.Equal((36, 24), Static(learned with { Quantization = Quantization.Lava }));

        static (long, long) Static(TrainingSettings settings)
        {
            LayerState layer = new(5, 4, new float[20], new float[4], Empty);
            ComplexityMetrics measured = ComplexityMetrics.Of(settings, 10, [layer], new long[5], [new long[4]], 0, 1);
            return (measured.Footprint, measured.ParameterCount);
        }
    }

    private static Dictionary<string, float[]> Empty => [];

    private static TrainingSettings Settings(string how)
    {
        TrainingSettings settings = TestNetworks.Settings(30, [40, 35, 6], 25, 8, seed: 3) with
        {
            Threshold = new LearnedThreshold(0.4, 0.01),
        };
        NeuronSettings hard = settings.Neuron with { Reset = ResetKind.Hard, Coupling = CouplingKind.SameStep };
        return how switch
        {
            "hard, same step" => settings with { Neuron = hard },
            "lava" => settings with { Neuron = hard, Quantization = Quantization.Lava },
            _ => settings,
        };
    }

    /// <summary>What the program measures, on a network with every fifth weight 0.</summary>
    private static ComplexityMetrics Measure(
        TrainingSettings settings,
        Sample[] batch,
        BatchPlan plan,
        out NetworkState state,
        int threads = 1
    )
    {
        using FusedEngine engine = new(settings, threads, Kernels.Best, plan);
        state = engine.Export();
        foreach (LayerState layer in state.Layers)
        {
            for (int k = 0; k < layer.Weights.Length; k += 5)
                layer.Weights[k] = 0;
        }
        engine.Import(state);
        // A batch before it, counted or not, leaves nothing behind.
        engine.Evaluate(batch.AsSpan(0, 3), countUpdates: true);
        Assert.Equal(0, engine.Evaluate(batch).MembraneUpdates);
        BatchResult result = engine.Evaluate(batch, countUpdates: true);
        long[] input = new long[settings.InputCount];
        foreach (ushort j in batch.SelectMany(sample => sample.Raster.Neurons.ToArray()))
            input[j]++;
        return ComplexityMetrics.Of(
            settings,
            settings.StepCount,
            state.Layers,
            input,
            result.Spikes,
            result.MembraneUpdates,
            batch.Length
        );
    }

    private static void Write(TemporaryFolder folder, string name, float[] values) =>
        File.WriteAllBytes(Path.Combine(folder.Path, name), MemoryMarshal.AsBytes<float>(values).ToArray());

    private static string Text(int n) => n.ToString(CultureInfo.InvariantCulture);
}
