using Rouser.Reports.Documents;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Terminal;

/// <summary>The convergence and dead-neuron tables of a study, narrow enough for a console.</summary>
public static class ConsoleTables
{
    /// <summary>Characters that fit.</summary>
    public const int MostCharacters = 108;

    /// <summary>
    /// Test accuracy over epochs, epochs to each level and speed-up; epochs in the middle are left out until it fits.
    /// </summary>
    public static TextTable Convergence(StudyResults study, RunMetadata run)
    {
        List<int> shown = [.. ConvergenceTable.ShownEpochs(study.Epochs)];
        List<double> reach = [.. run.Report.Reach];
        while (true)
        {
            TextTable table = Convergence(study, run, shown, reach);
            if (table.Width <= MostCharacters || shown.Count + reach.Count == 0)
                return table;
            if (shown.Count > 2)
                shown.RemoveAt(1);
            else if (reach.Count > 1)
                reach.RemoveAt(reach.Count - 1);
            else if (shown.Count > 0)
                shown.RemoveAt(shown.Count - 1);
            else
                reach.Clear();
        }
    }

    private static TextTable Convergence(StudyResults study, RunMetadata run, List<int> shown, List<double> reach)
    {
        Footnotes notes = new();
        bool compares =
            study.Arms.Count > 1 && run.Report.CompareTo is { } baseline && study.Arms.Contains(baseline) && reach.Count > 0;
        List<Column> columns = [.. Names(study), new("n", true, Seeds)];
        columns.AddRange(
            shown.Select(e => new Column(
                $"ep {e}",
                true,
                r => r.IsComplete && r.Epochs < e ? Format.None : Mean(r, h => h.TestAccuracy(e), 100, 1)
            ))
        );
        columns.Add(new("last, 95 %", true, r => Text(notes.Cell(r, h => h.TestAccuracy(h.Epochs), 100, 1))));
        columns.Add(new("best*", true, r => Mean(r, h => h.TestAccuracy(h.BestEpoch), 100, 1)));
        columns.AddRange(
            reach.Select(level => new Column(
                $"to {Format.Level(level)}",
                true,
                r => Text(Reach.Epochs(r, level, notes), interval: false)
            ))
        );
        if (compares)
        {
            double level = reach[0];
            columns.Add(
                new(
                    $"speed-up",
                    true,
                    r => Text(Reach.SpeedUp(r, Reach.Baseline(study, r, run.Report.CompareTo), level, notes), interval: false)
                )
            );
        }
        TextTable table = Build($"{Title(study)}: test accuracy, %", study, columns, []);
        List<string> below = [.. notes.Texts.Select((note, i) => $"[{Format.Mark(i)}] {note}")];
        below.Add(
            "n: seeds. 95 % interval: ± Student t, [ ] bootstrap. * the best epoch on the test set: optimistic."
                + (reach.Count > 0 ? " to: epochs to reach." : "")
        );
        if (compares)
            below.Add(
                $"speed-up: epochs of {run.Report.CompareTo} to {Format.Level(reach[0])} / own, paired by seed, geometric mean."
            );
        return table with { Notes = below };
    }

    /// <summary>
    /// Percent of dead neurons per layer after the last epoch, under both definitions, beside the paper's.
    /// </summary>
    public static TextTable DeadNeurons(StudyResults study)
    {
        Footnotes notes = new();
        int[] layers = [.. Enumerable.Range(1, study.Layers)];
        List<Column> columns = [.. Names(study), new("n", true, Seeds)];
        columns.AddRange(layers.Select(l => new Column($"epoch L{l}", true, r => Share(r, l, DeadDefinition.WholeEpoch))));
        columns.AddRange(layers.Select(l => new Column($"input L{l}", true, r => Share(r, l, DeadDefinition.FirstInput))));
        List<IReadOnlyList<string>> paper =
        [
            .. DeadNeuronTable
                .InPaper(study)
                .Select(
                    IReadOnlyList<string> (p) =>
                        [
                            .. Names(study).Select((_, i) => i == 0 ? $"paper: {p.Arm.Name}" : ""),
                            "",
                            .. layers.Select(_ => ""),
                            .. layers.Select(l => l <= p.Percent.Count ? Format.Fixed(p.Percent[l - 1], 1) : ""),
                        ]
                ),
        ];
        TextTable table = Build($"{Title(study)}: dead neurons after the last epoch, % of the layer", study, columns, paper);
        List<string> below =
        [
            "epoch: no spike over all training samples of the epoch. input: none on the first input of the last batch (paper, figure 10).",
        ];
        if (paper.Count > 0)
            below.Add("paper: its Table 3, during training, N-MNIST 500-500-10; which definition it takes is not stated here.");
        return table with { Notes = below };

        string Share(ResultRow row, int layer, DeadDefinition definition) =>
            row.IsComplete && row.Layers < layer
                ? Format.None
                : Mean(row, h => DeadNeuronTable.Share(h.Layer(layer, h.Epochs), definition), 100, 1);
    }

    /// <summary>
    /// What the run says of each table and figure of the paper; null if it has nothing that the paper trained.
    /// </summary>
    public static TextTable? Paper(ReportModel model)
    {
        if (PaperSection.Overview(model) is not { } overview)
            return null;
        int[] shown =
        [
            .. Enumerable
                .Range(0, overview.Columns.Count)
                .Where(c => overview.Columns[c].Kind is ColumnKind.RowHeader or ColumnKind.Number),
        ];
        return new TextTable(
            "The paper's tables and figures: how many of their statements came to which verdict. The report says "
                + "by which rule, and what differs from the paper's trainings.",
            [.. shown.Select(c => overview.Columns[c].Header)],
            [.. shown.Select(c => overview.Columns[c].Kind == ColumnKind.Number)],
            [.. overview.Rows.Select(IReadOnlyList<string> (row) => [.. shown.Select(c => row[c].Text)])],
            []
        );
    }

    private sealed record Column(string Header, bool Right, Func<ResultRow, string> Cell);

    // With one arm or one setting the title or nothing needs to say which, and the numbers get the room.
    private static IEnumerable<Column> Names(StudyResults study)
    {
        if (study.Settings.Count > 1 || study.Settings[0].Length > 0)
            yield return new("setting", false, r => SettingLabel.Short(r.Setting));
        if (study.Arms.Count > 1 || (study.Settings.Count == 1 && study.Settings[0].Length == 0))
            yield return new("arm", false, r => r.Arm);
    }

    private static string Title(StudyResults study) =>
        $"{study.Name}{(study.Arms.Count == 1 && study.Settings.Count > 1 ? $" ({study.Arms[0]})" : "")}{(study.Synthetic ? " (synthetic data)" : "")}";

    private static TextTable Build(string title, StudyResults study, List<Column> columns, List<IReadOnlyList<string>> more) =>
        new(
            title,
            [.. columns.Select(c => c.Header)],
            [.. columns.Select(c => c.Right)],
            [.. study.Rows.Select(IReadOnlyList<string> (row) => [.. columns.Select(c => c.Cell(row))]), .. more],
            []
        );

    private static string Seeds(ResultRow row) =>
        row.IsComplete ? Format.Whole(row.Replicates.Count) : $"{row.Completed.Count}/{row.Replicates.Count}";

    private static string Mean(ResultRow row, Func<TrialHistory, double> value, double factor, int decimals) =>
        row.Estimate(value) is { } e ? Format.Fixed(e.Value * factor, decimals) : Format.None;

    private static string Text(ReportCell cell, bool interval = true)
    {
        if (cell.Note >= 0)
            return interval ? $"[{Format.Mark(cell.Note)}]" : Format.None;
        if (cell.Value is { } e && !interval)
            return Format.Fixed(e.Value, cell.Text.Contains('×') ? 2 : 1) + (cell.Text.Contains('×') ? "×" : "");
        return cell.Text.Replace(" reach it", "", StringComparison.Ordinal);
    }
}
