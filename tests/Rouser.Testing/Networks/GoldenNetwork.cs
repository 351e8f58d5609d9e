using System.Text.Json;
using Rouser.Data;
using Rouser.Snn;

namespace Rouser.Testing.Networks;

/// <summary>
/// The golden vectors of <c>tests/Golden</c>: 40-16-12-4, T = 50, three samples, made with PyTorch's autograd.
/// </summary>
internal sealed class GoldenNetwork(string precision)
{
    public const int Steps = 50;
    public static readonly int[] Sizes = [40, 16, 12, 4];
    private static readonly int[] Labels = [2, 0, 3];

    /// <summary>The three samples.</summary>
    public Sample[] Batch { get; } = ReadBatch(precision);

    /// <summary>The settings of a variant: <c>detach</c>, <c>th</c> or <c>full</c>.</summary>
    public static TrainingSettings Settings(string variant)
    {
        TrainingSettings settings = TestNetworks.Settings(Sizes[0], Sizes[1..], Steps, Labels.Length);
        ResetGradientKind kind = variant switch
        {
            "detach" => ResetGradientKind.None,
            "th" => ResetGradientKind.Threshold,
            "full" => ResetGradientKind.Full,
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        };
        return settings with { Neuron = settings.Neuron with { ResetGradient = kind } };
    }

    /// <summary>A tensor in C order.</summary>
    public double[] Tensor(string name) => NpyFile.Read(Repository.Path("tests", "Golden", precision, name + ".npy")).Values;

    /// <summary>A time series, <c>(T, B, N)</c> in the file, as <c>[T × N]</c> of one sample.</summary>
    public double[] Series(string name, int sample)
    {
        (double[] values, int[] shape) = NpyFile.Read(Repository.Path("tests", "Golden", precision, name + ".npy"));
        double[] series = new double[shape[0] * shape[2]];
        for (int t = 0; t < shape[0]; t++)
            Array.Copy(values, ((t * shape[1]) + sample) * shape[2], series, t * shape[2], shape[2]);
        return series;
    }

    /// <summary>A matrix, <c>(out, in)</c> in the file, as <c>[in × out]</c>.</summary>
    public double[,] Transposed(string name)
    {
        (double[] values, int[] shape) = NpyFile.Read(Repository.Path("tests", "Golden", precision, name + ".npy"));
        double[,] matrix = new double[shape[1], shape[0]];
        for (int k = 0; k < values.Length; k++)
            matrix[k % shape[1], k / shape[1]] = values[k];
        return matrix;
    }

    /// <summary>The golden loss of a variant before each of the five Adam steps.</summary>
    public double[] AdamLosses(string variant) =>
        [
            .. Variant(variant)
                .GetProperty("adam5")
                .GetProperty("loss_before_each_step")
                .EnumerateArray()
                .Select(x => x.GetDouble()),
        ];

    /// <summary>The golden loss.</summary>
    public double Loss(string variant) => Variant(variant).GetProperty("loss").GetDouble();

    /// <summary>An engine with the golden weights.</summary>
    public TEngine Engine<TEngine>(string variant, Func<TrainingSettings, TEngine> make)
        where TEngine : ITrainingEngine
    {
        TEngine engine = make(Settings(variant));
        NetworkState state = engine.Export();
        engine.Import(
            state with
            {
                Layers =
                [
                    .. state.Layers.Select(
                        (layer, l) =>
                            layer with
                            {
                                Weights = [.. Transposed($"W{l + 1}").Cast<double>().Select(x => (float)x)],
                                Thresholds = [.. Tensor($"Th{l + 1}").Select(x => (float)x)],
                            }
                    ),
                ],
            }
        );
        return engine;
    }

    private JsonElement Variant(string variant)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Path("tests", "Golden", "golden.json")));
        return document.RootElement.GetProperty("dtypes").GetProperty(precision).GetProperty(variant).Clone();
    }

    private static Sample[] ReadBatch(string precision)
    {
        (double[] x, _) = NpyFile.Read(Repository.Path("tests", "Golden", precision, "x.npy"));
        return
        [
            .. Labels.Select(
                (label, b) =>
                    new Sample(
                        TestNetworks.Raster(Steps, Sizes[0], (t, j) => x[(((t * Labels.Length) + b) * Sizes[0]) + j] != 0),
                        label
                    )
            ),
        ];
    }
}
