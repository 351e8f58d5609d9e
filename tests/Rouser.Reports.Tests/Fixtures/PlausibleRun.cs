using Rouser.Coordination;
using Rouser.Results;

namespace Rouser.Reports.Tests.Fixtures;

/// <summary>
/// A run as one might look: two or three arms, two settings, three seeds, ten epochs, one failed trial.
/// </summary>
internal static class PlausibleRun
{
    public const string Good = "threshold.init=1.25 surrogate.tau=3.75 surrogate.scale=1.5";
    public const string Bad = "threshold.init=0.25 surrogate.tau=3 surrogate.scale=3";

    public static ResultTables Build(bool synthetic = true, int epochs = 10)
    {
        RunTables run = new() { Arms = ["slayer", "slayer-wn", "rouser"], Reach = [0.8, 0.9, 0.95] };
        foreach (string setting in (string[])[Good, Bad])
        {
            foreach (string arm in (string[])["slayer", "rouser"])
            {
                for (int seed = 0; seed < 3; seed++)
                {
                    bool fails = arm == "slayer" && setting == Bad && seed == 2;
                    run.Add(
                        Trial("ablation", arm, setting, seed, fails ? 4 : epochs) with
                        {
                            Synthetic = synthetic,
                            State = fails ? TrialState.Failed : TrialState.Completed,
                            Reason = fails ? "the loss is not a number in epoch 5, batch 12" : null,
                        }
                    );
                }
            }
        }
        foreach (string rate in (string[])["0", "0.001", "0.01"])
        {
            for (int seed = 0; seed < 3; seed++)
            {
                string setting = $"{Good} threshold.learning_rate={rate}";
                run.Add(
                    Trial("learning-rate", rate == "0" ? "slayer" : "rouser", setting, seed, epochs) with
                    {
                        Arm = "rouser",
                        Synthetic = synthetic,
                    }
                );
            }
        }
        return run.Build();
    }

    /// <summary>A trial whose curves saturate, with noise that depends on its name alone.</summary>
    public static FixtureTrial Trial(string study, string arm, string setting, int seed, int epochs)
    {
        bool learned = arm == "rouser",
            bad = setting == Bad;
        double end = (learned, bad) switch
        {
            (true, false) => 0.962,
            (true, true) => 0.87,
            (false, false) => 0.942,
            _ => 0.24,
        };
        double speed = (learned, bad) switch
        {
            (true, false) => 0.75,
            (true, true) => 0.32,
            (false, false) => 0.5,
            _ => 0.15,
        };
        double[] accuracy =
        [
            .. Enumerable
                .Range(1, epochs)
                .Select(e =>
                    Math.Round(
                        Math.Clamp(
                            0.1
                                + (end - 0.1) * (1 - Math.Exp(-speed * e))
                                + 0.012 * Noise(seed, e, arm.Length)
                                + (0.02 + 0.05 * Math.Exp(-0.3 * e)) * Noise(seed, 0, arm.Length),
                            0,
                            1
                        ),
                        3
                    )
                ),
        ];
        return new FixtureTrial(arm, setting, seed, accuracy)
        {
            Study = study,
            LayerCount = 3,
            Layer = (layer, epoch) =>
            {
                double woken = learned ? 1 - Math.Exp(-0.4 * epoch) : 0.1 * (1 - Math.Exp(-0.4 * epoch));
                double dead =
                    layer switch
                    {
                        1 => 0.46 - 0.12 * woken,
                        2 => 0.62 - 0.5 * woken,
                        _ => 0.76 * (1 - woken),
                    }
                    + 0.02 * Noise(seed, epoch, layer)
                    + 0.04 * Noise(seed, 0, layer);
                double threshold = bad ? 0.25 : 1.25,
                    spread = learned ? 0.12 * layer * (1 - Math.Exp(-0.2 * epoch)) : 0;
                return FixtureTrial.Metrics(
                    layer == 3 ? 10 : 500,
                    Math.Max(0, dead - 0.2),
                    Math.Clamp(1 - dead, 0, 1),
                    0.004 + 0.02 * layer * (1 - dead) + 0.001 * Noise(seed, epoch, 7),
                    threshold + (learned ? 0.2 * (layer - 1) * (1 - Math.Exp(-0.3 * epoch)) : 0),
                    spread
                );
            },
        };
    }

    private static double Noise(int seed, int epoch, int stream) => Math.Sin(2.1 * (seed + 1) + 78.233 * epoch + 37.719 * stream);
}
