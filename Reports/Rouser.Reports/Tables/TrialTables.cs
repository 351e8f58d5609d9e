using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Sweeps;

namespace Rouser.Reports.Tables;

/// <summary>Where the trials stand.</summary>
internal static class TrialTables
{
    private static readonly TrialState[] ExpectedStates =
    [
        TrialState.Completed,
        TrialState.Running,
        TrialState.Queued,
        TrialState.Failed,
        TrialState.Lost,
    ];

    /// <summary>How many cells of the plan are in which state, per study.</summary>
    public static ReportTable Counts(ReportModel model)
    {
        TableBuilder<(string Name, IReadOnlyList<Replicate> Cells)> table = new();
        table
            .AddHeader("study", "study", s => s.Name)
            .AddCount("cells", "cells", s => s.Cells.Count)
            .AddCount("trials", "trials", s => s.Cells.DistinctBy(c => c.TrialId).Count());
        // Cancelled or pruned, at the user's wish.
        foreach (TrialState state in ExpectedStates.Union(model.Cells.Select(c => c.State)))
            table.AddCount(state.ToName(), state.ToName(), s => s.Cells.Count(c => c.State == state));
        foreach (StudyResults study in model.Studies)
            table.AddRow((study.Name, [.. study.Rows.SelectMany(r => r.Replicates)]));
        return table.Build(
            "states",
            "Cells of the plan (study × arm × setting × seed) and how many of their trials are in which state. "
                + "Cells that ask for the same content share one trial.",
            model.Studies.Count > 1 ? [("all", [.. model.Cells])] : []
        );
    }

    /// <summary>Each cell without a result, with the reason; null if there is none.</summary>
    public static ReportTable? WithoutResult(ReportModel model)
    {
        (ResultRow Row, Replicate Seed)[] missing =
        [
            .. model.Rows.SelectMany(row => row.Replicates.Where(r => !r.IsComplete).Select(r => (row, r))),
        ];
        if (missing.Length == 0)
            return null;
        return new TableBuilder<(ResultRow Row, Replicate Seed)>()
            .AddHeader("trial", "trial_id", c => c.Seed.ShortId)
            .AddText("study", "study", c => c.Row.Study)
            .AddText("arm", "arm", c => c.Row.Arm)
            .AddText("setting", "setting", c => SettingLabel.Short(c.Row.Setting))
            .AddCount("seed", "seed", c => c.Seed.Seed)
            .AddText("state", "state", c => c.Seed.State.ToName())
            .AddCount("attempt", "attempt", c => c.Seed.Attempt)
            .AddCount("epochs", "epochs_recorded", c => c.Seed.History.Epochs)
            .AddText("reason", "reason", c => c.Seed.Reason ?? Format.None)
            .Build(
                "without-result",
                "Cells without a result. A mean of the others is marked, and no verdict rests on it.",
                missing
            );
    }

    /// <summary>Each cell whose trial a user wrote a note or tags to; null if there is none.</summary>
    public static ReportTable? Annotated(ReportModel model)
    {
        (ResultRow Row, Replicate Seed)[] annotated =
        [
            .. model.Rows.SelectMany(row => row.Replicates.Where(r => !r.Annotation.IsEmpty).Select(r => (row, r))),
        ];
        if (annotated.Length == 0)
            return null;
        return new TableBuilder<(ResultRow Row, Replicate Seed)>()
            .AddHeader("trial", "trial_id", c => c.Seed.ShortId)
            .AddText("study", "study", c => c.Row.Study)
            .AddText("arm", "arm", c => c.Row.Arm)
            .AddText("setting", "setting", c => SettingLabel.Short(c.Row.Setting))
            .AddCount("seed", "seed", c => c.Seed.Seed)
            .AddText("state", "state", c => c.Seed.State.ToName())
            .AddText("tags", "tags", c => c.Seed.Annotation.Tags is { Count: > 0 } tags ? AnnotationText.Join(tags) : Format.None)
            .AddText(
                "note",
                "note",
                c => c.Seed.Annotation.Note is { Length: > 0 } note ? AnnotationText.InOneLine(note) : Format.None
            )
            .Build(
                "annotated",
                "What users wrote to trials while the sweep ran. It changes no number, and no trial is left out for it.",
                annotated
            );
    }

    /// <summary>Every completed replicate of a study by itself: what the means are made of.</summary>
    public static ReportTable PerSeed(StudyResults study, IReadOnlyList<double> reach)
    {
        TableBuilder<(ResultRow Row, Replicate Seed)> table = new();
        table
            .AddHeader("setting", "setting", c => SettingLabel.Short(c.Row.Setting))
            .AddHeader("arm", "arm", c => c.Row.Arm)
            .AddCount("seed", "seed", c => c.Seed.Seed)
            .AddText("trial", "trial_id", c => c.Seed.ShortId)
            .AddText("state", "state", c => c.Seed.State.ToName())
            .AddCount("epochs", "epochs_recorded", c => c.Seed.History.Epochs);
        AddResult("last, %", "test_accuracy_last_percent", h => ReportCell.Number(h.LastTestPercent, 1));
        if (study.Rows.Any(row => row.HasValidation))
        {
            AddResult(
                "best on validation, %",
                "best_test_accuracy_percent",
                h => Best(h, e => ReportCell.Number(100 * h.TestAccuracy(e), 1))
            );
            AddResult("best epoch", "best_epoch", h => Best(h, e => ReportCell.Count(e)));
        }
        AddResult(
            "highest on test, %",
            "highest_test_accuracy_percent",
            h => ReportCell.Number(100 * h.TestAccuracy(h.HighestTestEpoch), 1)
        );
        AddResult("its epoch", "highest_test_epoch", h => ReportCell.Count(h.HighestTestEpoch));
        foreach (double level in reach)
            AddResult(
                $"to {Format.Level(level)}",
                $"epochs_to_{Format.Exact(level)}",
                h => h.EpochsTo(level) is { } epochs ? ReportCell.Count(epochs) : ReportCell.None
            );
        return table.Build(
            $"seeds-{study.Slug}",
            $"Study {study.Label}, seed by seed: test accuracy after the last epoch, and after the one that has "
                + "the highest on the test set, which is optimistic; epochs to reach each level.",
            study.Rows.SelectMany(row => row.Replicates.Select(seed => (row, seed))),
            groupsRows: true
        );

        static ReportCell Best(TrialHistory history, Func<int, ReportCell> cell) =>
            history.BestEpoch(ValidationMetric.Accuracy) is { } epoch ? cell(epoch) : ReportCell.None;

        void AddResult(string header, string key, Func<TrialHistory, ReportCell> cell) =>
            table.Add(header, key, ColumnKind.Number, c => c.Seed.IsComplete ? cell(c.Seed.History) : ReportCell.None);
    }
}
