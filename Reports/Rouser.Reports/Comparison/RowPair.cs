using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Results;

namespace Rouser.Reports.Comparison;

/// <summary>A row that both runs have.</summary>
public sealed record RowPair(ResultRow Before, ResultRow After)
{
    /// <summary>Seeds that both have completed.</summary>
    public int SharedSeeds { get; } = Shared(Before, After).Count();

    /// <summary>Those of them with the same numbers in every epoch.</summary>
    public int SameSeeds { get; } = Shared(Before, After).Count(pair => AreSame(pair.First, pair.Second));

    /// <summary>
    /// Whether every seed that both have is completed in both, with the same numbers in every epoch. Seeds that only
    /// one of them has are no difference in what came out.
    /// </summary>
    public bool IsSame => Before.IsComplete && After.IsComplete && SharedSeeds > 0 && SameSeeds == SharedSeeds;

    /// <summary>After minus before, paired by seed; null where seeds are missing.</summary>
    public Estimate? Difference(Measure measure) => Pairing.Difference(After, Before, measure.Value);

    /// <summary>
    /// Of all pairs of a training of either run, the share in which the second run's is higher; null where seeds are
    /// missing.
    /// </summary>
    public Estimate? Improvement(Measure measure) =>
        Pairing.Of(After, Before)?.Of(Statistics.Improvement.Of, r => measure.Value(r.History));

    private static IEnumerable<(Replicate First, Replicate Second)> Shared(ResultRow before, ResultRow after) =>
        before.Completed.Join(after.Completed, r => r.Seed, r => r.Seed, (a, b) => (a, b));

    private static bool AreSame(Replicate a, Replicate b) =>
        a.History.Epochs == b.History.Epochs
        && (ReferenceEquals(a.History, b.History) || SharedTrial.FirstDifference(a.History, b.History) is null);
}

/// <summary>A number per training that runs are compared by.</summary>
/// <param name="Id">In file names and JSON.</param>
/// <param name="Name">What it is, in words.</param>
/// <param name="Unit">Its unit, and that of differences.</param>
/// <param name="Value">Of a training.</param>
public sealed record Measure(
    string Id,
    string Name,
    (string OfValues, string OfDifferences) Unit,
    Func<TrialHistory, double> Value
)
{
    /// <summary>Decimals that are shown.</summary>
    internal int Decimals => Unit.OfValues.Length > 0 ? 1 : 4;

    /// <summary>What a comparison looks at.</summary>
    internal static IReadOnlyList<Measure> All(RunComparison comparison) =>
        [
            new(
                "test-accuracy",
                $"test accuracy {comparison.Choice.Describe()}",
                ("%", "points"),
                h => 100 * comparison.Choice.TestAccuracy(h)
            ),
            new("train-loss", "training loss in the last epoch", ("", ""), h => h.Value(EpochsTable.TrainLoss, h.Epochs)),
            new("dead-neurons", "hidden neurons without a spike in the last epoch", ("%", "points"), DeadPercent),
        ];

    private static double DeadPercent(TrialHistory history)
    {
        double dead = 0,
            neurons = 0;
        for (int layer = 1; layer < history.Layers; layer++)
        {
            LayerPoint point = history.Layer(layer, history.Epochs);
            dead += point[LayersTable.DeadFraction] * point.Neurons;
            neurons += point.Neurons;
        }
        return neurons == 0 ? 0 : 100 * dead / neurons;
    }
}
