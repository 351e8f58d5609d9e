using Rouser.Reports.Model;
using Rouser.Reports.Paper;

namespace Rouser.Reports.Tables;

/// <summary>The two ways to call a neuron dead. Both are recorded.</summary>
internal enum DeadDefinition
{
    /// <summary>No spike over all training samples of the epoch.</summary>
    WholeEpoch,

    /// <summary>No spike on the first input of the epoch's last batch, as the paper's figure 10 takes it.</summary>
    FirstInput,
}

/// <summary>Percent of dead neurons per layer.</summary>
internal static class DeadNeuronTable
{
    /// <summary>The share under a definition, from 0 to 1.</summary>
    public static double Share(LayerPoint point, DeadDefinition definition) =>
        definition == DeadDefinition.WholeEpoch ? point.DeadFraction : point.SilentFraction;

    /// <summary>The share averaged over a trial's epochs.</summary>
    public static double MeanShare(TrialHistory history, int layer, DeadDefinition definition) =>
        Enumerable.Range(1, history.Epochs).Average(epoch => Share(history.Layer(layer, epoch), definition));

    /// <summary>
    /// The rows of the paper's Table 3 for which the study has an arm of the same method with as many layers.
    /// </summary>
    public static IEnumerable<(PaperArm Arm, IReadOnlyList<double> Percent)> InPaper(StudyResults study) =>
        PaperResults.DeadPercent.Where(paper => study.Rows.Any(r => r.Layers == paper.Percent.Count && paper.Arm.Fits(r)));

    /// <summary>At the last epoch and averaged over the epochs, per layer.</summary>
    public static ReportTable Build(StudyResults study, DeadDefinition definition)
    {
        Footnotes notes = new();
        int[] layers = [.. Enumerable.Range(1, study.Layers)];
        List<ReportColumn> columns = [.. StudyTables.Headers];
        columns.AddRange(
            layers.Select(l => new ReportColumn(
                $"layer {l}",
                $"dead_last_layer_{l}_percent",
                ColumnKind.Estimate,
                "last epoch, %"
            ))
        );
        columns.AddRange(
            layers.Select(l => new ReportColumn(
                $"layer {l}",
                $"dead_mean_layer_{l}_percent",
                ColumnKind.Estimate,
                "mean over epochs, %"
            ))
        );
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.Select(
                IReadOnlyList<ReportCell> (row) =>
                    [
                        .. StudyTables.RowHeader(row),
                        .. layers.Select(l => Cell(row, l, h => Share(h.Layer(l, h.Epochs), definition))),
                        .. layers.Select(l => Cell(row, l, h => MeanShare(h, l, definition))),
                    ]
            ),
        ];
        foreach ((PaperArm arm, IReadOnlyList<double> percent) in InPaper(study))
        {
            int note = notes.Add(
                "The paper’s Table 3, not measured here: N-MNIST, 500-500-10 neurons, “during training”, one number per layer without an interval. "
                    + "It stands beside arms with the same kind of threshold; data, epochs and conventions differ."
            );
            rows.Add([
                new ReportCell("paper", Note: note),
                new ReportCell($"{arm.Name} ({arm.Rule})"),
                .. layers.Select(_ => ReportCell.None),
                .. layers.Select(l => l <= percent.Count ? ReportCell.Printed(percent[l - 1], 1) : ReportCell.None),
            ]);
        }
        string what =
            definition == DeadDefinition.WholeEpoch
                ? "Dead over a whole epoch: neurons without a spike over all training samples of the epoch"
                : "Dead on one input: neurons without a spike on the first input of the epoch’s last batch, as the paper’s figure 10 takes it";
        string id = definition == DeadDefinition.WholeEpoch ? "dead" : "dead-first-input";
        return new ReportTable(
            $"{id}-{StudyTables.Slug(study.Name)}",
            $"{what}; percent of a layer, study {study.Label}. Mean over n seeds with its 95 % interval.",
            columns,
            rows,
            notes.Texts
        )
        {
            GroupsRows = true,
        };

        ReportCell Cell(ResultRow row, int layer, Func<TrialHistory, double> value) =>
            row.IsComplete && row.Layers < layer ? ReportCell.None : notes.Cell(row, value, 100, 1);
    }
}
