using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Snn.Tests.Lava;

/// <summary>
/// What lava-dl's SLAYER 2.0 made of ten recordings in a 2312-64-10 network; README.md beside this says how it was
/// asked.
/// </summary>
/// <param name="name">A setting: <c>high</c> (Th 1.25, τ 3.75, s 1.5) or <c>low</c> (0.25, 3, 3).</param>
internal sealed class LavaVectors(string name)
{
    public const int Steps = 300,
        Rows = 37;
    public static readonly int[] Sizes = [2312, 64, 10];

    /// <summary>The trial that a sweep file asks for with <c>compat: lava-dl-slayer2</c>.</summary>
    public TrainingSettings Settings
    {
        get
        {
            string setting =
                name == "high"
                    ? "threshold.init: 1.25, surrogate: {tau: 3.75, scale: 1.5}"
                    : "threshold.init: 0.25, surrogate: {tau: 3, scale: 3}";
            Result<SweepSpec> spec = SpecReader.Read(
                "lava.yaml",
                $"schema: rouser/sweep/v1\nname: lava\nbase: {{compat: lava-dl-slayer2, {setting}, loss.kind: spike_rate, batch_size: 10}}\n",
                []
            );
            return new TrainingSettings(TrialSettings.From(spec.Value.Base), Sizes[0], Sizes[1..], Steps, seed: 0);
        }
    }

    /// <summary>The first test recording of each digit.</summary>
    public static Sample[] Batch { get; } = [.. Enumerable.Range(0, 10).Select(digit => new Sample(Raster(digit), digit))];

    /// <summary>∂L/∂W of layer 2 for the mean loss, <c>[in × out]</c>; lava-dl's is that of the sum.</summary>
    public IEnumerable<double> SecondGradient => Tensor("gW2").Select(g => g / 10);

    /// <summary>Every 37th row of ∂L/∂W of layer 1.</summary>
    public IEnumerable<double> FirstGradientRows => Tensor("gW1").Select(g => g / 10);

    /// <summary>∂L/∂W of layer 1, summed over all rows.</summary>
    public IEnumerable<double> FirstGradientSums => Tensor("gW1_sums").Select(g => g / 10);

    /// <summary>The loss, summed over the samples.</summary>
    public double LossSum => Tensor("loss")[0];

    /// <summary>
    /// A layer's weights, <c>[in × out]</c>, row by row from a linear congruential generator; layers count from 1.
    /// </summary>
    public float[] Weights(int layer)
    {
        double width = (name, layer) switch
        {
            ("high", 1) => 0.1,
            ("high", 2) => 0.5,
            ("low", 1) => 0.06,
            _ => 0.25,
        };
        float[] weights = new float[Sizes[layer - 1] * Sizes[layer]];
        uint x = (uint)layer;
        foreach (ref float w in weights.AsSpan())
            w = (float)(width * ((2 * ((x = unchecked((1664525 * x) + 1013904223)) / 4294967296.0)) - 1));
        return weights;
    }

    /// <summary>
    /// The flat indices of a layer's spikes in <c>[sample × step × neuron]</c>, the last step left out: lava-dl hands
    /// spikes on a step late, so that those of the last never come.
    /// </summary>
    public int[] Spikes(int layer) => [.. Tensor($"S{layer}").Select(k => (int)k)];

    private double[] Tensor(string tensor) =>
        NpyFile.Read(Repository.Path("tests", "Rouser.Snn.Tests", "Lava", $"{name}_{tensor}.npy")).Values;

    private static SpikeRaster Raster(int digit)
    {
        string file = Directory
            .GetFiles(SharedData.Path("nmnist", "Test", $"{digit}"), "*.bin")
            .Order(StringComparer.Ordinal)
            .First();
        using FileStream stream = File.OpenRead(file);
        return new EventBinning(34, 34, Steps, 1).Bin(NMnistDecoder.Decode(stream, file).Value).Raster;
    }
}
