using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Rouser.Data.Formats;
using Rouser.Snn;
using Rouser.Snn.Connections;
using Rouser.Snn.Normalizations;
using Rouser.Storage.Models;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// A model as NumPy's <c>.npz</c>: a zip of arrays (NEP 1), stored without compression and with one date, so that the
/// same model is the same bytes. docs/reference/models.md lists the arrays and runs the network with them.
/// </summary>
internal static class ModelNpz
{
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What of a model is not a constant weight, decay or threshold; null if the arrays say all.</summary>
    public static string? Lacks(TrialSettings settings) =>
        settings.Layers is not null ? "conv and pool layers (network.layers)" : LacksConstants(settings);

    /// <summary>What of a model is not a constant; null if all is.</summary>
    internal static string? LacksConstants(TrialSettings settings) =>
        settings.Quantization != Quantization.None ? "states that are rounded (quantize: lava)"
        : settings.Threshold.MovesWithinBatch ? "thresholds that move from step to step"
        : null;

    /// <summary>Writes the arrays.</summary>
    public static void Write(TrainedModel model, Stream stream)
    {
        using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        TrialSettings settings = model.Trial.Settings;
        Add(zip, "layers", "<i4", "", Int32(model.State.Layers.Count));
        Add(zip, "steps", "<i4", "", Int32(settings.Dataset.Steps));
        Add(zip, "step_ms", "<f8", "", Double(settings.Dataset.StepMilliseconds));
        Add(zip, "delayed", "|b1", "", [(byte)(settings.Neuron.Coupling == CouplingKind.Delayed ? 1 : 0)]);
        Add(zip, "soft_reset", "|b1", "", [(byte)(settings.Neuron.Reset == ResetKind.Soft ? 1 : 0)]);
        if (settings.Readout is { } readout)
            Add(
                zip,
                "readout",
                $"|S{Math.Max(4, readout.Word.Length)}",
                "",
                Encoding.ASCII.GetBytes(readout.Word.PadRight(4, '\0'))
            );
        for (int l = 0; l < model.State.Layers.Count; l++)
        {
            LayerState layer = model.State.Layers[l];
            string n = (l + 1).ToString(CultureInfo.InvariantCulture);
            FoldedNormalization folded = model.FoldedOf(layer);
            int below = layer.InputCount * layer.NeuronCount;
            Add(zip, $"weights_{n}", "<f4", $"{layer.InputCount}, {layer.NeuronCount}", Bytes(folded.Weights[..below]));
            if (layer.OwnRows > 0)
                Add(zip, $"recurrent_{n}", "<f4", $"{layer.NeuronCount}, {layer.NeuronCount}", Bytes(folded.Weights[below..]));
            if (folded.Bias is { } bias)
                Add(zip, $"bias_{n}", "<f4", $"{layer.NeuronCount},", Bytes(bias));
            Add(zip, $"thresholds_{n}", "<f4", $"{layer.Thresholds.Length},", Bytes(layer.Thresholds));
            if (settings.Delays?.StepsOf(layer.Tensors) is { } delays)
            {
                bool ofWeights = settings.Delays is SynapticDelays;
                string shape = ofWeights ? $"{layer.InputCount}, {layer.NeuronCount}" : $"{layer.NeuronCount},";
                Add(zip, $"{(ofWeights ? "weight_" : "")}delays_{n}", "<i4", shape, [.. delays.SelectMany(Int32)]);
            }
            Add(zip, $"current_factor_{n}", "<f4", $"{layer.NeuronCount},", Bytes(model.CurrentFactorsOf(layer)));
            Add(zip, $"voltage_factor_{n}", "<f4", $"{layer.NeuronCount},", Bytes(model.VoltageFactorsOf(layer)));
        }
    }

    private static void Add(ZipArchive zip, string name, string type, string shape, byte[] data)
    {
        ZipArchiveEntry entry = zip.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = ZipEpoch;
        using Stream to = entry.Open();
        to.Write(NpyHeader.Of(type, shape));
        to.Write(data);
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Int32(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Double(double value)
    {
        byte[] bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }
}
