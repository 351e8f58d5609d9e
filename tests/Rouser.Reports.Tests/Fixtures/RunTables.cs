using Rouser.Coordination;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Reports.Tests.Fixtures;

/// <summary>Builds the three tables of a run by hand, with the columns that a real run has.</summary>
internal sealed class RunTables
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<FixtureTrial> _trials = [];

    public string? CompareTo { get; init; } = "slayer";

    public double[] Reach { get; init; } = [0.8, 0.9];

    /// <summary>The studies whose seeds were a budget.</summary>
    public Dictionary<string, SeedBudget> Budgets { get; init; } = [];

    /// <summary>What stands for a trial, and chooses.</summary>
    public MetricSettings Metric { get; init; } = new("test_accuracy", true, EpochSelection.Last);

    public string[] Arms { get; init; } = ["slayer", "rouser"];

    public RunTables Add(FixtureTrial trial)
    {
        _trials.Add(trial);
        return this;
    }

    /// <summary>A completed trial with these test accuracies, one hidden and one output layer.</summary>
    public RunTables Add(string arm, string setting, long seed, params double[] testAccuracy) =>
        Add(new FixtureTrial(arm, setting, seed, testAccuracy));

    public ResultTables Build()
    {
        RunMetadata metadata = new(
            "tiny",
            new string('f', 64),
            _trials.Any(t => t.Synthetic),
            Metric,
            new ReportSettings(CompareTo, Reach),
            Arms,
            [.. _trials.Select(t => t.Study).Distinct()],
            _trials.Count,
            _trials.Count,
            new RunEnvironment(
                "0.1.0",
                "fused/1",
                ".NET 10.0.0",
                "Linux 6.1",
                "a processor, AVX-512",
                2,
                "rouser run sweeps/tiny.yaml"
            )
        )
        {
            Budgets = Budgets,
        };
        return new ResultTables(Trials(metadata), Epochs(metadata), Layers(metadata));
    }

    private Table Trials(RunMetadata metadata)
    {
        List<Column> columns =
        [
            Of("trial_id", t => t.Id),
            Of("study", t => t.Study),
            Of("arm", t => t.Arm),
            Of("setting", t => t.Setting),
            Of("seed", t => t.Seed),
            Of("synthetic", t => t.Synthetic),
            Of("dataset_digest", _ => new string('d', 64)),
            Of("engine", t => t.Engine),
        ];
        foreach (string name in _trials.SelectMany(t => t.Parameters.Keys).Distinct().Order(StringComparer.Ordinal))
            columns.Add(
                new Column<string>(
                    name,
                    [.. _trials.Select(t => t.Parameters.GetValueOrDefault(name, ""))],
                    [.. _trials.Select(t => !t.Parameters.ContainsKey(name))]
                )
            );
        columns.AddRange([
            Of("state", t => t.State.ToName()),
            Of("attempt", t => t.State == TrialState.Queued ? 0 : 1),
            new Column<string>("worker", [.. _trials.Select(_ => "w1")], [.. _trials.Select(t => t.State == TrialState.Queued)]),
            new Column<DateTimeOffset>(
                "assigned_at",
                [.. _trials.Select(t => Start)],
                [.. _trials.Select(t => t.State == TrialState.Queued)]
            ),
            new Column<DateTimeOffset>(
                "ended_at",
                [.. _trials.Select(t => Start.AddSeconds(2 * t.TestAccuracy.Count))],
                [.. _trials.Select(t => t.State is TrialState.Queued or TrialState.Running)]
            ),
            new Column<string>("reason", [.. _trials.Select(t => t.Reason ?? "")], [.. _trials.Select(t => t.Reason is null)]),
            Of("epochs_recorded", t => t.TestAccuracy.Count),
            new Column<double>(
                "objective",
                [.. _trials.Select(t => t.State == TrialState.Completed ? t.TestAccuracy[^1] : 0)],
                [.. _trials.Select(t => t.State != TrialState.Completed)]
            ),
        ]);
        return new Table("trials", columns, metadata.Write());
    }

    private Table Epochs(RunMetadata metadata)
    {
        var rows = _trials
            .DistinctBy(t => t.Id)
            .SelectMany(t => t.TestAccuracy.Select((a, i) => (Trial: t, Epoch: i + 1, Accuracy: a)))
            .ToArray();
        return new Table(
            "epochs",
            [
                new Column<string>("trial_id", [.. rows.Select(r => r.Trial.Id)]),
                new Column<int>("epoch", [.. rows.Select(r => r.Epoch)]),
                new Column<double>("train_loss", [.. rows.Select(r => 1.0 / r.Epoch)]),
                new Column<double>("train_accuracy", [.. rows.Select(r => r.Accuracy / 2)]),
                new Column<double>("test_accuracy", [.. rows.Select(r => r.Accuracy)]),
                new Column<double>("seconds", [.. rows.Select(_ => 2.0)]),
                new Column<double>("samples_per_second", [.. rows.Select(r => r.Trial.TrainSamples / 2.0)]),
                // Tables of before there were validation samples have no such columns.
                .. _trials.Any(t => t.ValidationAccuracy is not null)
                    ? (Column[])
                        [
                            Validation("validation_accuracy", accuracy => accuracy),
                            Validation("validation_loss", accuracy => 1 - accuracy),
                        ]
                    : [],
            ],
            metadata.WriteIdentity()
        );

        Column<double> Validation(string name, Func<double, double> value) =>
            new(
                name,
                [.. rows.Select(r => value(r.Trial.ValidationAccuracy?[r.Epoch - 1] ?? 0))],
                [.. rows.Select(r => r.Trial.ValidationAccuracy is null)]
            );
    }

    private Table Layers(RunMetadata metadata)
    {
        var rows = _trials
            .DistinctBy(t => t.Id)
            .SelectMany(t =>
                Enumerable
                    .Range(1, t.TestAccuracy.Count)
                    .SelectMany(e =>
                        Enumerable.Range(1, t.LayerCount).Select(l => (Trial: t, Epoch: e, Layer: l, Metrics: t.Layer(l, e)))
                    )
            )
            .ToArray();
        return new Table(
            "layers",
            [
                new Column<string>("trial_id", [.. rows.Select(r => r.Trial.Id)]),
                new Column<int>("epoch", [.. rows.Select(r => r.Epoch)]),
                new Column<int>("layer", [.. rows.Select(r => r.Layer)]),
                new Column<int>("neurons", [.. rows.Select(r => r.Metrics.Neurons)]),
                Layer("dead_fraction", m => m.DeadFraction!.Value),
                Layer("active_fraction", m => m.ActiveFraction!.Value),
                Layer("spike_rate_train", m => m.SpikeRateTrain!.Value),
                Layer("spike_rate_test", m => m.SpikeRateTest!.Value),
                Layer("threshold_mean", m => m.Threshold!.Mean),
                Layer("threshold_min", m => m.Threshold!.Min),
                Layer("threshold_q10", m => m.Threshold!.Q10),
                Layer("threshold_q25", m => m.Threshold!.Q25),
                Layer("threshold_median", m => m.Threshold!.Median),
                Layer("threshold_q75", m => m.Threshold!.Q75),
                Layer("threshold_q90", m => m.Threshold!.Q90),
                Layer("threshold_max", m => m.Threshold!.Max),
                new Column<string>(
                    "threshold_histogram",
                    [.. rows.Select(r => HistogramText.Write(r.Metrics.Threshold!.Histogram) ?? "")],
                    [.. rows.Select(r => r.Metrics.Threshold!.Histogram is null)]
                ),
                Layer("weight_distance_initial", m => m.WeightDistanceInitial),
                MaybeLayer(
                    "weight_distance_final",
                    r => r.Trial.State == TrialState.Completed ? r.Trial.TestAccuracy.Count - r.Epoch : null
                ),
                Layer("weight_gradient_norm", m => m.WeightGradientNorm),
                MaybeLayer("threshold_gradient_norm", r => r.Metrics.ThresholdGradientNorm),
            ],
            metadata.WriteIdentity()
        );

        Column<double> Layer(string name, Func<LayerMetrics, double> value) => new(name, [.. rows.Select(r => value(r.Metrics))]);

        Column<double> MaybeLayer(
            string name,
            Func<(FixtureTrial Trial, int Epoch, int Layer, LayerMetrics Metrics), double?> value
        ) => new(name, [.. rows.Select(r => value(r) ?? 0)], [.. rows.Select(r => value(r) is null)]);
    }

    private Column<T> Of<T>(string name, Func<FixtureTrial, T> value) => new(name, [.. _trials.Select(value)]);
}

/// <summary>One cell of a fixture with its trial.</summary>
internal sealed record FixtureTrial(string Arm, string Setting, long Seed, IReadOnlyList<double> TestAccuracy)
{
    public string Study { get; init; } = "tiny";

    public TrialState State { get; init; } = TrialState.Completed;

    /// <summary>By epoch; null for a trial without validation samples.</summary>
    public IReadOnlyList<double>? ValidationAccuracy { get; init; }

    public string? Reason { get; init; }

    /// <summary>Parameters beside those of the setting.</summary>
    public IReadOnlyDictionary<string, string> Base { get; init; } = new Dictionary<string, string>();

    /// <summary>Part of what makes it another trial.</summary>
    public string Engine { get; init; } = "fused/1";

    public bool Synthetic { get; init; }

    public int TrainSamples { get; init; } = 1000;

    public int LayerCount { get; init; } = 2;

    /// <summary>By layer and epoch, both from 1.</summary>
    public Func<int, int, LayerMetrics> Layer { get; init; } =
        (layer, epoch) => Metrics(layer == 1 ? 4 : 2, 0.5 / epoch, 0.25, 0.01 * layer, 1.25, 0);

    public string Id =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(
                    $"{Arm}|{Seed}|{Engine}|{string.Join('|', Parameters.OrderBy(p => p.Key, StringComparer.Ordinal))}"
                )
            )
        )[..32];

    /// <summary>What the method uses: the setting, the rule by the arm's name, and the data.</summary>
    public Dictionary<string, string> Parameters
    {
        get
        {
            bool learned = Arm.StartsWith("rouser", StringComparison.Ordinal);
            Dictionary<string, string> values = new(StringComparer.Ordinal)
            {
                ["dataset.name"] = Synthetic ? "saccade-digits" : "nmnist",
                ["epochs"] = "10",
                ["threshold.rule"] = learned ? "learned" : "fixed",
                ["weights.normalize"] = Arm.EndsWith("-wn", StringComparison.Ordinal) ? "true" : "false",
            };
            foreach ((string name, string value) in Base)
                values[name] = value;
            if (learned)
                values["threshold.learning_rate"] = "0.01";
            foreach (string part in Setting.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                values[part.Split('=')[0]] = part.Split('=')[1];
            return values;
        }
    }

    /// <summary>A layer whose thresholds spread evenly about their median.</summary>
    public static LayerMetrics Metrics(int neurons, double dead, double active, double rate, double threshold, double spread) =>
        new(
            neurons,
            dead,
            active,
            rate,
            rate,
            new ThresholdSummary(
                threshold,
                threshold - 2 * spread,
                threshold - spread,
                threshold - 0.5 * spread,
                threshold,
                threshold + 0.5 * spread,
                threshold + spread,
                threshold + 2.5 * spread,
                spread == 0 ? [neurons] : [1, .. Enumerable.Repeat(0, ThresholdSummary.Bins - 2), neurons - 1]
            ),
            0,
            0,
            null
        );
}
