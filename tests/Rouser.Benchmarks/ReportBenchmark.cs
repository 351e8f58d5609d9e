using System.Diagnostics;
using System.Globalization;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Parquet;
using Rouser.Sweeps;

namespace Rouser.Benchmarks;

/// <summary>
/// The report of a large sweep, from its Parquet tables to its files. Another process makes the tables, so that their
/// making does not count as the report's memory.
/// </summary>
internal static class ReportBenchmark
{
    private const int Seeds = 5,
        Epochs = 100,
        Layers = 3;

    private static readonly string[] Arms = ["slayer", "rouser"];

    /// <summary>Makes the report as the command does; folders are made and removed.</summary>
    /// <param name="trials">A multiple of 500.</param>
    /// <param name="drawn">Whether the settings are drawn from ranges, so that each value is one of its own, or a grid.</param>
    public static IEnumerable<Finding> Run(int trials, bool drawn)
    {
        string folder = Directory.CreateTempSubdirectory("rouser-benchmark-").FullName;
        try
        {
            string tables = Path.Combine(folder, "metrics");
            using (Process maker = Process.Start(Maker(tables, trials, drawn))!)
            {
                maker.WaitForExit();
                if (maker.ExitCode != 0)
                    throw new InvalidOperationException($"The tables could not be made: exit code {maker.ExitCode}.");
            }
            string report = Path.Combine(folder, "report");
            (Timing made, long peak) = Report(tables, report);
            yield return new Finding(
                "report",
                $"{trials:N0} trials of {Epochs} epochs and {Layers} layers{(drawn ? ", settings drawn" : "")}",
                1,
                [
                    made.ToMeasurement("rouser report"),
                    new("peak memory", peak / 1e6, "MB"),
                    new("tables", Megabytes(tables), "MB"),
                    new("report", Megabytes(report), "MB"),
                ]
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Memory and processor time are asked for while the program runs: of a process that has ended nobody knows.
    private static (Timing Time, long Peak) Report(string tables, string report)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = RouserProcess.Start(["report", tables, "--out", report]);
        long peak = 0;
        TimeSpan processor = TimeSpan.Zero;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            try
            {
                process.Refresh();
                (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                // It has ended since.
            }
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The report could not be made: exit code {process.ExitCode}.");
        return (new Timing(seconds, processor.TotalSeconds), peak);
    }

    private static double Megabytes(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e6;

    /// <summary>Writes tables of that shape: numbers that move as a training's do, thresholds that spread.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="trials">A multiple of 500.</param>
    /// <param name="drawn">Whether the settings are drawn or a grid.</param>
    public static void WriteTables(string folder, int trials, bool drawn)
    {
        int settings = trials / Seeds / Arms.Length;
        string thresholds = string.Join(
            ", ",
            Enumerable.Range(1, settings / 50).Select(i => (0.25 * i).ToString(CultureInfo.InvariantCulture))
        );
        string study = drawn
            ? $"""
                    mode: random
                    sampling: {"{count: " + settings + "}"}
                    over:
                      threshold.init: {"{min: 0.25, max: 2.5}"}
                      surrogate.tau: {"{min: 1, max: 5.5}"}
                      surrogate.scale: {"{min: 0.5, max: 3}"}
                """
            : $"""
                    over:
                      threshold.init: [{thresholds}]
                      surrogate.tau: [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5]
                      surrogate.scale: [0.5, 1, 1.5, 2, 3]
                """;
        SweepSpec spec = SpecReader
            .Read(
                "report.yaml",
                $$"""
                schema: rouser/sweep/v1
                name: large
                base: {dataset: {name: saccade-digits}, network.hidden: [500, 500], epochs: 100}
                arms:
                  slayer: {threshold.rule: fixed}
                  rouser: {threshold.rule: learned, threshold.learning_rate: 0.01}
                seeds: [0, 1, 2, 3, 4]
                studies:
                  large:
                {{study}}
                report: {compare_to: slayer, reach: [0.5, 0.8]}
                """,
                []
            )
            .Value;
        Plan plan = Planner.Create(spec, _ => new string('d', 64), _ => "fused/2").Value;
        RunMetadata run = RunMetadata.Of(
            spec,
            plan,
            new RunEnvironment("0.1.0", "fused/2", ".NET", "none", "none", 2, "rouser run report.yaml")
        );
        ResultTables empty = ResultTables.Build(spec, plan, [], run.Environment);
        string[] ids = [.. plan.Cells.Select(c => c.Trial.Value)];
        TableFiles.Write(folder, new ResultTables(Completed(empty.Trials), EpochRows(ids, run), LayerRows(ids, plan, run)));
    }

    private static ProcessStartInfo Maker(string folder, int trials, bool drawn)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ReportBenchmark).Assembly.Location);
        start.ArgumentList.Add("report-tables");
        start.ArgumentList.Add("--file");
        start.ArgumentList.Add(folder);
        start.ArgumentList.Add("--trials");
        start.ArgumentList.Add(trials.ToString(CultureInfo.InvariantCulture));
        if (drawn)
            start.ArgumentList.Add("--drawn");
        return start;
    }

    private static Table Completed(Table trials) =>
        trials with
        {
            Columns =
            [
                .. trials.Columns.Select(c =>
                    c.Name switch
                    {
                        "state" => new Column<string>(c.Name, [.. Enumerable.Repeat("completed", c.Count)]),
                        "objective" => new Column<double>(
                            c.Name,
                            [.. Enumerable.Range(0, c.Count).Select(r => Noise(r, 50))],
                            new bool[c.Count]
                        ),
                        _ => c,
                    }
                ),
            ],
        };

    private static Table EpochRows(string[] ids, RunMetadata run)
    {
        int rows = ids.Length * Epochs;
        return new Table(
            "epochs",
            [
                Column(rows, "trial_id", r => ids[r / Epochs]),
                Column(rows, "epoch", r => r % Epochs + 1),
                Column(rows, "train_loss", r => 10.0 / (r % Epochs + 1) + Noise(r, 1)),
                Column(rows, "train_accuracy", Accuracy),
                Column(rows, "test_accuracy", r => Accuracy(r) - 0.01 * Noise(r, 2)),
                Column(rows, "seconds", r => 5 + Noise(r, 3)),
                Column(rows, "samples_per_second", r => 200 + Noise(r, 4)),
            ],
            run.WriteIdentity()
        );

        static double Accuracy(int r) => 1 - 0.9 / (1 + r % Epochs * (0.1 + 0.3 * Noise(r / Epochs, 5))) - 0.01 * Noise(r, 6);
    }

    private static Table LayerRows(string[] ids, Plan plan, RunMetadata run)
    {
        int rows = ids.Length * Epochs * Layers;
        bool[] isLearned = [.. plan.Cells.Select(c => c.Arm == Arms[1])];
        string[] names =
        [
            "dead_fraction",
            "active_fraction",
            "spike_rate_train",
            "spike_rate_test",
            "threshold_mean",
            "threshold_min",
            "threshold_q10",
            "threshold_q25",
            "threshold_median",
            "threshold_q75",
            "threshold_q90",
            "threshold_max",
            "weight_distance_initial",
            "weight_gradient_norm",
        ];
        return new Table(
            "layers",
            [
                Column(rows, "trial_id", r => ids[r / Layers / Epochs]),
                Column(rows, "epoch", r => r / Layers % Epochs + 1),
                Column(rows, "layer", r => r % Layers + 1),
                Column(rows, "neurons", r => r % Layers == 2 ? 10 : 500),
                .. names.Select((name, i) => Column(rows, name, r => Noise(r, 10 + i) / 10 + i)),
                new Column<double>(
                    "weight_distance_final",
                    [.. Enumerable.Range(0, rows).Select(r => Noise(r, 30))],
                    new bool[rows]
                ),
                new Column<double>(
                    "threshold_gradient_norm",
                    [.. Enumerable.Range(0, rows).Select(r => Noise(r, 31))],
                    [.. Enumerable.Range(0, rows).Select(r => !isLearned[r / Layers / Epochs])]
                ),
                Column(rows, "threshold_histogram", r => isLearned[r / Layers / Epochs] ? Histogram(r) : "[500]") is var histogram
                    ? new Column<string>(histogram.Name, histogram.Values, new bool[rows])
                    : histogram,
            ],
            run.WriteIdentity()
        );
    }

    private static string Histogram(int row) =>
        $"[{string.Join(", ", Enumerable.Range(0, ThresholdSummary.Bins).Select(b => Text((int)(50 * Noise(row, 40 + b)))))}]";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Column<T> Column<T>(int rows, string name, Func<int, T> value) =>
        new(name, [.. Enumerable.Range(0, rows).Select(value)]);

    // From 0 to 1, the same in each run.
    private static double Noise(int row, int what) => (uint)HashCode(row, what) / (double)uint.MaxValue;

    // A few rounds of a multiplicative hash; System.HashCode differs from process to process.
    private static int HashCode(int a, int b)
    {
        uint x = (uint)a * 2654435761u ^ (uint)b * 2246822519u;
        x ^= x >> 15;
        x *= 2246822519u;
        x ^= x >> 13;
        x *= 3266489917u;
        return (int)(x ^ x >> 16);
    }
}
