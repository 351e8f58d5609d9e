using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Percent of dead neurons per layer.</summary>
internal static class DeadNeuronTable
{
    /// <summary>At the last epoch and averaged over the epochs, per layer.</summary>
    /// <param name="definition">What is called dead.</param>
    /// <param name="published">Numbers that others published, below the rows.</param>
    public static ReportTable Build(StudyResults study, DeadDefinition definition, IReadOnlyList<PublishedShares> published)
    {
        int[] layers = [.. Enumerable.Range(1, study.Layers)];
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        foreach (int l in layers)
            table.AddEstimate(
                $"layer {l}",
                $"dead_last_layer_{l}_percent",
                row => Cell(row, l, h => h.Layer(l, h.Epochs).DeadShare(definition)),
                "last epoch, %"
            );
        foreach (int l in layers)
            table.AddEstimate(
                $"layer {l}",
                $"dead_mean_layer_{l}_percent",
                row => Cell(row, l, h => h.MeanDeadShare(l, definition)),
                "mean over epochs, %"
            );
        foreach (ResultRow row in study.Rows)
            table.AddRow(row);
        foreach (PublishedShares other in published)
            table.AddCells([
                new ReportCell(other.Source, Note: table.Notes.Add(other.Note)),
                new ReportCell($"{other.Method} ({other.Rule})"),
                .. layers.Select(_ => ReportCell.None),
                .. layers.Select(l => l <= other.Percent.Count ? ReportCell.Published(other.Percent[l - 1], 1) : ReportCell.None),
            ]);
        (string id, string what) =
            definition == DeadDefinition.WholeEpoch
                ? ("dead", "Dead over a whole epoch: neurons without a spike over all training samples of the epoch")
                : (
                    // Not "dead-first-input": studies "x" and "first-input-x" would share a file.
                    "first-input-dead",
                    "Dead on one input: neurons without a spike on the first input of the epoch’s last batch, as the "
                        + "paper’s figure 10 takes it"
                );
        return table.Build(
            $"{id}-{study.Slug}",
            $"{what}; percent of a layer, study {study.Label}. Mean over n seeds with its 95 % interval.",
            [],
            groupsRows: true
        );

        ReportCell Cell(ResultRow row, int layer, Func<TrialHistory, double> value) =>
            row.Completed.Count > 0 && row.SpikingLayers < layer ? ReportCell.None : table.Notes.Cell(row, value, 100, 1);
    }
}

/// <summary>Shares of a layer's neurons as somebody published them, to stand beside a study's own.</summary>
/// <param name="Source">Where they are from, in a word: <c>paper</c>.</param>
/// <param name="Method">The method's name there.</param>
/// <param name="Rule">What makes a row that method, in words.</param>
/// <param name="Percent">One per layer, the first hidden one first.</param>
/// <param name="Note">What has to be said of them, for a footnote.</param>
/// <param name="ShortNote">The same for a console.</param>
public sealed record PublishedShares(
    string Source,
    string Method,
    string Rule,
    IReadOnlyList<double> Percent,
    string Note,
    string ShortNote
);
