using Rouser.Snn;

namespace Rouser.Simulation.Scenarios;

/// <summary>
/// What training a trial measures: a function of trial and epoch alone, as with the real engines, but for the wall
/// time. Two attempts at a trial, on whatever workers, therefore measure the same.
/// </summary>
internal static class Training
{
    /// <summary>
    /// The epoch of the trial at that place of the plan, both as they are counted: places from 0, epochs from 1.
    /// </summary>
    public static EpochMetrics Measure(int place, int epoch, double seconds)
    {
        double x = (0.01 * place) + (0.1 * epoch);
        return new(
            epoch,
            TrainLoss: 1.0 / (place + epoch),
            TrainAccuracy: 1 - (1.0 / (epoch + 1)),
            TestAccuracy: 1 - (1.0 / (epoch + 1 + (place % 7))),
            seconds,
            SamplesPerSecond: 100 / seconds,
            [Layer(500, x), Layer(10, x)]
        )
        {
            Validation = new ValidationScores(1 - (1.0 / (epoch + 1 + (place % 7))), 1.0 / (place + epoch)),
        };
    }

    private static LayerMetrics Layer(int neurons, double x) =>
        new(neurons, x / 100, x / 50, x / 1000, x / 2000, new(x, x, x, x, x, x, x, x, [neurons]), x * 2, x / 10, null);

    /// <summary>Whether these are that trial's and epoch's measurements, wall times aside.</summary>
    public static bool IsMeasured(int place, EpochMetrics metrics) =>
        metrics.TrainLoss == 1.0 / (place + metrics.Epoch)
        && metrics.Layers[0].ActiveFraction == ((0.01 * place) + (0.1 * metrics.Epoch)) / 50;

    /// <summary><c>[epoch − 1][layer]</c>: distances from the final weights.</summary>
    public static IReadOnlyList<IReadOnlyList<double>> DistancesToFinal(int place, int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(epoch => new double[] { place + epochs - epoch, 1.0 / (1 + place + epoch) })];
}
