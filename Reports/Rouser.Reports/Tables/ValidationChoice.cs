using Rouser.Data;
using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// What the validation samples choose among settings: the row with the highest mean validation accuracy in the epoch
/// that stands for a trial. Every sentence and table that names a best row takes it from here.
/// </summary>
internal static class ValidationChoice
{
    /// <summary>
    /// The row of a study that is best; null where there are no validation samples, or rows on other data or with other
    /// validation samples, which are no candidates of one choice.
    /// </summary>
    public static ResultRow? Of(StudyResults study, RunMetadata run) =>
        study.Rows.Where(IsCandidate).Select(SamplesOf).Distinct().Count() == 1 ? Best(study.Rows, run) : null;

    /// <summary>The best of some rows on the same samples; null where none may be chosen.</summary>
    public static ResultRow? Best(IEnumerable<ResultRow> rows, RunMetadata run)
    {
        EpochChoice epoch = EpochChoice.OfValidation(run);
        return rows.Where(IsCandidate).MaxBy(row => row.Completed.Average(r => epoch.ValidationAccuracy(r.History)));
    }

    /// <summary>Whether a row may be chosen: it has validation samples, and all of its seeds have their result.</summary>
    public static bool IsCandidate(ResultRow row) => row.HasValidation && row.IsComplete;

    private static (string Data, string Split) SamplesOf(ResultRow row) =>
        (
            row.Replicates[0].DatasetDigest,
            string.Join(
                ' ',
                row.Parameters.Values.Where(p =>
                        p.Key.StartsWith($"{DatasetSettings.ValidationParameters.Prefix}.", StringComparison.Ordinal)
                    )
                    .Select(p => $"{p.Key}={p.Value}")
            )
        );
}
