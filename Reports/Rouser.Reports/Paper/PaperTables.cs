using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>
/// The paper's statements and ours as tables: one for each of its tables and figures that states something, and one
/// over all.
/// </summary>
internal static class PaperTables
{
    private const string NothingRun = "nothing of it was run";

    /// <summary>How many statements of each place came to which verdict.</summary>
    public static ReportTable Overview(IReadOnlyList<PaperComparison> comparisons, ReportTable hyperparameters)
    {
        PaperVerdict[] verdicts = Enum.GetValues<PaperVerdict>();
        List<ReportColumn> columns =
        [
            new("paper", "place", ColumnKind.RowHeader),
            new("shows", "shows", ColumnKind.Text),
            .. verdicts.Select(v => new ReportColumn(Words(v), Words(v).Replace(' ', '_'), ColumnKind.Number)),
            new("remark", "remark", ColumnKind.Text),
        ];
        List<(PaperPlace Place, IReadOnlyList<ReportCell> Cells)> rows =
        [
            .. comparisons.GroupBy(c => c.Claim.Place).Select(g => (g.Key, Row(g.Key, [.. g]))),
        ];
        rows.AddRange(
            PaperResults.Undecidable.Select(p =>
                (
                    p.Place,
                    Silent(
                        p.Place,
                        comparisons.Any(c => c.Claim.Dataset == p.Dataset && c.Row is { HasFixedThreshold: false })
                            ? "no printed number and no comparison to decide; drawn with its study"
                            : NothingRun
                    )
                )
            )
        );
        rows.Add(
            (
                PaperResults.Table2,
                Silent(
                    PaperResults.Table2,
                    $"{hyperparameters.Rows.Count(r => r[^1].Text == PaperTable2.Differs)} of {hyperparameters.Rows.Count} differ; see the table"
                )
            )
        );
        return new ReportTable(
            "paper-overview",
            "What this run says of each table and figure of the paper: how many of its statements, each beside "
                + "every row that fits it best, came to which verdict.",
            columns,
            [.. rows.OrderBy(r => Order(r.Place)).Select(r => r.Cells)],
            []
        );

        IReadOnlyList<ReportCell> Row(PaperPlace place, PaperComparison[] own) =>
            [
                new(place.Name),
                new(place.Shows),
                .. verdicts.Select(v => ReportCell.Whole(own.Count(c => c.Verdict == v))),
                new(Remark(own)),
            ];

        IReadOnlyList<ReportCell> Silent(PaperPlace place, string remark) =>
            [new(place.Name), new(place.Shows), .. verdicts.Select(_ => ReportCell.None), new(remark)];
    }

    /// <summary>A place's statements, one by one.</summary>
    public static ReportTable Build(PaperPlace place, IReadOnlyList<PaperComparison> comparisons)
    {
        Footnotes notes = new();
        bool best = place == PaperResults.Table1;
        List<ReportColumn> columns =
        [
            new("paper", "paper", ColumnKind.RowHeader),
            new("what", "quantity", ColumnKind.RowHeader),
            new("ours", "row", ColumnKind.Text),
            new("paper", "printed_percent", ColumnKind.Number, "%"),
            new("ours", "ours_percent", ColumnKind.Estimate, "%"),
            .. best
                ? [new ReportColumn("ours, best on test (optimistic)", "ours_best_on_test_percent", ColumnKind.Estimate, "%")]
                : Array.Empty<ReportColumn>(),
            new("ours − paper", "ours_minus_paper_points", ColumnKind.Estimate, "points"),
            new("to be", "comparison", ColumnKind.Text, "comparison"),
            new("difference", "difference_points", ColumnKind.Estimate, "comparison"),
            new("verdict", "verdict", ColumnKind.Text),
        ];
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. comparisons.Select(
                IReadOnlyList<ReportCell> (c) =>
                    [
                        new(c.Claim.Label),
                        new(c.Claim.Quantity.Words),
                        new(c.Row is null ? Format.None : $"{c.Row.Study}: {SettingLabel.Name(c.Row)}"),
                        c.Claim.Printed is { } printed ? ReportCell.Printed(printed, Decimals(printed)) : ReportCell.None,
                        c is { Row: { } row, Ours: { } ours } ? ReportCell.Of(ours, 1).From(row)
                        : c.Row is null ? ReportCell.None
                        : notes.Incomplete(c.Row),
                        .. best
                            ?
                            [
                                c.Row?.Estimate(h => 100 * h.TestAccuracy(h.BestEpoch)) is { } optimistic
                                    ? ReportCell.Of(optimistic, 1).From(c.Row!)
                                : c.Row is null ? ReportCell.None
                                : notes.Incomplete(c.Row),
                            ]
                            : Array.Empty<ReportCell>(),
                        c is { Row: { } tested, Ours: { } own, Claim.Printed: { } number }
                            ? ReportCell.Of(own.Minus(number), 1, NumberStyle.Signed).From(tested)
                            : ReportCell.None,
                        new(c.Claim.Rival?.Label ?? Format.None),
                        c is { Row: { } mine, Rival: { } rival, Difference: { } difference }
                            ? ReportCell.Of(difference, 1, NumberStyle.Signed).From(mine, rival)
                            : ReportCell.None,
                        new ReportCell(Words(c.Verdict), Note: notes.Add(Note(c))),
                    ]
            ),
        ];
        return new ReportTable(
            $"paper-{place.Id}",
            $"{place.Name} of the paper: {place.Shows}. Beside each statement, what this run has: the mean over n "
                + "seeds with its 95 % interval, and the difference by seed "
                + "from the other side of the "
                + $"comparison.{Left(comparisons)}{(best ? " The paper does not say at which epoch it tests; ours is the last one, which nothing has chosen." : "")}",
            columns,
            rows,
            notes.Texts
        )
        {
            GroupsRows = true,
        };
    }

    /// <summary>The verdict in words.</summary>
    public static string Words(PaperVerdict verdict) =>
        verdict switch
        {
            PaperVerdict.Reproduced => "reproduced",
            PaperVerdict.DirectionOnly => "direction only",
            PaperVerdict.NotReproduced => "not reproduced",
            _ => "not run",
        };

    private static string Note(PaperComparison c)
    {
        string why = $"{char.ToUpperInvariant(c.Why[0])}{c.Why[1..]}.";
        if (c.Row is null)
            return why;
        string differs =
            c.Differences.Count == 0
                ? "Nothing that the paper states differs"
                : $"Different from the paper: {string.Join("; ", c.Differences)}";
        return $"{why} {differs}. Here: {PaperConditions.Choices(c.Row)}.";
    }

    private static string Remark(PaperComparison[] own)
    {
        string[] shared = [.. own.Where(c => c.Row is not null).SelectMany(c => c.Differences).Distinct()];
        return own.All(c => c.Row is null) ? NothingRun
            : shared.Length == 0 ? "nothing stated differs"
            : string.Join("; ", shared);
    }

    private static string Left(IReadOnlyList<PaperComparison> comparisons) =>
        comparisons.Sum(c => c.Left) is > 0 and var left
            ? $" {left} more rows fit as well; they stand in their studies’ tables."
            : "";

    // As the paper prints it: 98.66, 92.7, 96.
    private static int Decimals(double printed) =>
        printed == Math.Round(printed) ? 0
        : printed == Math.Round(printed, 1) ? 1
        : 2;

    // Tables first, then figures, each by number.
    private static (bool, int) Order(PaperPlace place) =>
        (
            place.Name[0] == 'F',
            int.Parse(place.Name.AsSpan(place.Name.IndexOf(' ') + 1), System.Globalization.CultureInfo.InvariantCulture)
        );
}
