namespace Rouser.Core.Sweeps;

/// <summary>The data sets that a sweep file can name.</summary>
internal static class KnownDatasets
{
    /// <summary>Read from files.</summary>
    public static IReadOnlyList<string> Recorded { get; } = ["nmnist"];

    /// <summary>Made by a generator.</summary>
    public static IReadOnlyList<string> Synthetic { get; } = ["saccade-digits"];

    /// <summary>How many samples <c>all</c> are in a generated set.</summary>
    public const int SyntheticTrainSamples = 1_000, SyntheticTestSamples = 200;
}
