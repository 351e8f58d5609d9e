using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>
/// Arms tuned alike: each at the setting that the validation samples choose for it, compared on the test samples.
/// </summary>
internal static class TunedArmsTable
{
    /// <summary>
    /// One row per arm; null unless several arms tried several settings, and the validation samples may choose.
    /// </summary>
    public static ReportTable? Build(StudyResults study, RunMetadata run)
    {
        EpochChoice epoch = EpochChoice.OfValidation(run);
        TunedArm[] arms = [.. study.Arms.Select(arm => TunedArm.Of(study, arm, run)).OfType<TunedArm>()];
        if (arms.Length < 2 || arms.All(a => a.Tried < 2) || ValidationChoice.Of(study, run) is null)
            return null;
        TunedArm? baseline = Array.Find(arms, a => a.Arm == Pairing.BaselineArm(study, run));
        bool isEqual = arms.Select(a => a.Tried).Distinct().Count() == 1;
        TableBuilder<TunedArm> table = new();
        table
            .AddHeader("arm", "arm", a => a.Arm)
            .AddCount("settings tried", "settings_tried", a => a.Tried)
            .AddText("chosen on validation", "chosen_setting", a => SettingLabel.Short(a.Chosen.Setting))
            .AddEstimate(
                "validation, %",
                "validation_accuracy_percent",
                a => table.Notes.Cell(a.Chosen, h => 100 * epoch.ValidationAccuracy(h), 1, 1)
            )
            .AddEstimate("test, %", "test_accuracy_percent", a => table.Notes.Cell(a.Chosen, Test, 1, 1));
        if (baseline is not null)
            table.AddEstimate(
                $"above {baseline.Arm}, points",
                "above_baseline_points",
                a =>
                    a == baseline
                        ? ReportCell.Reference
                        : ReportCell.Difference(Pairing.Difference(a.Chosen, baseline.Chosen, Test), 1, a.Chosen, baseline.Chosen)
            );
        return table.Build(
            $"tuned-{study.Slug}",
            $"Arms tuned {(isEqual ? "alike" : "by themselves")}, study {study.Label}: of the settings that an arm tried, the one with "
                + "the highest mean accuracy on the validation samples, and what it reaches on the test samples "
                + $"{epoch.Describe()}, mean over the seeds with its 95 % interval; differences are paired by seed."
                + (study.Rows.All(r => r.IsComplete) ? "" : " A setting is chosen only if all of its seeds have their result.")
                + (isEqual ? "" : " The arms tried different numbers of settings, and more tries find more."),
            arms
        );

        double Test(TrialHistory history) => 100 * epoch.TestAccuracy(history);
    }

    /// <summary>An arm with what validation chooses for it.</summary>
    /// <param name="Arm">Its name.</param>
    /// <param name="Tried">How many settings it has; those whose seeds all have their result may be chosen.</param>
    /// <param name="Chosen">The row of the best one.</param>
    private sealed record TunedArm(string Arm, int Tried, ResultRow Chosen)
    {
        public static TunedArm? Of(StudyResults study, string arm, RunMetadata run)
        {
            ResultRow[] tried = [.. study.Rows.Where(r => r.Arm == arm)];
            return ValidationChoice.Best(tried, run) is { } chosen ? new(arm, tried.Length, chosen) : null;
        }
    }
}
