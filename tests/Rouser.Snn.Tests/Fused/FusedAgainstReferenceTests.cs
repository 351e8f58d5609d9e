using Rouser.Core.Parameters;
using Rouser.Snn.Connections;
using Rouser.Snn.Currents;
using Rouser.Snn.Fused;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Layers;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;
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
        DecayNetworks = 120,
        DropoutNetworks = 120,
        RecurrentNetworks = 300,
        DelayedNetworks = 300,
        NormalizedNetworks = 120,
        ReadoutNetworks = 300,
        LayerNetworks = 500;
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
    public void Decays_that_are_drawn_and_trained_give_the_same_as_the_reference()
    {
        HashSet<(Type, bool, CouplingKind)> currents = [];
        HashSet<(Type?, HeterogeneousDecays?)> drawn = [];
        int compared = 0;
        for (long seed = 0; seed < DecayNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyDecays(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            NeuronSettings neuron = network.Settings.Neuron;
            compared++;
            currents.Add((neuron.Current.GetType(), neuron.Current is TrainedCurrent { PerNeuron: true }, neuron.Coupling));
            drawn.Add((neuron.Heterogeneity?.GetType(), neuron.Heterogeneity?.Of));
        }
        Assert.True(compared > DecayNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.Equal(6, currents.Count);
        Assert.Equal(1 + (RandomDecays.Heterogeneities.Count * 3), drawn.Count);
    }

    [Fact]
    public void Dropout_gives_the_same_as_the_reference()
    {
        HashSet<(bool, bool, CouplingKind)> seen = [];
        int compared = 0;
        for (long seed = 2000; seed < 2000 + DropoutNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfDropout(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            seen.Add((settings.Readout is null, settings.UpdatesLater, settings.Neuron.Coupling));
        }
        Assert.True(compared > DropoutNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void Layers_that_hear_themselves_give_the_same_as_the_reference()
    {
        HashSet<(bool, bool, bool, CouplingKind, ResetKind)> seen = [];
        HashSet<Type> rules = [];
        int compared = 0,
            quantized = 0,
            truncated = 0;
        for (long seed = 4000; seed < 4000 + RecurrentNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfRecurrence(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            quantized += settings.Quantization == Quantization.Lava ? 1 : 0;
            truncated += settings.GradientWindow < settings.StepCount ? 1 : 0;
            rules.Add(settings.Threshold.GetType());
            seen.Add(
                (
                    settings.Dropout is null,
                    settings.UpdatesLater,
                    settings.LayerSizes.Count > 2,
                    settings.Neuron.Coupling,
                    settings.Neuron.Reset
                )
            );
        }
        Assert.True(compared > RecurrentNetworks / 3, $"only {compared} networks keep clear of their thresholds");
        Assert.True(quantized > RecurrentNetworks / 30, $"only {quantized} networks are quantised");
        Assert.True(truncated > RecurrentNetworks / 20, $"only {truncated} networks are truncated");
        Assert.Equal(RandomMethod.Rules.Count - 1, rules.Count);
        Assert.True(seen.Count > 28, $"only {seen.Count} of 32 kinds of networks");
    }

    [Fact]
    public void Delayed_spikes_give_the_same_as_the_reference()
    {
        HashSet<(bool, bool, bool, CouplingKind)> seen = [];
        int compared = 0,
            quantized = 0,
            truncated = 0,
            wholeBatch = 0;
        for (long seed = 5000; seed < 5000 + DelayedNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfDelays(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            quantized += settings.Quantization == Quantization.Lava ? 1 : 0;
            truncated += settings.GradientWindow < settings.StepCount ? 1 : 0;
            wholeBatch += settings.NeedsWholeBatch ? 1 : 0;
            seen.Add((settings.Dropout is null, settings.UpdatesLater, settings.IsRecurrent, settings.Neuron.Coupling));
        }
        Assert.True(compared > DelayedNetworks / 3, $"only {compared} networks keep clear of their thresholds");
        Assert.True(quantized > DelayedNetworks / 30, $"only {quantized} networks are quantised");
        Assert.True(truncated > DelayedNetworks / 20, $"only {truncated} networks are truncated");
        Assert.True(wholeBatch > DelayedNetworks / 50, $"only {wholeBatch} networks need the whole batch");
        Assert.Equal(16, seen.Count);
    }

    [Fact]
    public void Delays_of_weights_give_the_same_as_the_reference()
    {
        HashSet<(bool, bool, bool, CouplingKind, bool)> seen = [];
        int compared = 0,
            quantized = 0,
            truncated = 0;
        for (long seed = 0; seed < DelayedNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfSynapses(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            quantized += settings.Quantization == Quantization.Lava ? 1 : 0;
            truncated += settings.GradientWindow < settings.StepCount ? 1 : 0;
            seen.Add(
                (
                    settings.Dropout is null,
                    settings.UpdatesLater,
                    settings.IsRecurrent,
                    settings.Neuron.Coupling,
                    ((SynapticDelays)settings.Delays!).OfInputs
                )
            );
        }
        Assert.True(compared > DelayedNetworks / 3, $"only {compared} networks keep clear of their thresholds");
        Assert.True(quantized > DelayedNetworks / 30, $"only {quantized} networks are quantised");
        Assert.True(truncated > DelayedNetworks / 20, $"only {truncated} networks are truncated");
        Assert.True(seen.Count > 28, $"only {seen.Count} of 32 kinds of networks");
    }

    [Fact]
    public void Normalised_inputs_give_the_same_as_the_reference()
    {
        HashSet<(bool, CouplingKind, NormalizedLayers)> seen = [];
        int compared = 0;
        for (long seed = 1000; seed < 1000 + NormalizedNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfNormalizedLayers(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            seen.Add((settings.Threshold.NeedsWholeBatch, settings.Neuron.Coupling, settings.Normalization!.Layers));
        }
        Assert.True(compared > NormalizedNetworks / 4, $"only {compared} networks keep clear of their thresholds");
        Assert.True(seen.Count >= 7, $"only {seen.Count} of 8 kinds of networks");
    }

    [Fact]
    public void Every_readout_gives_the_same_as_the_reference()
    {
        HashSet<(Type, string?)> readouts = [];
        HashSet<(string?, CouplingKind, bool)> neurons = [];
        int compared = 0;
        for (long seed = 0; seed < ReadoutNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyReadout(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            readouts.Add((settings.Threshold.GetType(), settings.Readout?.Word));
            neurons.Add((settings.Readout?.Word, settings.Neuron.Coupling, settings.LayerSizes.Count == 1));
        }
        Assert.True(compared > ReadoutNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.True(readouts.Count > RandomMethod.Rules.Count * 4, $"only {readouts.Count} pairs of rules and readouts");
        Assert.Equal(20, neurons.Count);
    }

    [Fact]
    public void Readouts_over_drawn_decays_and_normalised_layers_give_the_same_as_the_reference()
    {
        HashSet<(NormalizedLayers, bool)> seen = [];
        int compared = 0;
        for (long seed = 2000; seed < 2000 + NormalizedNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfNormalizedReadout(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            compared++;
            seen.Add((network.Settings.Normalization!.Layers, network.Settings.Threshold.NeedsWholeBatch));
        }
        Assert.True(compared > NormalizedNetworks / 4, $"only {compared} networks keep clear of their thresholds");
        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void Convolutions_and_pooling_give_the_same_as_the_reference()
    {
        HashSet<(ResetKind, CouplingKind, bool)> neurons = [];
        HashSet<(bool, bool, bool)> layers = [];
        HashSet<(Type, bool)> rules = [];
        int compared = 0,
            deep = 0,
            wide = 0,
            dropping = 0,
            delayed = 0,
            quantized = 0,
            truncated = 0;
        for (long seed = 0; seed < LayerNetworks; seed++)
        {
            RandomNetwork network = RandomNetwork.OfAnyLayers(seed);
            if (!Compare(network, $"seed {seed}: {network}"))
                continue;
            TrainingSettings settings = network.Settings;
            compared++;
            deep += settings.Connections!.Count(layer => layer.Convolution is not null) > 1 ? 1 : 0;
            wide += settings.Connections!.Any(layer => layer.Convolution is { Channels: > 32 }) ? 1 : 0;
            dropping += settings.Dropout is null ? 0 : 1;
            delayed += settings.Delays is null ? 0 : 1;
            quantized += settings.Quantization == Quantization.Lava ? 1 : 0;
            truncated += settings.GradientWindow < settings.StepCount ? 1 : 0;
            neurons.Add((settings.Neuron.Reset, settings.Neuron.Coupling, settings.Weights.Normalize));
            rules.Add((settings.Threshold.GetType(), settings.Readout is null));
            foreach (LayerConnection layer in settings.Connections!)
                layers.Add((layer.IsFirst, layer.Convolution is not null, layer.Pool > 1));
        }
        Assert.True(compared > LayerNetworks / 2, $"only {compared} networks keep clear of their thresholds");
        Assert.All(
            (int[])[deep, wide, dropping, delayed, quantized, truncated],
            kind => Assert.InRange(kind, LayerNetworks / 20, compared)
        );
        Assert.Equal(8, neurons.Count);
        Assert.Equal(6, layers.Count); // A first layer is never dense.
        Assert.Equal((RandomMethod.Rules.Count - 1) * 2, rules.Count);
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
        Assert.Equal(
            Heterogeneity.Family.Methods.Select(m => m.Build(given)?.GetType().Name).OfType<string>().Order(),
            RandomDecays.Heterogeneities.Select(make => make(random, default).GetType().Name).Order()
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
            || (network.Settings.Normalization is not null && !IsWellConditioned(reference, expected))
            || (network.Settings.IsRecurrent && HasExploded(expected))
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
            Close.AssertEqual(
                $"{name}: gW{l + 1}",
                gradient.W.Cast<double>(),
                engine.Layers[l].WeightGradient(),
                engine.Layers[l].Normalization is null ? Tolerance : 5 * Tolerance
            );
            Close.AssertEqual($"{name}: gTh{l + 1}", gradient.Th, engine.ThresholdGradient(l), Tolerance);
            Close.AssertEqual(
                $"{name}: |gW{l + 1}|",
                [Math.Sqrt(gradient.W.Cast<double>().Sum(g => g * g))],
                [result.WeightGradientNorms[l]],
                engine.Layers[l].Normalization is null ? Tolerance : 5 * Tolerance
            );
            AssertMovedAlike(
                $"{name}: W{l + 1}",
                reference.Layers[l].W,
                state.Layers[l].Weights,
                Slack(network.Settings, network.Settings.Optimizer.LearningRate, gradient.W.Cast<double>()),
                engine.Layers[l].Normalization is null ? null : gradient.W
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
            ReferenceLayer layer = reference.Layers[l];
            if (layer.Normalization is { } normalization)
                AssertNormalization($"{name}: layer {l + 1}", normalization, engine.Layers[l].Normalization!, state.Layers[l]);
            if (reference.Delays[l] is { } delays)
            {
                Close.AssertEqual($"{name}: gd{l + 1}", gradient.D, engine.DelayGradient(l), Tolerance);
                AssertDelays($"{name}: d{l + 1}", network.Settings, gradient.D, delays.D, state.Layers[l].Tensors["delays.d"]);
            }
            if (layer.Synapses is { } synapses)
            {
                Close.AssertEqual($"{name}: gd{l + 1}", gradient.D, engine.DelayGradient(l), Tolerance);
                AssertDelays($"{name}: d{l + 1}", network.Settings, gradient.D, synapses.D, state.Layers[l].Tensors["delays.d"]);
            }
            if (network.Settings.Neuron.Membrane is TrainedMembrane membrane)
                AssertDecays(
                    $"{name}: b{l + 1}",
                    membrane,
                    layer.B,
                    gradient.B,
                    engine.VoltageGradient(l),
                    "membrane.w",
                    state.Layers[l]
                );
            if (network.Settings.Neuron.Current is TrainedCurrent current)
                AssertDecays(
                    $"{name}: a{l + 1}",
                    current,
                    layer.A,
                    gradient.A,
                    engine.CurrentGradient(l),
                    "current.w",
                    state.Layers[l]
                );
        }
        return true;
    }

    /// <summary>
    /// Whether float32 can tell inputs from their mean, and gradients from 0. A neuron whose inputs hardly vary amplifies
    /// their rounding by up to 1/√ε; one of few inputs has gradients of weights that cancel out, because its normalised
    /// input does not depend on their scale; and two inputs are normalised to −1 and 1 whatever they are, so that theirs
    /// cancel out as well.
    /// </summary>
    private static bool IsWellConditioned(ReferenceEngine engine, ReferenceBatch batch)
    {
        for (int l = 0; l < engine.Layers.Count; l++)
        {
            ReferenceLayer layer = engine.Layers[l];
            if (layer.Normalization is null)
                continue;
            if (layer.W.GetLength(0) < 4 || batch.Traces.Sum(sample => sample[l].Z.GetLength(0)) < 3)
                return false;
            for (int i = 0; i < layer.W.GetLength(1); i++)
            {
                double[] z =
                [
                    .. batch.Traces.SelectMany(sample =>
                        Enumerable.Range(0, sample[l].Z.GetLength(0)).Select(t => sample[l].Z[t, i])
                    ),
                ];
                double mean = z.Average(),
                    variance = z.Average(x => (x - mean) * (x - mean));
                if (mean * mean > 1e3 * (variance + TdbnNormalization.Epsilon) || z.Distinct().Count() < 3)
                    return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Whether gradients have grown from step to step through a layer that hears itself, beyond where an update leads anywhere.
    /// </summary>
    private static bool HasExploded(ReferenceBatch batch) =>
        batch.Gradients.Any(g => g.A.Concat(g.B).Concat(g.W.Cast<double>()).Any(x => Math.Abs(x) > 1e4));

    private static void AssertNormalization(
        string what,
        ReferenceBatchNormalization expected,
        LayerNormalization actual,
        LayerState state
    )
    {
        Close.AssertEqual($"{what}: gλ", expected.GainGradient, actual.GainGradient.ToArray(), Tolerance);
        Close.AssertEqual($"{what}: gβ", expected.BiasGradient, actual.BiasGradient.ToArray(), Tolerance);
        Close.AssertEqual($"{what}: run_m", expected.RunningMean, state.Tensors["normalization.mean"], Tolerance);
        Close.AssertEqual($"{what}: run_v", expected.RunningVariance, state.Tensors["normalization.variance"], Tolerance);
    }

    private static void AssertDecays(
        string what,
        ITrainedDecay trained,
        double[] moved,
        double[] gradient,
        float[] actual,
        string tensor,
        LayerState state
    )
    {
        Close.AssertEqual($"{what}: gradient", gradient, actual, Tolerance);
        if (trained.PerNeuron || !CancelsOut(gradient))
            Close.AssertEqual($"{what}: w", moved.Select(trained.Parameter), Spread(state, tensor), Tolerance);
    }

    /// <summary>Those whose gradient is no rounding error, beside which Adam may take them anywhere.</summary>
    private static void AssertDelays(string what, TrainingSettings settings, double[] gradient, double[] moved, float[] actual)
    {
        double least = gradient.Max(Math.Abs) * 1e-3,
            slack = Slack(settings, settings.Delays!.LearningRate, gradient);
        for (int i = 0; i < moved.Length; i++)
        {
            if (gradient[i] == 0 || Math.Abs(gradient[i]) > least)
                Assert.True(Math.Abs(moved[i] - actual[i]) <= slack, $"{what}[{i}] is {actual[i]}, not {moved[i]}");
        }
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
    /// How far apart two updates may end: a fiftieth of the learning rate, and for an optimiser whose step is as long as the
    /// gradient, what gradients may differ by.
    /// </summary>
    private static double Slack(TrainingSettings settings, double learningRate, IEnumerable<double> gradient) =>
        learningRate * Math.Max(0.02, settings.Optimizer is SgdOptimizer ? Tolerance * gradient.Max(Math.Abs) : 0);

    /// <summary>
    /// Adam's first step has the length lr whatever the gradient's size, so a gradient that is all rounding error may
    /// point anywhere; all but a few weights must still agree. Where inputs are normalised, gradients cancel, and only those
    /// are asked that are no rounding error: a thousandth of the largest.
    /// </summary>
    private static void AssertMovedAlike(
        string what,
        double[,] expected,
        float[] actual,
        double slack,
        double[,]? gradient = null
    )
    {
        double[] g = gradient is null ? [] : [.. gradient.Cast<double>()];
        double least = g.Length == 0 ? 0 : g.Max(Math.Abs) * 1e-3;
        bool IsClear(int k) => g.Length == 0 || Math.Abs(g[k]) > least;
        double[] moved = [.. expected.Cast<double>()];
        int apart = Enumerable.Range(0, actual.Length).Count(k => IsClear(k) && !(Math.Abs(moved[k] - actual[k]) < slack));
        Assert.True(apart <= actual.Length / 100, $"{what}: {apart} of {actual.Length} weights moved otherwise");
    }
}
