using Rouser.Reports.Documents;
using Rouser.Reports.Figures;
using Rouser.Reports.Model;

namespace Rouser.Reports.Paper;

/// <summary>
/// A figure of the paper (Takaghaj and Sampson, arXiv 2407.19566) that a figure here can stand beside.
/// </summary>
/// <param name="Number">As printed, with its parts: <c>4 (a, b)</c>.</param>
/// <param name="Data">The data set it was made with.</param>
/// <param name="SweepFile">The sweep that makes it here.</param>
internal sealed record PaperFigure(string Number, PaperDataset Data, string Shows, string SweepFile)
{
    public static PaperFigure FixedThresholdNMnist { get; } =
        new("3 (N-MNIST)", PaperDataset.NMnist, "test accuracy after 10 epochs against a fixed threshold", "figure3-nmnist.yaml");

    public static PaperFigure FixedThresholdDvs128 { get; } =
        new("3 (DVS128)", PaperDataset.Dvs128, "test accuracy after 10 epochs against a fixed threshold", "figure3-dvs128.yaml");

    public static PaperFigure AccuracyNMnist { get; } =
        new("4 (a, b)", PaperDataset.NMnist, "test accuracy per epoch, Rouser and SLAYER 2.0", "figure4-nmnist.yaml");

    public static PaperFigure AccuracyDvs128 { get; } =
        new("4 (c, d)", PaperDataset.Dvs128, "test accuracy per epoch, Rouser and SLAYER 2.0", "figure4-dvs128.yaml");

    public static PaperFigure WeightNormalisation { get; } =
        new(
            "5",
            PaperDataset.NMnist,
            "test accuracy per epoch with SLAYER 2.0 + weight normalisation as a third arm",
            "figure5-nmnist.yaml"
        );

    public static PaperFigure DistanceInitial { get; } =
        new("6 (a)", PaperDataset.NMnist, "distance of the weights from the initial ones", "figure5-nmnist.yaml");

    public static PaperFigure DistanceFinal { get; } =
        new("6 (b)", PaperDataset.NMnist, "distance of the weights from the final ones", "figure5-nmnist.yaml");

    public static PaperFigure ThresholdsNMnist { get; } =
        new("7", PaperDataset.NMnist, "thresholds per layer over time", "figure5-nmnist.yaml");

    public static PaperFigure ThresholdsDvs128 { get; } =
        new("8", PaperDataset.Dvs128, "thresholds per layer over time", "figure4-dvs128.yaml");

    public static PaperFigure Spikes { get; } =
        new(
            "9",
            PaperDataset.NMnist,
            "spikes at inference in percent of the possible, per layer and epoch",
            "figure5-nmnist.yaml"
        );

    public static PaperFigure Active { get; } =
        new("10", PaperDataset.NMnist, "active neurons per layer over training", "figure5-nmnist.yaml");

    public static PaperFigure Ablation { get; } =
        new("11", PaperDataset.NMnist, "test accuracy per epoch over the threshold’s learning rate", "figure11-nmnist.yaml");

    /// <summary>Those that a sweep can make, in the paper's order.</summary>
    public static IReadOnlyList<PaperFigure> All { get; } =
    [
        FixedThresholdNMnist,
        FixedThresholdDvs128,
        AccuracyNMnist,
        AccuracyDvs128,
        WeightNormalisation,
        DistanceInitial,
        DistanceFinal,
        ThresholdsNMnist,
        ThresholdsDvs128,
        Spikes,
        Active,
        Ablation,
    ];

    /// <summary>
    /// The figure that one of a study's stands beside, by what its arms do and not by their names; null for none.
    /// </summary>
    public static PaperFigure? Beside(StudyFigure shown) =>
        shown.Figure.Kind switch
        {
            FigureKind.Accuracy => OfAccuracy(shown.Study),
            FigureKind.FixedThreshold => On(shown.Study, FixedThresholdNMnist, FixedThresholdDvs128),
            FigureKind.ActiveNeurons => Inside(shown.Study, Active),
            FigureKind.SpikeRate => Inside(shown.Study, Spikes),
            FigureKind.DistanceInitial => Inside(shown.Study, DistanceInitial),
            FigureKind.DistanceFinal => Inside(shown.Study, DistanceFinal),
            FigureKind.Thresholds => Inside(shown.Study, ThresholdsNMnist, ThresholdsDvs128),
            _ => null,
        };

    /// <summary>What a caption says of it.</summary>
    public string Remark(StudyResults study) =>
        study.Synthetic
            ? $" It stands beside figure {Number} of the paper, with generated data in place of {Data.Name}."
            : $" It stands beside figure {Number} of the paper.";

    private static PaperFigure? OfAccuracy(StudyResults study)
    {
        if (!study.Rows.Any(PaperArm.Rouser.Fits) || !study.Rows.Any(PaperArm.Slayer.Fits))
            return null;
        // At a learning rate of 0 a learned threshold is a fixed one, so an arm of either kind is the ablation's zero.
        bool ablates = study.Rows.Select(PaperArm.LearningRate).OfType<double>().Distinct().Skip(1).Any();
        PaperFigure nmnist =
            ablates ? Ablation
            : study.Rows.Any(PaperArm.SlayerNormalised.Fits) ? WeightNormalisation
            : AccuracyNMnist;
        return On(study, nmnist, AccuracyDvs128);
    }

    // What goes on inside the network is drawn for thresholds that are learned.
    private static PaperFigure? Inside(StudyResults study, PaperFigure nmnist, PaperFigure? dvs128 = null) =>
        study.Rows.Any(PaperArm.Rouser.Fits) ? On(study, nmnist, dvs128) : null;

    private static PaperFigure? On(StudyResults study, PaperFigure nmnist, PaperFigure? dvs128) =>
        PaperDataset.NMnist.IsOf(study) ? nmnist
        : PaperDataset.Dvs128.IsOf(study) ? dvs128
        : null;
}
