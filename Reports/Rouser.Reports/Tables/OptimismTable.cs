using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>How much better a result would have looked if the test set had chosen it.</summary>
internal static class OptimismTable
{
    /// <summary>One row per arm and setting; null where no trial has validation samples.</summary>
    public static ReportTable? Build(StudyResults study, RunMetadata run)
    {
        ResultRow[] rows =
        [
            .. study
                .Rows.Where(row => row.HasValidation)
                .OrderByDescending(row => row.Completed.Average(r => ValidationAccuracy(r.History))),
        ];
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
                + $"mean over n seeds with its 95 % interval. Ranked by validation accuracy.{AmongRows(study, run)}",
            rows
        );

        void Add(string header, string key, Func<TrialHistory, double> value, string group = "") =>
            table.AddEstimate(header, key, row => table.Notes.Cell(row, value, 1, 1), group);
    }

    /// <summary>What it comes to where the row is chosen as well.</summary>
    private static string AmongRows(StudyResults study, RunMetadata run)
    {
        ResultRow[] complete = [.. study.Rows.Where(ValidationChoice.IsCandidate)];
        if (complete.Length < 2 || ValidationChoice.Of(study, run) is not { } chosen)
            return "";
        ResultRow onTest = complete.MaxBy(row => Mean(row, h => h.TestAccuracy(h.HighestTestEpoch)))!;
        EpochChoice epoch = EpochChoice.OfValidation(run);
        double honest = 100 * Mean(chosen, epoch.TestAccuracy),
            seen = 100 * Mean(onTest, h => h.TestAccuracy(h.HighestTestEpoch));
        return $" Where the row is chosen too: validation chooses {SettingLabel.Name(chosen)}, with a test accuracy of "
            + $"{Format.Fixed(honest, 1)} % {epoch.Describe()}; the test set would have chosen {SettingLabel.Name(onTest)} and shown "
            + $"{Format.Fixed(seen, 1)} %, {Format.Fixed(seen - honest, 1)} points more.";
    }

    private static double Mean(ResultRow row, Func<TrialHistory, double> value) => row.Replicates.Average(r => value(r.History));

    private static double ValidationAccuracy(TrialHistory history) => history.Validation(history.BestValidationEpoch)!.Accuracy;
}
