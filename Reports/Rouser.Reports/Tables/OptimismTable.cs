using Rouser.Data;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>How much better a result would have looked if the test set had chosen it.</summary>
internal static class OptimismTable
{
    /// <summary>One row per arm and setting; null where no trial has validation samples.</summary>
    public static ReportTable? Build(StudyResults study)
    {
        ResultRow[] rows = [.. study.Rows.Where(row => row.HasValidation).OrderByDescending(StudyAnswer.Validation)];
        if (rows.Length == 0)
            return null;
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        const string best = "epoch chosen on validation";
        Add("validation accuracy, %", "best_validation_accuracy_percent", h => 100 * ValidationAccuracy(h), best);
        Add("test accuracy, %", "best_test_accuracy_percent", h => 100 * h.TestAccuracy(h.BestValidationEpoch), best);
        Add("highest on test, %", "highest_test_accuracy_percent", h => 100 * h.TestAccuracy(h.HighestTestEpoch));
        Add(
            "optimism, points",
            "optimism_points",
            h => 100 * (h.TestAccuracy(h.HighestTestEpoch) - h.TestAccuracy(h.BestValidationEpoch))
        );
        return table.Build(
            $"optimism-{study.Slug}",
            $"How optimistic a choice on the test set would have been, study {study.Label}. Optimism: by how many points the "
                + "highest test accuracy of any epoch is above that of the epoch chosen on the validation samples, seed by seed; "
                + $"mean over n seeds with its 95 % interval. Ranked by validation accuracy.{AmongRows(study)}",
            rows
        );

        void Add(string header, string key, Func<TrialHistory, double> value, string group = "") =>
            table.AddEstimate(header, key, row => table.Notes.Cell(row, value, 1, 1), group);
    }

    /// <summary>
    /// The row that is best on the validation samples; null where there are none, or rows on other data or with other
    /// validation samples, which are no candidates of one choice.
    /// </summary>
    public static ResultRow? Chosen(StudyResults study)
    {
        ResultRow[] complete = [.. study.Rows.Where(row => row.HasValidation && row.IsComplete)];
        return IsOneChoice(complete) ? complete.MaxBy(StudyAnswer.Validation) : null;
    }

    private static bool IsOneChoice(ResultRow[] complete) =>
        complete.Select(row => (row.Replicates[0].DatasetDigest, Validation(row))).Distinct().Count() == 1;

    /// <summary>What it comes to where the row is chosen as well.</summary>
    private static string AmongRows(StudyResults study)
    {
        ResultRow[] complete = [.. study.Rows.Where(row => row.HasValidation && row.IsComplete)];
        if (complete.Length < 2 || Chosen(study) is not { } chosen)
            return "";
        ResultRow onTest = complete.MaxBy(row => Mean(row, h => h.TestAccuracy(h.HighestTestEpoch)))!;
        double honest = 100 * Mean(chosen, h => h.TestAccuracy(h.BestValidationEpoch)),
            seen = 100 * Mean(onTest, h => h.TestAccuracy(h.HighestTestEpoch));
        return $" Where the row is chosen too: validation chooses {SettingLabel.Name(chosen)}, with a test accuracy of "
            + $"{Format.Fixed(honest, 1)} %; the test set would have chosen {SettingLabel.Name(onTest)} and shown "
            + $"{Format.Fixed(seen, 1)} %, {Format.Fixed(seen - honest, 1)} points more.";
    }

    private static string Validation(ResultRow row) =>
        string.Join(
            ' ',
            row.Parameters.Values.Where(p =>
                    p.Key.StartsWith($"{DatasetSettings.ValidationParameters.Prefix}.", StringComparison.Ordinal)
                )
                .Select(p => $"{p.Key}={p.Value}")
        );

    private static double Mean(ResultRow row, Func<TrialHistory, double> value) => row.Replicates.Average(r => value(r.History));

    private static double ValidationAccuracy(TrialHistory history) => history.Validation(history.BestValidationEpoch)!.Accuracy;
}
