using Rouser.Reports.Model;

namespace Rouser.Reports.Paper;

/// <summary>
/// What Takaghaj and Sampson state: every printed number of Table 1, Table 3 and the figures, and every comparison
/// that a figure is said to show ("Rouser: Robust SNN training using adaptive threshold learning", arXiv 2407.19566).
/// Facts alone, as data.
/// </summary>
public static class PaperResults
{
    /// <summary>Table 1.</summary>
    public static PaperPlace Table1 { get; } = new("table-1", "Table 1", "test accuracy per data set and method");

    /// <summary>Table 2.</summary>
    public static PaperPlace Table2 { get; } = new("table-2", "Table 2", "hyperparameters");

    /// <summary>Table 3.</summary>
    public static PaperPlace Table3 { get; } =
        new("table-3", "Table 3", "dead neurons during training, N-MNIST, 500, 500 and 10 neurons");

    /// <summary>Figure 3.</summary>
    public static PaperPlace Figure3 { get; } =
        new("figure-3", "Figure 3", "test accuracy after 10 epochs against a fixed threshold");

    /// <summary>Figure 4.</summary>
    public static PaperPlace Figure4 { get; } =
        new("figure-4", "Figure 4", "accuracy per epoch, Rouser against SLAYER 2.0, at both settings");

    /// <summary>Figure 5.</summary>
    public static PaperPlace Figure5 { get; } =
        new("figure-5", "Figure 5", "the same with SLAYER 2.0 + weight normalisation as a third arm");

    /// <summary>Figure 10.</summary>
    public static PaperPlace Figure10 { get; } = new("figure-10", "Figure 10", "active neurons per layer over training");

    /// <summary>Figure 11.</summary>
    public static PaperPlace Figure11 { get; } = new("figure-11", "Figure 11", "ablation of the threshold’s learning rate");

    /// <summary>Figures that are drawn without a printed number or a comparison that could be decided.</summary>
    public static IReadOnlyList<(PaperPlace Place, PaperDataset Dataset)> Undecidable { get; } =
    [
        (new("figure-6", "Figure 6", "distance of the weights from the initial and from the final ones"), PaperDataset.NMnist),
        (new("figure-7", "Figure 7", "thresholds per layer over time, N-MNIST, from 0.25"), PaperDataset.NMnist),
        (new("figure-8", "Figure 8", "thresholds per layer over time, DVS128, from 0, 0.5 and 1"), PaperDataset.Dvs128),
        (new("figure-9", "Figure 9", "spikes emitted at inference per layer and epoch"), PaperDataset.NMnist),
    ];

    /// <summary>Table 3: percent of dead neurons in each of three layers.</summary>
    public static IReadOnlyList<(PaperArm Arm, IReadOnlyList<double> Percent)> DeadPercent { get; } =
    [(PaperArm.Slayer, [45.6, 61.8, 76.4]), (PaperArm.Rouser, [37.1, 15.4, 0])];

    /// <summary>Every statement, by place.</summary>
    public static IReadOnlyList<PaperClaim> Claims { get; } =
    [.. Accuracies(), .. DeadNeurons(), .. FixedThresholds(), .. Curves(), .. SilentOutput(), .. Ablation()];

    private static IEnumerable<PaperClaim> Accuracies()
    {
        PaperRival aboveSlayer = new(PaperArm.Slayer, null, IsLower: true),
            belowRouser = new(PaperArm.Rouser, null, IsLower: false);
        yield return Number(PaperDataset.NMnist, PaperArm.Quoted("Sparse BP (34×34-200-200-10)"), 92.7);
        yield return Number(PaperDataset.NMnist, PaperArm.Quoted("SKIM (10000 hidden)"), 92.87);
        yield return Number(PaperDataset.NMnist, PaperArm.Quoted("DART"), 97.95);
        yield return Number(PaperDataset.NMnist, PaperArm.Quoted("Backpropagation, Lee 2016 (800 hidden)"), 98.66);
        // The table says SLAYER here and SLAYER 2.0 below; the network and the fixed threshold are the same.
        yield return Number(PaperDataset.NMnist, PaperArm.Slayer with { Name = "SLAYER" }, 98.89) with
        {
            Rival = belowRouser,
        };
        yield return Number(PaperDataset.NMnist, PaperArm.Rouser, 99.21) with
        {
            Rival = aboveSlayer,
        };
        yield return Number(PaperDataset.Dvs128, PaperArm.Slayer, 84.72) with
        {
            Rival = belowRouser,
        };
        yield return Number(PaperDataset.Dvs128, PaperArm.Rouser, 86.46) with
        {
            Rival = aboveSlayer,
        };
        yield return Number(PaperDataset.Shd, PaperArm.Quoted("Sparse BP"), 77.5);
        yield return Number(PaperDataset.Shd, PaperArm.Rouser, 78.14);

        static PaperClaim Number(PaperDataset dataset, PaperArm arm, double percent) =>
            new(Table1, dataset, arm, PaperSetting.Open, PaperQuantity.LastAccuracy, percent);
    }

    // The table does not say what it calls dead, so both definitions are held against it.
    private static IEnumerable<PaperClaim> DeadNeurons()
    {
        foreach (DeadDefinition definition in (DeadDefinition[])[DeadDefinition.WholeEpoch, DeadDefinition.FirstInput])
        {
            for (int layer = 1; layer <= 3; layer++)
            {
                PaperQuantity dead = PaperQuantity.Dead(layer, definition);
                foreach ((PaperArm arm, IReadOnlyList<double> percent) in DeadPercent)
                {
                    PaperRival rival =
                        arm == PaperArm.Slayer
                            ? new(PaperArm.Rouser, null, IsLower: true)
                            : new(PaperArm.Slayer, null, IsLower: false);
                    yield return new(Table3, PaperDataset.NMnist, arm, PaperSetting.Open, dead, percent[layer - 1])
                    {
                        Rival = rival,
                    };
                }
            }
        }
    }

    private static IEnumerable<PaperClaim> FixedThresholds()
    {
        foreach (
            (PaperDataset dataset, double good, double atGood, double bad, double atBad) in ((
                PaperDataset,
                double,
                double,
                double,
                double
            )[])
                [(PaperDataset.NMnist, 1, 96, 0.25, 41), (PaperDataset.Dvs128, 0.75, 86, 0, 68)]
        )
        {
            PaperSetting high = new(good),
                low = new(bad);
            yield return new(Figure3, dataset, PaperArm.Slayer, high, PaperQuantity.AccuracyAfter10, atGood)
            {
                Rival = new(PaperArm.Slayer, low, IsLower: true),
            };
            yield return new(Figure3, dataset, PaperArm.Slayer, low, PaperQuantity.AccuracyAfter10, atBad)
            {
                Rival = new(PaperArm.Slayer, high, IsLower: false),
            };
        }
    }

    private static IEnumerable<PaperClaim> Curves()
    {
        PaperSetting[] settings = [PaperSetting.High, PaperSetting.Low];
        foreach (PaperDataset dataset in (PaperDataset[])[PaperDataset.NMnist, PaperDataset.Dvs128])
        {
            foreach (PaperSetting setting in settings)
                yield return Above(Figure4, dataset, setting, PaperArm.Slayer);
        }
        foreach (PaperSetting setting in settings)
            yield return Above(Figure5, PaperDataset.NMnist, setting, PaperArm.SlayerNormalised);

        static PaperClaim Above(PaperPlace place, PaperDataset dataset, PaperSetting setting, PaperArm rival) =>
            new(place, dataset, PaperArm.Rouser, setting, PaperQuantity.MeanAccuracy) { Rival = new(rival, null, IsLower: true) };
    }

    private static IEnumerable<PaperClaim> SilentOutput() =>
        [
            new(Figure10, PaperDataset.NMnist, PaperArm.Slayer, PaperSetting.Open, PaperQuantity.OutputActiveEarly, 0)
            {
                Rival = new(PaperArm.Rouser, null, IsLower: false),
            },
        ];

    private static IEnumerable<PaperClaim> Ablation() =>
        ((double[])[0, 0.001]).Select(rate => new PaperClaim(
            Figure11,
            PaperDataset.NMnist,
            PaperArm.RouserAt(0.01),
            PaperSetting.Low,
            PaperQuantity.LastAccuracy
        )
        {
            Rival = new(PaperArm.RouserAt(rate), null, IsLower: true),
        });
}
