using Rouser.Data;

namespace Rouser.Sweeps;

/// <summary>The data sets that a sweep file can name, by where they come from.</summary>
internal static class KnownDatasets
{
    /// <summary>Read from files.</summary>
    public static IReadOnlyList<string> Recorded { get; } = [.. DatasetCatalog.All.Where(d => !d.Synthetic).Select(d => d.Name)];

    /// <summary>Made by a generator.</summary>
    public static IReadOnlyList<string> Synthetic { get; } = [.. DatasetCatalog.All.Where(d => d.Synthetic).Select(d => d.Name)];

    /// <summary>With events of two polarities.</summary>
    public static IReadOnlyList<string> Polar { get; } = [.. DatasetCatalog.All.Where(d => d.Polar).Select(d => d.Name)];

    /// <summary>How many samples <c>all</c> are in a generated set.</summary>
    public const int SyntheticTrainSamples = 1_000,
        SyntheticTestSamples = 200;
}
