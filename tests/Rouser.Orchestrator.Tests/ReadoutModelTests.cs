using System.Globalization;
using System.Text.Json.Nodes;
using Rouser.Results;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// A network whose output layer does not spike, beside one whose does, through every door of the program: tables,
/// report, predictions, evaluation and exports show no number that it does not have.
/// </summary>
public partial class ModelTests
{
    private const string Readouts = """
        schema: rouser/sweep/v1
        name: readouts
        base:
          dataset: {name: events, root: ROOT, width: 8, height: 8, steps: 40, step_ms: 1}
          network: {hidden: [12]}
          threshold: {rule: learned, init: 0.3, learning_rate: 0.01}
          loss.kind: cross_entropy
          epochs: 2
          batch_size: 4
        arms: {leaky: {network.readout: leaky, network.readout_time: mean}, spikes: {}}
        seeds: [0, 1]
        studies: {s: {arms: [leaky, spikes]}}
        """;

    [Fact]
    public async Task A_network_without_output_spikes_shows_no_number_of_them_anywhere()
    {
        using var folder = new TemporaryFolder();
        string root = Path.Combine(folder.Path, "data");
        WriteRecordings(root);
        await RunAsync(folder, Readouts.Replace("ROOT", root, StringComparison.Ordinal));

        ResultTables tables = RunTables.Read(RunFolder(folder));
        string[] leaky =
        [
            .. RowsOf(tables.Trials)
                .Where(row => (string?)row["network.readout"] == "leaky")
                .Select(row => (string)row["trial_id"]!),
        ];
        Assert.Equal(2, leaky.Length);
        string[] ofSpikes =
        [
            "dead_fraction",
            "active_fraction",
            "spike_rate_train",
            "spike_rate_test",
            "threshold_mean",
            "threshold_max",
            "threshold_histogram",
            "threshold_gradient_norm",
        ];
        foreach (IReadOnlyDictionary<string, object?> row in RowsOf(tables.Layers))
        {
            bool isReadout = leaky.Contains((string)row["trial_id"]!) && (int)row["layer"]! == 2;
            Assert.All(ofSpikes, column => Assert.Equal(isReadout, row[column] is null));
            Assert.NotNull(row["weight_gradient_norm"]);
        }

        Finished report = await RouserProcess.RunAsync(folder.Path, "report", "run");
        Assert.True(report.ExitCode == 0, report.Errors);
        string text = await File.ReadAllTextAsync(Path.Combine(RunFolder(folder), "report", "report.md"));
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", report.Output, StringComparison.Ordinal);

        string model = Models(folder).Single(m => leaky[0] == Path.GetFileName(m)[..32]);
        string recording = Path.Combine(root, "Test", "wave", "0.csv");
        Finished plain = await RouserProcess.RunAsync(folder.Path, "predict", model, recording);
        Assert.Matches("^.+: class (clap|wave), logits -?[0-9.]+ -?[0-9.]+\n$", plain.Output);
        Finished json = await RouserProcess.RunAsync(folder.Path, "predict", model, recording, "--json");
        JsonNode said = JsonNode.Parse(json.Output)!;
        double[] logits = [.. said["logits"]!.AsArray().Select(z => z!.GetValue<double>())];
        Assert.Null(said["output_spikes"]);
        Assert.Equal(logits[1] > logits[0] ? 1 : 0, said["class"]!.GetValue<int>());

        Finished evaluated = await RouserProcess.RunAsync(folder.Path, "eval", model);
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.Contains("layer 2: 2 neurons without threshold, which do not spike\n", evaluated.Output, StringComparison.Ordinal);
        double inTable = (double)
            RowsOf(tables.Trials).Single(row => (string?)row["trial_id"] == leaky[0])["final_test_accuracy"]!;
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"accuracy {inTable:0.0000}: "),
            evaluated.Output,
            StringComparison.Ordinal
        );

        foreach (string format in (string[])["npz", "nir"])
        {
            Finished exported = await RouserProcess.RunAsync(folder.Path, "export", model, "--format", format);
            Assert.True(exported.ExitCode == 0, exported.Errors);
            string check = Path.Combine(folder.Path, $"{format}.py");
            await File.WriteAllTextAsync(check, format == "npz" ? NpzLogits : NirLogits);
            string? found = Python(format == "npz" ? "numpy" : "h5py, numpy", check, [exported.Output.Trim(), recording]);
            if (found is null)
                continue;
            double[] theirs =
            [
                .. found.Split().Where(z => z.Length > 0).Select(z => double.Parse(z, CultureInfo.InvariantCulture)),
            ];
            Assert.All(logits.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    private static IEnumerable<IReadOnlyDictionary<string, object?>> RowsOf(Table table) =>
        Enumerable
            .Range(0, table.RowCount)
            .Select(row =>
                table.Columns.ToDictionary(
                    c => c.Name,
                    object? (c) =>
                        c.IsNull(row) ? null
                        : c is Column<double> reals ? reals.Values[row]
                        : c is Column<int> numbers ? numbers.Values[row]
                        : c is Column<string> texts ? texts.Values[row]
                        : null
                )
            );

    /// <summary>The two networks of the exports, run in numpy in double precision on a recording of the test's own.</summary>
    private const string ReadRecording = """
        import sys, numpy as np
        e = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1, dtype=int); T = 40
        t = (e[:, 0] - FIRST) // 1000; s = np.zeros((T, 128)); own = t < T
        s[t[own], (e[own, 3] * 64 + e[own, 2] * 8 + e[own, 1])] = 1

        """;

    private static string NpzLogits =>
        ReadRecording.Replace("FIRST", "0", StringComparison.Ordinal)
        + """
            m = np.load(sys.argv[1]); assert m["readout"] == b"mean" and len(m["thresholds_2"]) == 0
            for l in "12":
                z = np.pad(s @ m["weights_" + l].astype(float), ((1, 0), (0, 0)))
                I, C, s = 0, 0, np.zeros((T, z.shape[1]))
                for k in range(T):
                    before, I = I, m["current_factor_" + l] * I + z[k]
                    V = C + before; th = m["thresholds_" + l] if l == "1" else np.inf
                    C = m["voltage_factor_" + l] * V - (np.where(V >= th, th, 0) if l == "1" else 0)
                    s[k] = V >= th if l == "1" else V
            print(*s.mean(0))
            """;

    private static string NirLogits =>
        ReadRecording.Replace("FIRST", "0", StringComparison.Ordinal)
        + """
            import h5py
            g = h5py.File(sys.argv[1])["node"]; n = g["nodes"]; dt = g["metadata"]["step_ms"][()]
            assert n["cubali_2"]["type"][()] == b"CubaLI" and set(n["cubali_2"]) == {"type", "tau_syn", "tau_mem", "r", "v_leak", "w_in"}
            assert g["metadata"]["readout"][()] == b"mean" and "v_threshold" in n["cubalif_1"]
            for l, kind in (("1", "cubalif_1"), ("2", "cubali_2")):
                z = np.pad(s @ n["linear_" + l]["weight"][()].T.astype(float), ((1, 0), (0, 0)))
                f = {k: n[kind][k][()] for k in n[kind] if k != "type"}
                I, v, s = 0, 0, np.zeros((T, z.shape[1]))
                for k in range(T):
                    v = v + dt / f["tau_mem"] * (f["v_leak"] - v + f["r"] * I) if k else np.zeros(z.shape[1])
                    I = I + dt / f["tau_syn"] * (f["w_in"] * z[k] - I)
                    if l == "1":
                        s[k] = v >= f["v_threshold"]; v = v - s[k] * f["v_threshold"] / (1 - dt / f["tau_mem"])
                    else:
                        s[k] = v
            print(*s.mean(0))
            """;
}
