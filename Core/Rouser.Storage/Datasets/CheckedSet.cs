using Rouser.Data;

namespace Rouser.Storage.Datasets;

/// <summary>The samples of a set with what was seen of their recordings: where every source of data ends.</summary>
/// <param name="ClassNames">The classes in their order.</param>
/// <param name="Train">The training samples.</param>
/// <param name="Test">The test samples.</param>
internal sealed record CheckedSet(
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<CheckedSample> Train,
    IReadOnlyList<CheckedSample> Test
)
{
    /// <inheritdoc cref="DatasetFindings"/>
    public bool AssumedUnit { get; init; }

    /// <inheritdoc cref="DatasetFindings"/>
    public bool StartsAsRecorded { get; init; }

    /// <inheritdoc cref="DatasetFindings"/>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The data set, with its findings.</summary>
    public Dataset ToDataset(string name, bool synthetic, string digest, EventBinning binning) =>
        new(
            name,
            synthetic,
            digest,
            binning.ChannelCount,
            ClassNames.Count,
            binning.Steps,
            [.. Train.Select(s => s.Sample)],
            [.. Test.Select(s => s.Sample)]
        )
        {
            TrainOrigins = synthetic ? [] : [.. Train.Select(s => s.Origin)],
            Findings = DatasetFindings.Of(ClassNames, Train, Test, binning) with
            {
                AssumedUnit = AssumedUnit,
                StartsAsRecorded = StartsAsRecorded,
                Remarks = Remarks,
            },
        };
}
