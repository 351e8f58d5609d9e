using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Terminal;

/// <summary>The convergence and dead-neuron tables of a study, narrow enough for a console.</summary>
public static class ConsoleTables
{
    /// <summary>The fewest characters that a table is laid out for; a narrower terminal wraps.</summary>
    public const int FewestCharacters = 60;

    /// <summary>
    /// Test accuracy over epochs, epochs to each level and speed-up; epochs in the middle are left out until it fits.
    /// </summary>
    public static TextTable Convergence(StudyResults study, RunMetadata run, int width)
    {
        width = Math.Max(width, FewestCharacters);
        List<int> shown = [.. ConvergenceTable.ShownEpochs(study.Epochs)];
        List<double> reach = [.. run.Report.Reach];
        while (true)
        {
            TextTable table = Convergence(study, run, shown, reach);
            if (table.Width <= width)
                return table;
            // What is least missed goes first: epochs in the middle, then levels, then the first epochs.
            if (shown.Count > 2)
                shown.RemoveAt(1);
            else if (reach.Count > 1)
                reach.RemoveAt(reach.Count - 1);
            else if (shown.Count > 0)
                shown.RemoveAt(shown.Count - 1);
            else if (reach.Count > 0)
                reach.Clear();
            else
                return table;
        }
    }

    private const string PartialNote =
        "(4 of 5): over the seeds that have their result, of those planned; no interval, and no verdict rests on it.";

    private static TextTable Convergence(StudyResults study, RunMetadata run, List<int> shown, List<double> reach)
    {
        Footnotes notes = new();
        string? compareTo = reach.Count > 0 ? Pairing.BaselineArm(study, run) : null;
        List<TextColumn> columns = [.. Names(study), new("n", true, Seeds)];
        foreach (int epoch in shown)
            columns.Add(
                new(
                    $"ep {epoch}",
                    true,
                    r => r.Completed.Count > 0 && r.Epochs < epoch ? Format.None : Percent(r, h => h.TestAccuracy(epoch))
                )
            );
        columns.Add(new("last, 95 %", true, r => WithInterval(notes.Cell(r, h => h.TestAccuracy(h.Epochs), 100, 1))));
        bool hasValidation = study.Rows.Any(r => r.HasValidation);
        if (hasValidation)
            columns.Add(
                new("best", true, r => r.HasValidation ? Percent(r, h => h.TestAccuracy(h.BestValidationEpoch)) : Format.None)
            );
        columns.Add(new("highest*", true, r => Percent(r, h => h.TestAccuracy(h.HighestTestEpoch))));
        foreach (double level in reach)
            columns.Add(new($"to {Format.Level(level)}", true, r => NumberAlone(Reach.Epochs(r, level, notes), 1)));
        if (compareTo is not null)
            columns.Add(
                new(
                    "speed-up",
                    true,
                    r => NumberAlone(Reach.SpeedUp(r, study.Find(compareTo, r.Setting), reach[0], notes), 2, "×")
                )
            );
        TextTable table = Build($"{Title(study)}: test accuracy, %", study, columns, []);
        string toReach = reach.Count > 0 ? " to: epochs to reach." : "";
        List<string> below =
        [
            // What lacks seeds is told by "4 of 5"; a mark stands at what has another note.
            .. notes
                .Texts.Select((note, i) => (Note: note, Mark: $"[{Format.Mark(i)}]"))
                .Where(n => table.Rows.Any(row => row.Any(cell => cell.Contains(n.Mark, StringComparison.Ordinal))))
                .Select(n => $"{n.Mark} {n.Note}"),
            $"n: seeds. 95 % interval: ± Student t, [ ] bootstrap. * of any epoch on the test set: optimistic.{toReach}",
            .. hasValidation ? ["best: after the epoch that is best on the validation samples."] : Array.Empty<string>(),
        ];
        if (study.Rows.Any(r => r.Completed.Count > 0 && !r.IsComplete))
            below.Insert(0, PartialNote);
        if (compareTo is not null)
            below.Add($"speed-up: epochs of {compareTo} to {Format.Level(reach[0])} / own, paired by seed, geometric mean.");
        return table with { Notes = below };
    }

    /// <summary>
    /// Percent of dead neurons per layer after the last epoch, under both definitions, beside published numbers.
    /// </summary>
    public static TextTable DeadNeurons(StudyResults study, params IReadOnlyList<IPublishedResults> published)
    {
        int[] layers = [.. Enumerable.Range(1, study.Layers)];
        List<TextColumn> columns =
        [
            .. Names(study),
            new("n", true, Seeds),
            .. layers.Select(l => new TextColumn($"epoch L{l}", true, r => Share(r, l, DeadDefinition.WholeEpoch))),
            .. layers.Select(l => new TextColumn($"input L{l}", true, r => Share(r, l, DeadDefinition.FirstInput))),
        ];
        PublishedShares[] others = [.. published.SelectMany(p => p.DeadNeurons(study))];
        TextTable table = Build(
            $"{Title(study)}: dead neurons after the last epoch, % of the layer",
            study,
            columns,
            [.. others.Select(other => Published(other, Names(study).Count(), layers))]
        );
        return table with
        {
            Notes =
            [
                "epoch: no spike over all training samples of the epoch. input: none on the first input of the last batch"
                    + (others.Length > 0 ? " (paper, figure 10)." : "."),
                .. others.Select(other => other.ShortNote).Distinct(),
            ],
        };

        static string Share(ResultRow row, int layer, DeadDefinition definition) =>
            row.Completed.Count > 0 && row.SpikingLayers < layer
                ? Format.None
                : Percent(row, h => h.Layer(layer, h.Epochs).DeadShare(definition));
    }

    /// <summary>
    /// What the run says of published results, from its overview: the headers of its rows, and the numbers.
    /// </summary>
    public static TextTable Overview(PublishedSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        ReportTable overview = section.Overview;
        int[] shown =
        [
            .. Enumerable
                .Range(0, overview.Columns.Count)
                .Where(c => overview.Columns[c].Kind is ColumnKind.RowHeader or ColumnKind.Number),
        ];
        return new TextTable(
            section.Title,
            [.. shown.Select(c => overview.Columns[c].Header)],
            [.. shown.Select(c => overview.Columns[c].Kind == ColumnKind.Number)],
            [.. overview.Rows.Select(IReadOnlyList<string> (row) => [.. shown.Select(c => row[c].Text)])],
            []
        );
    }

    /// <summary>A column of a console's table.</summary>
    private sealed record TextColumn(string Header, bool IsRightAligned, Func<ResultRow, string> Text);

    // With one arm or one setting the title or nothing needs to say which, and the numbers get the room.
    private static IEnumerable<TextColumn> Names(StudyResults study)
    {
        if (study.Settings.Count > 1 || study.Settings[0].Length > 0)
            yield return new("setting", false, r => SettingLabel.Short(r.Setting));
        if (study.Arms.Count > 1 || (study.Settings.Count == 1 && study.Settings[0].Length == 0))
            yield return new("arm", false, r => r.Arm);
    }

    private static string Title(StudyResults study)
    {
        string arm = study.Arms.Count == 1 && study.Settings.Count > 1 ? $" ({study.Arms[0]})" : "";
        return $"{study.Name}{arm}{study.DataMark}";
    }

    private static TextTable Build(
        string title,
        StudyResults study,
        List<TextColumn> columns,
        IReadOnlyList<IReadOnlyList<string>> more
    ) =>
        new(
            title,
            [.. columns.Select(c => c.Header)],
            [.. columns.Select(c => c.IsRightAligned)],
            [.. study.Rows.Select(IReadOnlyList<string> (row) => [.. columns.Select(c => c.Text(row))]), .. more],
            []
        );

    // Published numbers stand under the second definition, which is theirs.
    private static IReadOnlyList<string> Published(PublishedShares other, int names, int[] layers) =>
        [
            $"{other.Source}: {other.Method}",
            .. Enumerable.Repeat("", names),
            .. layers.Select(_ => ""),
            .. layers.Select(l => l <= other.Percent.Count ? Format.Fixed(other.Percent[l - 1], 1) : ""),
        ];

    private static string Seeds(ResultRow row) =>
        row.IsComplete ? Format.Integer(row.Replicates.Count) : $"{row.Completed.Count}/{row.Replicates.Count}";

    private static string Percent(ResultRow row, Func<TrialHistory, double> share) =>
        row.Estimate(share) is { } e ? Format.Fixed(100 * e.Value, 1) : Format.None;

    private static string WithInterval(ReportCell cell) =>
        cell.Mark == CellMark.Partial ? $"{cell.Text} ({cell.Aside})" : cell.Text;

    private static string NumberAlone(ReportCell cell, int decimals, string unit = "") =>
        cell.Value is { } e ? Format.Fixed(e.Value, decimals) + unit + (cell.Note < 0 ? "" : $" [{Format.Mark(cell.Note)}]")
        : cell.Mark == CellMark.NotReached ? "never"
        : cell.Text;
}
