using System.Globalization;
using PureHDF;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Snn.Layers;
using Rouser.Snn.Normalizations;
using Rouser.Storage.Models;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A model as a graph of the Neuromorphic Intermediate Representation (NIR, Pedersen et al. 2024), in HDF5. The same
/// model is the same bytes.
/// </summary>
/// <remarks>
/// NIR's neuron is continuous; its forward Euler with the step dt, where the potential takes the current of before the
/// step, is ours:
/// <code>
/// τ_syn dI/dt = −I + w_in S      τ_mem dv/dt = v_leak − v + R I
/// a = 1 − dt/τ_syn               w_in = τ_syn/dt
/// b = 1 − dt/τ_mem               R = τ_mem/dt      v_leak = v_reset = 0
/// </code>
/// Delayed coupling is that with a delay of one step before each layer. Same-step coupling is that without delays, and
/// every spike one step later; the delays of the neurons below
/// (<see cref="Snn.Connections.AxonalDelays"/>) come on top of either. NIR fires at v &gt; v_threshold, here V ≥ Th; and it has no soft reset.
/// </remarks>
internal static class ModelNir
{
    /// <summary>The version of NIR whose files are written.</summary>
    private const string Version = "1.0.7";

    /// <summary>What of a model a graph cannot say at all; null if it can say the most of it.</summary>
    /// <param name="foldsThresholds">Whether thresholds are to become 1.</param>
    public static string? Lacks(TrainedModel model, bool foldsThresholds) =>
        ModelNpz.LacksConstants(model.Trial.Settings) is { } lacks ? lacks
        : model.Trial.Settings.IsRecurrent
            ? "layers that hear themselves (network.recurrent), because NIR leaves open how many steps a loop takes"
        : model.Trial.Settings.Delays is SynapticDelays
            ? "delays of weights (network.delays: synaptic), because NIR has those of neurons only"
        : model.State.Layers.Any(layer => model.CurrentFactorsOf(layer).Any(a => a >= 1))
            ? "currents that never decay (neuron.current_factor: 1)"
        : model.State.Layers.Any(layer => model.VoltageFactorsOf(layer).Any(b => b >= 1)) ? "potentials that never decay"
        : foldsThresholds && model.Trial.Settings.Layers is not null
            ? "thresholds of each neuron beside shared weights (network.layers), folded by --fold-thresholds"
        : foldsThresholds && model.State.Layers.Any(layer => layer.Thresholds.Any(th => !(th > 0)))
            ? "thresholds that are not positive, which cannot be folded into weights"
        : null;

    /// <summary>What a program that runs the graph does otherwise; null if nothing.</summary>
    public static string? Differs(TrialSettings settings) =>
        settings.Neuron.Reset == ResetKind.Soft
            ? "NIR has no soft reset: the graph resets to 0 (its metadata says 'reset: soft'), which is another network"
            : null;

    /// <summary>Writes the graph.</summary>
    /// <param name="foldsThresholds">Whether each neuron's weights are divided by its threshold, which then is
    /// 1.</param>
    public static void Write(TrainedModel model, bool foldsThresholds, Stream stream)
    {
        TrialSettings settings = model.Trial.Settings;
        double dt = settings.Dataset.StepMilliseconds;
        bool delayed = settings.Neuron.Coupling == CouplingKind.Delayed;
        IReadOnlyList<LayerState> layers = model.State.Layers;
        TrainingSettings network = settings.ForData(
            layers[0].InputCount,
            layers[^1].NeuronCount,
            settings.Dataset.Steps,
            samples: 1,
            model.Trial.Seed
        );
        Plane? below = network.ConnectionOf(1).Below;
        H5Group nodes = new() { ["input"] = Shape("Input", layers[0].InputCount, below) };
        List<string> path = ["input"];
        for (int l = 0; l < layers.Count; l++)
        {
            string n = (l + 1).ToString(CultureInfo.InvariantCulture);
            LayerConnection connection = network.ConnectionOf(l + 1);
            int[]? late = l == 0 ? null : settings.Delays?.StepsOf(layers[l - 1].Tensors);
            if (delayed || late is not null)
                Add(
                    $"delay_{n}",
                    new H5Group
                    {
                        ["type"] = "Delay",
                        ["delay"] = NirPlanes.Shaped(Delays(dt, delayed, late, layers[l].InputCount), below),
                    }
                );
            if (connection.Pool > 1)
                Add($"sumpool_{n}", NirPlanes.Pooling(connection.Pool));
            Plane? seen = connection.Pool > 1 ? connection.Pooled : below;
            if (connection.Convolution is not null)
                Add($"conv_{n}", NirPlanes.Convolution(connection, layers[l].Weights));
            else
            {
                if (seen is { } plane)
                    Add($"flatten_{n}", NirPlanes.Flatten(plane));
                Add(Input(model, layers[l], seen, foldsThresholds, n, out H5Group input), input);
            }
            bool spikes = settings.HasSpikes(l, layers.Count);
            below = connection.Plane;
            Add(spikes ? $"cubalif_{n}" : $"cubali_{n}", Neurons(model, layers[l], below, dt, spikes, foldsThresholds));
        }
        Add("output", Shape("Output", layers[^1].NeuronCount, null));

        string[,] edges = new string[path.Count - 1, 2];
        for (int k = 0; k + 1 < path.Count; k++)
            (edges[k, 0], edges[k, 1]) = (path[k], path[k + 1]);
        H5File file = new()
        {
            ["version"] = Version,
            ["node"] = new H5Group
            {
                ["type"] = "NIRGraph",
                ["nodes"] = nodes,
                ["edges"] = edges,
                ["metadata"] = Metadata(model, foldsThresholds, delayed),
            },
        };
        // In memory first: the library closes what it writes to.
        using MemoryStream bytes = new();
        file.Write(bytes);
        stream.Write(bytes.ToArray());

        void Add(string name, H5Group node)
        {
            nodes[name] = node;
            path.Add(name);
        }
    }

    /// <summary>The weights of a layer, with a bias where its normalisation is folded into them.</summary>
    private static string Input(
        TrainedModel model,
        LayerState layer,
        Plane? below,
        bool foldsThresholds,
        string n,
        out H5Group node
    )
    {
        FoldedNormalization folded = model.FoldedOf(layer);
        float[,] weights = Weights(
            layer,
            below is { } plane ? NirPlanes.Flattened(folded.Weights, plane, layer.NeuronCount) : folded.Weights,
            foldsThresholds
        );
        node = new H5Group { ["type"] = folded.Bias is null ? "Linear" : "Affine", ["weight"] = weights };
        if (folded.Bias is not { } bias)
            return $"linear_{n}";
        node["bias"] = bias.Select((k, i) => k / (foldsThresholds ? layer.Thresholds[i] : 1)).ToArray();
        return $"affine_{n}";
    }

    private static H5Group Metadata(TrainedModel model, bool foldsThresholds, bool delayed)
    {
        TrialSettings settings = model.Trial.Settings;
        H5Group metadata = new()
        {
            ["trial"] = model.Trial.Id.Value,
            ["steps"] = settings.Dataset.Steps,
            ["step_ms"] = settings.Dataset.StepMilliseconds,
            ["integration"] = "forward Euler: current and potential from the state before the step",
            ["late_steps"] = delayed ? 0 : 1,
            ["fires_at"] = "v >= v_threshold",
            ["reset"] = settings.Neuron.Reset == ResetKind.Soft ? "soft: v_threshold is subtracted" : "hard: to v_reset",
            ["thresholds_folded"] = foldsThresholds ? 1 : 0,
        };
        if (settings.Readout is { } readout)
            metadata["readout"] = readout.Word;
        if (model.Classes.Count > 0)
            metadata["classes"] = model.Classes.ToArray();
        return metadata;
    }

    private static H5Group Shape(string type, int count, Plane? plane) =>
        new() { ["type"] = type, ["shape"] = NirPlanes.Shape(count, plane) };

    private static H5Group Neurons(
        TrainedModel model,
        LayerState layer,
        Plane? plane,
        double dt,
        bool spikes,
        bool foldsThresholds
    )
    {
        int count = layer.NeuronCount;
        double[] synapse = [.. model.CurrentFactorsOf(layer).Select(a => dt / (1 - (double)a))];
        double[] membrane = [.. model.VoltageFactorsOf(layer).Select(b => dt / (1 - (double)b))];
        H5Group node = new()
        {
            ["type"] = spikes ? "CubaLIF" : "CubaLI",
            ["tau_syn"] = Of(synapse),
            ["tau_mem"] = Of(membrane),
            ["r"] = Of([.. membrane.Select(tau => tau / dt)]),
            ["v_leak"] = Of(new double[count]),
            ["w_in"] = Of([.. synapse.Select(tau => tau / dt)]),
        };
        if (spikes)
        {
            node["v_reset"] = Of(new double[count]);
            node["v_threshold"] = Of(foldsThresholds ? Repeated(1, count) : [.. layer.Thresholds.Select(th => (double)th)]);
        }
        return node;

        Array Of(double[] values) => NirPlanes.Shaped(values, plane);
    }

    /// <summary><c>[out × in]</c>, as NIR has them.</summary>
    private static float[,] Weights(LayerState layer, float[] values, bool foldsThresholds)
    {
        float[,] weights = new float[layer.NeuronCount, values.Length / layer.NeuronCount];
        bool divides = foldsThresholds && layer.Thresholds.Length > 0;
        for (int j = 0; j < weights.GetLength(1); j++)
        {
            for (int i = 0; i < layer.NeuronCount; i++)
                weights[i, j] = values[(j * layer.NeuronCount) + i] / (divides ? layer.Thresholds[i] : 1);
        }
        return weights;
    }

    /// <summary>The step that delayed coupling takes, and those of each neuron below, in NIR's time.</summary>
    private static double[] Delays(double dt, bool delayed, int[]? below, int count) =>
        [.. Enumerable.Range(0, count).Select(j => dt * ((delayed ? 1 : 0) + (below?[j] ?? 0)))];

    private static double[] Repeated(double value, int count) => [.. Enumerable.Repeat(value, count)];
}
