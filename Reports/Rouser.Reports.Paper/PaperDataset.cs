using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Reports.Model;
using Rouser.Snn.Layers;

namespace Rouser.Reports.Paper;

/// <summary>
/// A data set of the paper with the network that it trains on it (arXiv 2407.19566, sections on data and
/// experiments).
/// </summary>
/// <param name="Name">As the paper writes it.</param>
/// <param name="Recorded">Its name in a sweep file.</param>
/// <param name="HiddenSizes">Neurons of the hidden layers.</param>
/// <param name="TrainSamples">Samples to train on.</param>
/// <param name="TestSamples">Samples to test on.</param>
/// <param name="Steps">Steps of 1 ms per sample; null where the paper says that it varies.</param>
public sealed record PaperDataset(
    string Name,
    string Recorded,
    IReadOnlyList<long> HiddenSizes,
    int TrainSamples,
    int TestSamples,
    int? Steps
)
{
    /// <summary>N-MNIST, 34×34×2-500-500-10.</summary>
    public static PaperDataset NMnist { get; } = new("N-MNIST", DatasetCatalog.NMnist.Name, [500, 500], 60_000, 10_000, 300);

    /// <summary>DVS128 Gesture, 128×128×2-64-11.</summary>
    public static PaperDataset Dvs128 { get; } =
        new("DVS128 Gesture", DatasetCatalog.Dvs128.Name, [64], 1_176, 288, null) { OtherThresholds = [0, 0.5, 0.75, 1] };

    /// <summary>Spiking Heidelberg Digits, 700-200-200-20.</summary>
    public static PaperDataset Shd { get; } = new("SHD", DatasetCatalog.Shd.Name, [200, 200], 8_156, 2_264, null);

    /// <summary>All three.</summary>
    public static IReadOnlyList<PaperDataset> All { get; } = [NMnist, Dvs128, Shd];

    /// <summary>The data set of a name in claims.json.</summary>
    public static PaperDataset Named(string name) => All.Single(set => set.Name == name);

    /// <summary>Initial thresholds that the paper has on it besides those of Table 2.</summary>
    public IReadOnlyList<double> OtherThresholds { get; private init; } = [];

    /// <summary>
    /// Whether a row is trained on it, or on what is generated or simulated in its place, by a network of as many layers;
    /// by an engine that trains at all.
    /// </summary>
    public bool IsOf(ResultRow row) =>
        row.DatasetName is { } name
        && (name == Recorded || DatasetCatalog.Find(name)?.ShapedLike == Recorded)
        && !row.Replicates[0].Engine.StartsWith("noop", StringComparison.Ordinal)
        && row.Parameters.Find(NetworkLayers.Parameter) is null
        && (
            row.Parameters.Find(PaperConditions.Hidden) is not ParameterValue.Integers hidden
            || hidden.Values.Count == HiddenSizes.Count
        );

    /// <summary>Whether every row of a study is.</summary>
    public bool IsOf(StudyResults study) => study.Rows.Count > 0 && study.Rows.All(IsOf);

    internal bool HasOtherThreshold(ParameterValue value) =>
        value is ParameterValue.Real threshold && OtherThresholds.Contains(threshold.Value);
}
