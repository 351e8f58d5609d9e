namespace Rouser.Core.Data;

/// <summary>What there is to know about a data set before it is loaded.</summary>
/// <param name="Name">Its name in the sweep file.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="Synthetic">Whether a generator makes it; then it needs no folder, and outputs that rest on it say "synthetic".</param>
/// <param name="InputCount">N, the input channels.</param>
/// <param name="ClassCount">The classes.</param>
/// <param name="Licence">The licence of the recordings.</param>
/// <param name="Layout">What <c>dataset.root</c> must hold; empty for a synthetic set.</param>
public sealed record DatasetDescription(
    string Name, string Summary, bool Synthetic, int InputCount, int ClassCount, string Licence, string Layout);

/// <summary>The data sets that a sweep can name.</summary>
public static class DatasetCatalog
{
    /// <summary>N-MNIST recordings.</summary>
    public static DatasetDescription NMnist { get; } = new(
        "nmnist",
        "handwritten digits before a saccading event camera, 34×34×2, 60,000 and 10,000 recordings (Orchard et al. 2015)",
        Synthetic: false, InputCount: 2 * NMnistDecoder.SensorSize * NMnistDecoder.SensorSize, ClassCount: 10, "CC BY-SA 4.0",
        "Train/<digit>/<id>.bin and Test/<digit>/<id>.bin, digits 0 to 9, as Train.zip and Test.zip unpack");

    /// <summary>The embedded generator.</summary>
    public static DatasetDescription SaccadeDigits { get; } = new(
        "saccade-digits",
        "drawn digits before a simulated saccading event camera, 34×34×2, any number of samples, made from a seed",
        Synthetic: true, InputCount: 2 * NMnistDecoder.SensorSize * NMnistDecoder.SensorSize, ClassCount: 10, "made by Rouser; no recordings", "");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DatasetDescription> All { get; } = [NMnist, SaccadeDigits];

    /// <summary>The data set of a name, or null.</summary>
    public static DatasetDescription? Find(string name) => All.FirstOrDefault(d => d.Name == name);
}
