using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Where the trials stand.</summary>
internal static class TrialTables
{
    private static readonly string[] UsualStates = ["completed", "running", "queued", "failed", "lost"];

    /// <summary>How many cells of the plan are in which state, per study.</summary>
    public static ReportTable Counts(ReportModel model)
    {
        List<ReportColumn> columns =
        [
            new("study", "study", ColumnKind.RowHeader),
            new("cells", "cells", ColumnKind.Number),
            new("trials", "trials", ColumnKind.Number),
        ];
        // Cancelled or pruned, at the user's wish.
        string[] states = [.. UsualStates.Union(model.Cells.Select(c => c.State))];
        columns.AddRange(states.Select(state => new ReportColumn(state, state, ColumnKind.Number)));
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. model.Studies.Select(study => Row(study.Name, [.. study.Rows.SelectMany(r => r.Replicates)])),
        ];
        if (model.Studies.Count > 1)
            rows.Add(Row("all", [.. model.Cells]));
        return new ReportTable(
            "states",
            "Cells of the plan (study × arm × setting × seed) and how many of their trials are in which state. "
                + "Cells that ask for the same content share one trial.",
            columns,
            rows,
            []
        );

        IReadOnlyList<ReportCell> Row(string name, List<Replicate> cells) =>
            [
                new ReportCell(name),
                ReportCell.Whole(cells.Count),
                ReportCell.Whole(cells.DistinctBy(c => c.TrialId).Count()),
                .. states.Select(state => ReportCell.Whole(cells.Count(c => c.State == state))),
            ];
    }

    /// <summary>Each cell without a result, with the reason; null if there is none.</summary>
    public static ReportTable? WithoutResult(ReportModel model)
    {
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. model.Rows.SelectMany(row =>
                row.Replicates.Where(r => !r.IsComplete)
                    .Select(
                        IReadOnlyList<ReportCell> (r) =>
                            [
                                new ReportCell(ShortId(r)),
                                new ReportCell(row.Study),
                                new ReportCell(row.Arm),
                                new ReportCell(SettingLabel.Short(row.Setting)),
                                ReportCell.Whole(r.Seed),
                                new ReportCell(r.State),
                                ReportCell.Whole(r.Attempt),
                                ReportCell.Whole(r.History.Epochs),
                                new ReportCell(r.Reason ?? Format.None),
                            ]
                    )
            ),
        ];
        return rows.Count == 0
            ? null
            : new ReportTable(
                "without-result",
                "Cells without a result. They enter no mean.",
                [
                    new("trial", "trial_id", ColumnKind.RowHeader),
                    new("study", "study", ColumnKind.Text),
                    new("arm", "arm", ColumnKind.Text),
                    new("setting", "setting", ColumnKind.Text),
                    new("seed", "seed", ColumnKind.Number),
                    new("state", "state", ColumnKind.Text),
                    new("attempt", "attempt", ColumnKind.Number),
                    new("epochs", "epochs_recorded", ColumnKind.Number),
                    new("reason", "reason", ColumnKind.Text),
                ],
                rows,
                []
            );
    }

    /// <summary>Every completed replicate of a study by itself: what the means are made of.</summary>
    public static ReportTable PerSeed(StudyResults study, IReadOnlyList<double> reach)
    {
        List<ReportColumn> columns =
        [
            .. StudyTables.Headers,
            new("seed", "seed", ColumnKind.Number),
            new("trial", "trial_id", ColumnKind.Text),
            new("state", "state", ColumnKind.Text),
            new("epochs", "epochs_recorded", ColumnKind.Number),
            new("last, %", "test_accuracy_last_percent", ColumnKind.Number),
            new("best, %", "best_test_accuracy_percent", ColumnKind.Number),
            new("best epoch", "best_epoch", ColumnKind.Number),
            .. reach.Select(level => new ReportColumn(
                $"to {Format.Level(level)}",
                $"epochs_to_{Format.Exact(level)}",
                ColumnKind.Number
            )),
        ];
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.SelectMany(row =>
                row.Replicates.Select(
                    IReadOnlyList<ReportCell> (r) =>
                        [
                            .. StudyTables.RowHeader(row),
                            ReportCell.Whole(r.Seed),
                            new ReportCell(ShortId(r)),
                            new ReportCell(r.State),
                            ReportCell.Whole(r.History.Epochs),
                            .. r.IsComplete
                                ? new[]
                                {
                                    ReportCell.Number(100 * r.History.TestAccuracy(r.History.Epochs), 1),
                                    ReportCell.Number(100 * r.History.TestAccuracy(r.History.BestEpoch), 1),
                                    ReportCell.Whole(r.History.BestEpoch),
                                }
                                : [ReportCell.None, ReportCell.None, ReportCell.None],
                            .. reach.Select(level =>
                                r.IsComplete && r.History.EpochsTo(level) is { } epochs
                                    ? ReportCell.Whole(epochs)
                                    : ReportCell.None
                            ),
                        ]
                )
            ),
        ];
        return new ReportTable(
            $"seeds-{StudyTables.Slug(study.Name)}",
            $"Study {study.Label}, seed by seed: test accuracy after the last and the best epoch (chosen on the "
                + "test set), epochs to reach each level.",
            columns,
            rows,
            []
        )
        {
            GroupsRows = true,
        };
    }

    private static string ShortId(Replicate replicate) =>
        replicate.TrialId.Length > 8 ? replicate.TrialId[..8] : replicate.TrialId;
}
