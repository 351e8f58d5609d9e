using Rouser.Reports.Model;
using Rouser.Reports.Paper;

namespace Rouser.Reports.Figures;

/// <summary>
/// A figure of the paper (Takaghaj and Sampson, arXiv 2407.19566) that a figure here can stand beside.
/// </summary>
/// <param name="Number">As printed, with its parts: <c>4 (a, b)</c>.</param>
/// <param name="Data">The data set it was made with.</param>
/// <param name="Shows">What it shows.</param>
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

    /// <summary>What a caption says of it; empty for none.</summary>
    /// <param name="figure">The paper's figure.</param>
    /// <param name="study">What is drawn here.</param>
    public static string Words(PaperFigure? figure, StudyResults study) =>
        figure is null ? ""
        : study.Synthetic
            ? $" It stands beside figure {figure.Number} of the paper, with generated data in place of {figure.Data.Name}."
        : $" It stands beside figure {figure.Number} of the paper.";

    /// <summary>
    /// The paper's accuracy figure with the same arms on the same data (or on what is generated in its place), by
    /// what the arms do, not by their names.
    /// </summary>
    public static PaperFigure? OfAccuracy(StudyResults study)
    {
        bool nmnist = Is(PaperDataset.NMnist, study),
            dvs128 = Is(PaperDataset.Dvs128, study);
        if (!study.Rows.Any(PaperArm.Rouser.Fits) || !study.Rows.Any(PaperArm.Slayer.Fits))
            return null;
        // At a learning rate of 0 a learned threshold is a fixed one, so an arm of either kind is the ablation's zero.
        string[] rates =
        [
            .. study
                .Rows.Where(r => r.Parameters.GetValueOrDefault("threshold.rule") == "learned")
                .Select(r => r.Parameters.GetValueOrDefault("threshold.learning_rate", ""))
                .Distinct(),
        ];
        if (nmnist && rates.Length > 1)
            return Ablation;
        if (nmnist)
            return study.Rows.Any(PaperArm.SlayerNormalised.Fits) ? WeightNormalisation : AccuracyNMnist;
        return dvs128 ? AccuracyDvs128 : null;
    }

    /// <summary>
    /// One of the paper's figures about what goes on inside the network, if the study has the paper's data and a
    /// threshold that is learned.
    /// </summary>
    public static PaperFigure? Inside(StudyResults study, PaperFigure nmnist, PaperFigure? dvs128 = null) =>
        !study.Rows.Any(PaperArm.Rouser.Fits) ? null
        : Is(PaperDataset.NMnist, study) ? nmnist
        : Is(PaperDataset.Dvs128, study) ? dvs128
        : null;

    /// <summary>
    /// Whether every row of the study is trained on the data set or on what is generated in its place.
    /// </summary>
    public static bool Is(PaperDataset dataset, StudyResults study) =>
        study.Rows.Count > 0
        && study.Rows.All(r =>
            r.Parameters.GetValueOrDefault("dataset.name") is { } name && (name == dataset.Recorded || name == dataset.Generated)
        );
}
