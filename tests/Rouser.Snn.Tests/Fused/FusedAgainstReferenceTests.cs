using Rouser.Core.Parameters;
using Rouser.Snn.Fused;
using Rouser.Snn.Membranes;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Readouts;
using Rouser.Snn.Reference;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

/// <summary>The fused float32 engine against the scalar double one over random networks.</summary>
public sealed class FusedAgainstReferenceTests
{
    private const int Networks = 300,
        MethodNetworks = 400,
        RecipeNetworks = 200,
        ReadoutNetworks = 200;
    private const double Tolerance = 1e-4;

    // Closer than this a spike may be decided by float32's rounding; such networks are left out.
    private const double SmallestMargin = 2e-5;

    [Fact]
    public void Random_networks_give_the_same_spikes_potentials_loss_gradients_and_updates()
    {
        int compared = 0;
        HashSet<(ResetKind, CouplingKind, ResetGradientKind, bool)> neurons = [];
        HashSet<(Type, bool)> losses = [];
        int truncated = 0;
        for (long seed = 0; seed < Networks; seed++)
        {
            RandomNetwork network = RandomNetwork.Of(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            compared++;
            if (network.Settings.GradientWindow < network.Settings.StepCount)
                truncated++;
            NeuronSettings neuron = network.Settings.Neuron;
            neurons.Add((neuron.Reset, neuron.Coupling, neuron.ResetGradient, network.Settings.Weights.Normalize));
            losses.Add((network.Settings.Loss.GetType(), network.Settings.Weights.Normalize));
        }
        Assert.True(compared > Networks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.True(truncated > Networks / 10, $"only {truncated} networks are truncated");
        Assert.Equal(24, neurons.Count);
        Assert.Equal(6, losses.Count);
    }

    [Fact]
    public void Every_rule_surrogate_and_membrane_gives_the_same_as_the_reference()
    {
        HashSet<(Type, Type)> methods = [];
        HashSet<(Type, ResetKind, CouplingKind)> neurons = [];
        HashSet<(Type, bool)> membranes = [];
        int compared = 0,
            priced = 0,
            quantized = 0;
        for (long seed = 0; seed < MethodNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyMethod(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            if (settings.Regularizer is not null)
                priced++;
            if (settings.Quantization == Quantization.Lava)
                quantized++;
            methods.Add((settings.Threshold.GetType(), settings.Surrogate.GetType()));
            neurons.Add((settings.Threshold.GetType(), settings.Neuron.Reset, settings.Neuron.Coupling));
            membranes.Add((settings.Neuron.Membrane.GetType(), settings.Neuron.Membrane is TrainedMembrane { PerNeuron: true }));
        }
        Assert.True(compared > MethodNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.True(priced > MethodNetworks / 10, $"only {priced} networks have a regulariser");
        Assert.True(quantized > MethodNetworks / 10, $"only {quantized} networks are quantised");
        Assert.Equal(RandomMethod.Rules.Count * RandomMethod.Surrogates.Count, methods.Count);
        Assert.Equal(RandomMethod.Rules.Count * 4, neurons.Count);
        Assert.Equal(5, membranes.Count);
    }

    [Fact]
    public void Every_optimiser_and_schedule_gives_the_same_as_the_reference()
    {
        HashSet<(Type, Type, bool)> recipes = [];
        HashSet<(Type, bool, bool)> written = [];
        int compared = 0;
        for (long seed = 0; seed < RecipeNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyRecipe(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            recipes.Add((settings.Optimizer.GetType(), settings.Schedule.GetType(), settings.Schedule.WarmupEpochs > 0));
            written.Add((settings.Optimizer.GetType(), settings.Optimizer.ClipNorm is null, settings.Weights.Normalize));
        }
        Assert.True(compared > RecipeNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.Equal(RandomRecipe.Optimizers.Count * 4, written.Count);
        Assert.True(recipes.Count > RandomRecipe.Optimizers.Count * RandomRecipe.Schedules.Count);
    }

    [Fact]
    public void Every_readout_gives_the_same_as_the_reference()
    {
        HashSet<(Type, ReadoutTime?)> readouts = [];
        HashSet<(ReadoutTime?, CouplingKind, bool)> neurons = [];
        int compared = 0;
        for (long seed = 0; seed < ReadoutNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyReadout(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            readouts.Add((settings.Threshold.GetType(), settings.Readout?.Time));
            neurons.Add((settings.Readout?.Time, settings.Neuron.Coupling, settings.LayerSizes.Count == 1));
        }
        Assert.True(compared > ReadoutNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.True(readouts.Count > RandomMethod.Rules.Count * 3, $"only {readouts.Count} pairs of rules and readouts");
        Assert.Equal(16, neurons.Count);
    }

    /// <summary>
    /// A method that a sweep file can name, and that the comparison above never draws, would be held against nothing.
    /// </summary>
    [Fact]
    public void Every_method_of_the_sweep_file_is_drawn()
    {
        RandomStream random = new(0, "types");
        ParameterSet given = new([KeyValuePair.Create<string, ParameterValue>("threshold.final", new ParameterValue.Real(1))]);
        Assert.Equal(
            ThresholdRule.Family.Methods.Select(m => m.Build(given).GetType().Name).Order(),
            RandomMethod.Rules.Select(rule => rule(random, 1).GetType().Name).Order()
        );
        Assert.Equal(
            Surrogate.Family.Methods.Select(m => m.Build(given).GetType().Name).Order(),
            RandomMethod.Surrogates.Select(surrogate => surrogate(1, 1).GetType().Name).Order()
        );
        Assert.Equal(
            Optimizer.Family.Methods.Select(m => m.Build(given).GetType().Name).Order(),
            RandomRecipe.Optimizers.Select(optimizer => optimizer(random).GetType().Name).Order()
        );
        Assert.Equal(
            Schedule.Family.Methods.Select(m => m.Build(given).GetType().Name).Order(),
            RandomRecipe.Schedules.Select(schedule => schedule(random).GetType().Name).Order()
        );
    }

    private static bool Compare(RandomNetwork network, string name)
    {
        ReferenceEngine reference = new(network.Settings);
        ReferenceBatch expected = reference.Run(network.Batch),
            evaluated = reference.Evaluate(network.Batch);
        if (
            Math.Min(RandomNetwork.Margin(network.Settings, expected), RandomNetwork.Margin(network.Settings, evaluated))
            < SmallestMargin
        )
            return false;

        using FusedEngine engine = new(network.Settings, 1, Kernels.Best, inspect: true);
        engine.Evaluate(network.Batch);
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            for (int b = 0; b < network.Batch.Length; b++)
            {
                Close.AssertEqual(
                    $"{name}: S{l + 1}",
                    evaluated.Traces[b][l].S.Cast<double>(),
                    engine.Layers[l].ReadSpikes(b),
                    0
                );
                Close.AssertEqual(
                    $"{name}: V{l + 1}",
                    evaluated.Traces[b][l].V.Cast<double>(),
                    engine.Layers[l].ReadPotentials(b),
                    Tolerance
                );
            }
        }

        BatchResult result = engine.Train(network.Batch);
        double[] norms = [.. reference.Layers.Select((_, l) => Norm(reference.ThresholdGradient(expected, l)))];
        reference.Update(expected);
        NetworkState state = engine.Export();
        Close.AssertEqual($"{name}: loss", [expected.LossSum], [result.LossSum], Tolerance);
        if (network.Settings.Readout is not null)
            Close.AssertEqual(
                $"{name}: z",
                expected.Logits.SelectMany(z => z),
                result.Logits.Take(network.Batch.Length * network.Settings.LayerSizes[^1]),
                Tolerance
            );
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            for (int b = 0; b < network.Batch.Length; b++)
                Close.AssertEqual(
                    $"{name}: S{l + 1} in training",
                    expected.Traces[b][l].S.Cast<double>(),
                    engine.Layers[l].ReadSpikes(b),
                    0
                );
            ReferenceGradient gradient = expected.Gradients[l];
            Close.AssertEqual($"{name}: gW{l + 1}", gradient.W.Cast<double>(), engine.Layers[l].WeightGradient(), Tolerance);
            Close.AssertEqual($"{name}: gTh{l + 1}", gradient.Th, engine.ThresholdGradient(l), Tolerance);
            Close.AssertEqual(
                $"{name}: |gW{l + 1}|",
                [Math.Sqrt(gradient.W.Cast<double>().Sum(g => g * g))],
                [result.WeightGradientNorms[l]],
                Tolerance
            );
            AssertMovedAlike(
                $"{name}: W{l + 1}",
                reference.Layers[l].W,
                state.Layers[l].Weights,
                network.Settings.Optimizer.LearningRate
            );
            if (network.Settings.Threshold is not TrainedThreshold { PerLayer: true } || !CancelsOut(gradient.Th))
            {
                Close.AssertEqual($"{name}: ∂L/∂p of Th{l + 1}", [norms[l]], [result.ThresholdGradientNorms[l]], Tolerance);
                Close.AssertEqual(
                    $"{name}: Th{l + 1}",
                    Thresholds(network.Settings, reference.Layers[l]),
                    state.Layers[l].Thresholds,
                    Tolerance
                );
            }
            if (network.Settings.Threshold is DsAtgoThreshold && !engine.Layers[l].IsReadout)
                Close.AssertEqual(
                    $"{name}: run{l + 1}",
                    reference.Layers[l].Rule.Running,
                    state.Layers[l].Tensors["thresholds.running"],
                    Tolerance
                );
            if (!engine.Layers[l].Membrane.IsTrained)
                continue;
            Close.AssertEqual($"{name}: gb{l + 1}", gradient.B, engine.DecayGradient(l), Tolerance);
            var membrane = (TrainedMembrane)network.Settings.Neuron.Membrane;
            if (membrane.PerNeuron || !CancelsOut(gradient.B))
                Close.AssertEqual(
                    $"{name}: w of b{l + 1}",
                    reference.Layers[l].B.Select(membrane.Parameter),
                    Spread(state.Layers[l], "membrane.w"),
                    Tolerance
                );
        }
        return true;
    }

    /// <summary>The thresholds as they are reported.</summary>
    private static double[] Thresholds(TrainingSettings settings, ReferenceLayer layer) =>
        settings.Threshold is DsAtgoThreshold ? [.. layer.Th.Select(_ => layer.Rule.Running.Average())] : layer.Th;

    /// <summary>A parameter of each neuron, also where they share one.</summary>
    private static IEnumerable<float> Spread(LayerState layer, string tensor)
    {
        float[] values = layer.Tensors[tensor];
        return Enumerable.Range(0, layer.NeuronCount).Select(i => values[values.Length == 1 ? 0 : i]);
    }

    /// <summary>
    /// Whether what neurons share has a gradient that is all rounding error, so that Adam may take it anywhere.
    /// </summary>
    private static bool CancelsOut(double[] gradient) => Math.Abs(gradient.Sum()) < gradient.Sum(Math.Abs) * 1e-3;

    private static double Norm(double[] gradient) => Math.Sqrt(gradient.Sum(g => g * g));

    /// <summary>
    /// Adam's first step has the length lr whatever the gradient's size, so a gradient that is all rounding error may
    /// point anywhere; all but a few weights must still agree.
    /// </summary>
    private static void AssertMovedAlike(string what, double[,] expected, float[] actual, double learningRate)
    {
        int apart = expected.Cast<double>().Zip(actual).Count(w => !(Math.Abs(w.First - w.Second) < learningRate * 0.02));
        Assert.True(apart <= actual.Length / 100, $"{what}: {apart} of {actual.Length} weights moved otherwise");
    }
}
