using Rouser.Reports.Model;

namespace Rouser.Reports.Figures;

/// <summary>A figure of the paper (Takaghaj and Sampson, arXiv 2407.19566) that a figure here can stand beside.</summary>
/// <param name="Number">As printed, with its parts: <c>4 (a, b)</c>.</param>
/// <param name="Data">The data set it was made with.</param>
/// <param name="Shows">What it shows.</param>
/// <param name="SweepFile">The sweep that makes it here.</param>
internal sealed record PaperFigure(string Number, PaperData Data, string Shows, string SweepFile)
{
    public static PaperFigure FixedThresholdNMnist { get; } = new("3 (N-MNIST)", PaperData.NMnist, "test accuracy after 10 epochs against a fixed threshold", "figure3-nmnist.yaml");

    public static PaperFigure FixedThresholdDvs128 { get; } = new("3 (DVS128)", PaperData.Dvs128, "test accuracy after 10 epochs against a fixed threshold", "figure3-dvs128.yaml");

    public static PaperFigure AccuracyNMnist { get; } = new("4 (a, b)", PaperData.NMnist, "test accuracy per epoch, Rouser and SLAYER 2.0", "figure4-nmnist.yaml");

    public static PaperFigure AccuracyDvs128 { get; } = new("4 (c, d)", PaperData.Dvs128, "test accuracy per epoch, Rouser and SLAYER 2.0", "figure4-dvs128.yaml");

    public static PaperFigure WeightNormalisation { get; } = new("5", PaperData.NMnist, "test accuracy per epoch with SLAYER 2.0 + weight normalisation as a third arm", "figure5-nmnist.yaml");

    public static PaperFigure DistanceInitial { get; } = new("6 (a)", PaperData.NMnist, "distance of the weights from the initial ones", "figure5-nmnist.yaml");

    public static PaperFigure DistanceFinal { get; } = new("6 (b)", PaperData.NMnist, "distance of the weights from the final ones", "figure5-nmnist.yaml");

    public static PaperFigure ThresholdsNMnist { get; } = new("7", PaperData.NMnist, "thresholds per layer over time", "figure5-nmnist.yaml");

    public static PaperFigure ThresholdsDvs128 { get; } = new("8", PaperData.Dvs128, "thresholds per layer over time", "figure4-dvs128.yaml");

    public static PaperFigure Spikes { get; } = new("9", PaperData.NMnist, "spikes at inference in percent of the possible, per layer and epoch", "figure5-nmnist.yaml");

    public static PaperFigure Active { get; } = new("10", PaperData.NMnist, "active neurons per layer over training", "figure5-nmnist.yaml");

    public static PaperFigure Ablation { get; } = new("11", PaperData.NMnist, "test accuracy per epoch over the threshold’s learning rate", "figure11-nmnist.yaml");

    /// <summary>Those that a sweep can make, in the paper's order.</summary>
    public static IReadOnlyList<PaperFigure> All { get; } =
    [
        FixedThresholdNMnist, FixedThresholdDvs128, AccuracyNMnist, AccuracyDvs128, WeightNormalisation, DistanceInitial, DistanceFinal, ThresholdsNMnist, ThresholdsDvs128,
        Spikes, Active, Ablation,
    ];

    /// <summary>What a caption says of it; empty for none.</summary>
    /// <param name="figure">The paper's figure.</param>
    /// <param name="study">What is drawn here.</param>
    public static string Words(PaperFigure? figure, StudyResults study) => figure is null ? ""
        : study.Synthetic ? $" It stands beside figure {figure.Number} of the paper, with generated data in place of {figure.Data.Name}."
        : $" It stands beside figure {figure.Number} of the paper.";

    /// <summary>The paper's accuracy figure with the same arms on the same data (or on what is generated in its place), by what the arms do, not by their names.</summary>
    public static PaperFigure? OfAccuracy(StudyResults study)
    {
        bool nmnist = PaperData.NMnist.IsOf(study), dvs128 = PaperData.Dvs128.IsOf(study);
        ResultRow[] learned = [.. study.Rows.Where(r => r.Parameters.GetValueOrDefault("threshold.rule") == "learned")];
        string[] rates = [.. learned.Select(r => r.Parameters.GetValueOrDefault("threshold.learning_rate", "")).Distinct()];
        if (nmnist && rates.Length > 1 && rates.Contains("0")) return Ablation;
        bool moves = learned.Any(r => !r.HasFixedThreshold), still = Fixed(study, normalised: false);
        if (nmnist && moves && still && Fixed(study, normalised: true)) return WeightNormalisation;
        return !moves || !still ? null : nmnist ? AccuracyNMnist : dvs128 ? AccuracyDvs128 : null;
    }

    /// <summary>One of the paper's figures about what goes on inside the network, if the study has the paper's data and a threshold that is learned.</summary>
    public static PaperFigure? Inside(StudyResults study, PaperFigure nmnist, PaperFigure? dvs128 = null) =>
        !study.Rows.Any(r => r.Parameters.GetValueOrDefault("threshold.rule") == "learned" && !r.HasFixedThreshold) ? null
        : PaperData.NMnist.IsOf(study) ? nmnist : PaperData.Dvs128.IsOf(study) ? dvs128 : null;

    private static bool Fixed(StudyResults study, bool normalised) =>
        study.Rows.Any(r => r.HasFixedThreshold && r.Parameters.GetValueOrDefault("weights.normalize") == (normalised ? "true" : "false"));
}

/// <summary>A data set of the paper.</summary>
/// <param name="Name">As the paper writes it.</param>
/// <param name="Recorded">Its name in a sweep file.</param>
/// <param name="Generated">What stands in for it.</param>
internal sealed record PaperData(string Name, string Recorded, string Generated)
{
    public static PaperData NMnist { get; } = new("N-MNIST", "nmnist", "saccade-digits");

    public static PaperData Dvs128 { get; } = new("DVS128 Gesture", "dvs128", "gesture-blobs");

    /// <summary>Whether every row of the study is trained on it or on its stand-in.</summary>
    public bool IsOf(StudyResults study) =>
        study.Rows.Count > 0 && study.Rows.All(r => r.Parameters.GetValueOrDefault("dataset.name") is { } name && (name == Recorded || name == Generated));
}
