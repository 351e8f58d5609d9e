using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Testing;

/// <summary>
/// Small plans, and the epochs that their trials measure: functions of trial and epoch alone, as with real training.
/// </summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly RunSettings Run = new(
        LostRetries: 2,
        FailedRetries: 1,
        TimeSpan.FromSeconds(60),
        TimeSpan.FromHours(1),
        CheckpointEvery: 1
    );

    /// <summary>A plan of trials a, b, c, … of so many epochs; a cell each.</summary>
    public static Plan Plan(int trials, int epochs)
    {
        PlannedTrial[] planned = [.. Enumerable.Range(0, trials).Select(i => Trial(Id(i), epochs, seed: i))];
        return new("sample", "f1a9", planned, [.. planned.Select(t => new Cell("study", "arm", "", t.Seed, t.Id))]);
    }

    public static PlannedTrial Trial(TrialId id, int epochs, long seed = 0, ParameterSet? parameters = null) =>
        new(id, parameters ?? ParameterSet.Empty, Settings(epochs), seed, "d1", Synthetic: false, "fused/1");

    /// <summary>
    /// The identity of the trial at that place: a letter 32 times over for the first 26, so that transcripts are easy
    /// to read.
    /// </summary>
    public static TrialId Id(int place) => new(place < 26 ? new string((char)('a' + place), 32) : place.ToString("x32"));

    public static LeaseKey Lease(int place, int attempt) => new(Id(place), attempt);

    public static EpochMetrics Epoch(int place, int epoch, double seconds = 1) =>
        new(
            epoch,
            TrainLoss: 1.0 / (place + epoch),
            TrainAccuracy: 1 - (1.0 / (epoch + 1)),
            TestAccuracy: 1 - (1.0 / (place + epoch + 1)),
            seconds,
            SamplesPerSecond: 100 / seconds,
            [Layer(500, place + (0.1 * epoch), 0.02), Layer(10, place + (0.2 * epoch), 0.01)]
        )
        {
            Validation = new ValidationScores(1 - (1.0 / (place + epoch + 1)), 1.0 / (place + epoch)),
        };

    /// <summary>What a last epoch says besides.</summary>
    public static ComplexityMetrics Complexity(int place) =>
        new(
            4000 + place,
            900,
            0.125,
            0.75,
            EffectiveAcs: 2500.5,
            EffectiveMacs: 0,
            DenseOperations: 90_000,
            MembraneUpdates: 700.25
        );

    public static IReadOnlyList<IReadOnlyList<double>> Distances(int place, int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(epoch => new double[] { place + epochs - epoch, (place + epochs - epoch) / 2.0 })];

    private static LayerMetrics Layer(int neurons, double x, double thresholdGradientNorm) =>
        new(
            neurons,
            Share(x / 100),
            Share(x / 50),
            Share(x / 1000),
            Share(x / 2000),
            new(x, x - 1, x - 0.8, x - 0.5, x, x + 0.5, x + 0.8, x + 1, [neurons - 1, .. new int[ThresholdSummary.Bins - 2], 1]),
            x * 2,
            x / 10,
            thresholdGradientNorm
        );

    private static double Share(double x) => x - Math.Floor(x);

    private static TrialSettings Settings(int epochs) =>
        new(
            new MethodSettings(
                new NeuronSettings(0.75, 0.97, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
                new ExponentialSurrogate(3.75, 1.5),
                new LearnedThreshold(1.25, 0.01),
                new WeightSettings(WeightInitKind.KaimingUniform, false),
                new VanRossumLoss(5, 2, 30),
                new AdamOptimizer(0.001, 0.9, 0.999, 1e-8),
                32
            ),
            new DatasetSettings("saccade-digits", null, 300, 1, null, null, 1)
            {
                Validation = new SplitRule(SplitBy.Share, SplitUnit.Recording, 0.2, 0, 0, 0, ""),
            },
            [500],
            epochs
        );
}
