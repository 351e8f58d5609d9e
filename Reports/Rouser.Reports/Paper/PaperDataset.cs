using Rouser.Data;

namespace Rouser.Reports.Paper;

/// <summary>
/// A data set of the paper with the network that it trains on it (arXiv 2407.19566, sections on data and
/// experiments).
/// </summary>
/// <param name="Name">As the paper writes it.</param>
/// <param name="Recorded">Its name in a sweep file.</param>
/// <param name="Hidden">Neurons of the hidden layers.</param>
/// <param name="TrainSamples">Samples to train on.</param>
/// <param name="TestSamples">Samples to test on.</param>
/// <param name="Steps">Steps of 1 ms per sample; null where the paper says that it varies.</param>
public sealed record PaperDataset(
    string Name,
    string Recorded,
    IReadOnlyList<int> Hidden,
    int TrainSamples,
    int TestSamples,
    int? Steps
)
{
    /// <summary>N-MNIST, 34×34×2-500-500-10.</summary>
    public static PaperDataset NMnist { get; } = new("N-MNIST", DatasetCatalog.NMnist.Name, [500, 500], 60_000, 10_000, 300);

    /// <summary>DVS128 Gesture, 128×128×2-64-11.</summary>
    public static PaperDataset Dvs128 { get; } = new("DVS128 Gesture", DatasetCatalog.Dvs128.Name, [64], 1_176, 288, null);

    /// <summary>Spiking Heidelberg Digits, 700-200-200-20.</summary>
    public static PaperDataset Shd { get; } = new("SHD", DatasetCatalog.Shd.Name, [200, 200], 8_156, 2_264, null);

    /// <summary>All three.</summary>
    public static IReadOnlyList<PaperDataset> All { get; } = [NMnist, Dvs128, Shd];

    /// <summary>The generated set that stands in for it where the recordings are not there.</summary>
    public string Generated { get; } = DatasetCatalog.StandInFor(Recorded)!.Name;
}
