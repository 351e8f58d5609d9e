using Rouser.Snn;
using Rouser.Coordination;
using Rouser.Results;

namespace Rouser.Reports.Tests.Fixtures;

/// <summary>
/// A run that varies much: a grid of initial threshold, τ and three arms, and a study that varies one thing at a
/// time. Every kind of figure is in its report.
/// </summary>
internal static class SweepRun
{
    private static readonly Dictionary<string, string> Base = new()
    {
        ["threshold.init"] = "1.25",
        ["surrogate.tau"] = "3.75",
        ["optimizer.learning_rate"] = "0.001",
    };

    /// <param name="epochs">Epochs of each trial.</param>
    /// <param name="lost">Whether a seed of one row of the grid is missing.</param>
    public static ResultTables Build(int epochs = 6, bool lost = true)
    {
        RunTables run = new() { Arms = ["slayer", "slayer-wn", "rouser"] };
        foreach (string arm in (string[])["slayer", "slayer-wn", "rouser"])
        {
            foreach (string threshold in (string[])["0.25", "0.5", "0.75", "1", "1.25"])
            {
                foreach (string tau in (string[])["1", "3", "3.75"])
                {
                    for (int seed = 0; seed < 3; seed++)
                        Add(
                            run,
                            "grid",
                            arm,
                            $"threshold.init={threshold} surrogate.tau={tau}",
                            seed,
                            epochs,
                            lost && arm == "slayer-wn" && threshold == "0.25" && tau == "1" && seed == 1
                        );
                }
            }
            foreach (
                string setting in (string[])
                    [
                        "",
                        "threshold.init=0.25",
                        "threshold.init=0.75",
                        "surrogate.tau=1",
                        "surrogate.tau=3",
                        "optimizer.learning_rate=0.0001",
                        "optimizer.learning_rate=0.01",
                    ]
            )
            {
                for (int seed = 0; seed < 3; seed++)
                    Add(run, "one-by-one", arm, setting, seed, epochs, false);
            }
        }
        return run.Build();
    }

    private static void Add(RunTables run, string study, string arm, string setting, int seed, int epochs, bool lost)
    {
        FixtureTrial trial = new(arm, setting, seed, []) { Study = study, Base = Base };
        double threshold = Number(trial, "threshold.init"),
            tau = Number(trial, "surrogate.tau"),
            rate = Number(trial, "optimizer.learning_rate");
        bool learned = arm == "rouser";
        double end =
            0.97
            - 0.4 * Math.Pow(1.1 - threshold, 2) * (learned ? 0.4 : 1)
            - 0.06 * Math.Abs(tau - 3) * (1.4 - threshold)
            - (rate == 0.001 ? 0 : 0.12)
            + 0.02 * Noise(seed, arm.Length)
            + (arm == "slayer-wn" ? 0.03 : 0);
        double[] accuracy =
        [
            .. Enumerable
                .Range(1, lost ? epochs / 2 : epochs)
                .Select(e => Math.Round(Math.Clamp(0.1 + (end - 0.1) * (1 - Math.Exp(-(learned ? 0.9 : 0.5) * e)), 0, 1), 3)),
        ];
        run.Add(
            trial with
            {
                TestAccuracy = accuracy,
                State = lost ? TrialState.Lost : TrialState.Completed,
                Reason = lost ? "worker fell silent" : null,
                LayerCount = 3,
                Layer = (layer, epoch) => Layer(layer, epoch, threshold, learned ? 0.02 * layer * epoch : 0),
            }
        );
    }

    private static LayerMetrics Layer(int layer, int epoch, double threshold, double spread) =>
        FixtureTrial.Metrics(
            layer == 3 ? 10 : 100,
            0.4 / epoch,
            Math.Clamp(0.3 + 0.1 * layer + 0.05 * epoch, 0, 1),
            0.01 * layer,
            threshold,
            spread
        ) with
        {
            WeightDistanceInitial = layer * Math.Sqrt(epoch),
        };

    private static double Number(FixtureTrial trial, string parameter) =>
        double.Parse(trial.Parameters[parameter], System.Globalization.CultureInfo.InvariantCulture);

    private static double Noise(int seed, int stream) => Math.Sin(12.9898 * (seed + 1) + 78.233 * stream);
}
