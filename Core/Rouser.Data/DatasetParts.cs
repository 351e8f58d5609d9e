using Rouser.Data.Splits;

namespace Rouser.Data;

/// <summary>Takes a validation part from the training samples of a set.</summary>
public static class DatasetParts
{
    /// <summary>
    /// The set with its validation samples apart, as the settings ask; as it is where they ask for none. The test
    /// samples stay what they are.
    /// </summary>
    /// <returns>The set; or why it cannot be divided so, with the remedy.</returns>
    public static Result<Dataset> WithValidation(this Dataset set, DatasetSettings settings)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Validation is not { } rule)
            return set;
        string place = settings.Root ?? settings.Name;
        IReadOnlyList<SampleOrigin> origins = set.TrainOrigins;
        if (origins.Count == 0)
        {
            if (rule.By == SplitBy.Files || rule.Unit == SplitUnit.Group)
                return new UserError(
                    "dataset.validation",
                    $"cannot go by {(rule.By == SplitBy.Files ? "files" : "group")}: {settings.Name} is generated and has neither files nor "
                        + $"speakers; set dataset.validation.by: share and unit: recording"
                );
            origins = [.. Enumerable.Range(0, set.Train.Count).Select(i => new SampleOrigin($"train sample {i}", ""))];
        }
        return RecordingSplit
            .HeldOut(
                origins,
                [.. set.Train.Select(s => s.Label)],
                settings.Groups,
                rule,
                DatasetSettings.ValidationParameters.Prefix,
                place
            )
            .Then<Dataset>(held =>
                set with
                {
                    Train = [.. set.Train.Where((_, i) => !held[i])],
                    Validation = [.. set.Train.Where((_, i) => held[i])],
                    TrainOrigins = set.TrainOrigins.Count == 0 ? [] : [.. set.TrainOrigins.Where((_, i) => !held[i])],
                }
            );
    }
}
