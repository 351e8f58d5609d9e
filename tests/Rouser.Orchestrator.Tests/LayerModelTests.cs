using System.Globalization;
using System.Text.Json.Nodes;
using Rouser.Results;

namespace Rouser.Orchestrator.Tests;

/// <summary>A network with convolutions and pooling through every door of the program, beside a dense one.</summary>
public partial class ModelTests
{
    private const string Layers = """
        schema: rouser/sweep/v1
        name: layers
        base:
          dataset: {name: events, root: ROOT, width: 8, height: 8, steps: 40, step_ms: 1}
          threshold: {rule: learned, init: 0.3, learning_rate: 0.01}
          epochs: 2
          batch_size: 4
        arms:
          conv: {network.layers: [conv 5x3 padding 1, pool 2, conv 3x2, dense 12]}
          dense: {network.hidden: [12]}
        seeds: [0]
        studies: {s: {arms: [conv, dense]}}
        """;

    [Fact]
    public async Task A_network_with_convolutions_is_trained_reported_kept_and_run_as_any_other()
    {
        using var folder = new TemporaryFolder();
        string root = Path.Combine(folder.Path, "data");
        WriteRecordings(root);
        await RunAsync(folder, Layers.Replace("ROOT", root, StringComparison.Ordinal));

        ResultTables tables = RunTables.Read(RunFolder(folder));
        IReadOnlyDictionary<string, object?> trial = RowsOf(tables.Trials).Single(row => row["network.layers"] is not null);
        Assert.Equal("[conv 5x3 padding 1, pool 2, conv 3x2, dense 12]", trial["network.layers"]);
        Assert.Null(trial["network.hidden"]);
        // 5 × 8 × 8, then 4 × 4 of which the kernels of 2 × 2 see 3 × 3.
        Assert.Equal(
            [320, 27, 12, 2],
            RowsOf(tables.Layers)
                .Where(row => (string)row["trial_id"]! == (string)trial["trial_id"]! && (int)row["epoch"]! == 2)
                .OrderBy(row => (int)row["layer"]!)
                .Select(row => (int)row["neurons"]!)
        );

        Finished report = await RouserProcess.RunAsync(folder.Path, "report", "run");
        Assert.True(report.ExitCode == 0, report.Errors);

        string model = Models(folder).Single(m => (string)trial["trial_id"]! == Path.GetFileName(m)[..32]);
        string recording = Path.Combine(root, "Test", "wave", "0.csv");
        Finished json = await RouserProcess.RunAsync(folder.Path, "predict", model, recording, "--json");
        Assert.Equal(2, JsonNode.Parse(json.Output)!["output_spikes"]!.AsArray().Count);
        Finished evaluated = await RouserProcess.RunAsync(folder.Path, "eval", model);
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"accuracy {(double)trial["final_test_accuracy"]!:0.0000}: "),
            evaluated.Output,
            StringComparison.Ordinal
        );
        (string, string)[] refused =
        [
            ("npz", "has conv and pool layers (network.layers), which the arrays cannot say"),
            ("nir", "has thresholds of each neuron beside shared weights (network.layers), folded by --fold-thresholds"),
        ];
        foreach ((string format, string why) in refused)
        {
            string[] fold = format == "nir" ? ["--fold-thresholds"] : [];
            Finished exported = await RouserProcess.RunAsync(folder.Path, ["export", model, "--format", format, .. fold]);
            Assert.Equal(2, exported.ExitCode);
            Assert.Contains(why, Assert.Single(exported.ErrorLines), StringComparison.Ordinal);
        }

        Finished nir = await RouserProcess.RunAsync(folder.Path, "export", model, "--format", "nir");
        Assert.True(nir.ExitCode == 0, nir.Errors);
        string check = Path.Combine(folder.Path, "nir.py");
        await File.WriteAllTextAsync(check, NirSpikes);
        if (Python("h5py, numpy", check, [nir.Output.Trim(), recording]) is not { } found)
            return;
        string[] numbers = found.Split(' ', SplitOptions);
        Assert.True(double.Parse(numbers[0], CultureInfo.InvariantCulture) > 1e-5, "a potential is too close to its threshold");
        Assert.Equal(
            JsonNode.Parse(json.Output)!["output_spikes"]!.AsArray().Select(n => n!.GetValue<int>()),
            numbers[1..].Select(n => int.Parse(n, CultureInfo.InvariantCulture))
        );
    }

    /// <summary>
    /// The graph, node by node along its edges, in NumPy and double precision; prints how close a potential came to its
    /// threshold, and the spikes of the outputs.
    /// </summary>
    private static string NirSpikes =>
        ReadRecording.Replace("FIRST", "0", StringComparison.Ordinal)
        + """
            import h5py
            g = h5py.File(sys.argv[1])["node"]; dt = g["metadata"]["step_ms"][()]
            after = {a.decode(): b.decode() for a, b in g["edges"][()]}
            name, closest, seen = after["input"], np.inf, []
            x = s.reshape(T, *g["nodes"]["input"]["shape"][()])
            while name != "output":
                n = g["nodes"][name]; f = {k: n[k][()] for k in n}; kind = f["type"].decode(); seen.append(kind)
                if kind == "Delay":
                    assert f["delay"].shape == x.shape[1:] and (f["delay"] == dt).all()
                    x = np.concatenate((np.zeros((1, *x.shape[1:])), x[:-1]))
                elif kind == "SumPool2d":
                    p = f["kernel_size"][0]; h, w = x.shape[2] // p, x.shape[3] // p
                    x = x[:, :, :h * p, :w * p].reshape(T, -1, h, p, w, p).sum((3, 5))
                elif kind == "Conv2d":
                    assert tuple(f["input_shape"]) == x.shape[2:] and f["groups"] == 1 and not f["bias"].any()
                    q, k, stride = f["padding"][0], f["weight"].shape[2], f["stride"][0]
                    x = np.pad(x, ((0, 0), (0, 0), (q, q), (q, q)))
                    h, w = ((side - k) // stride + 1 for side in x.shape[2:])
                    z = np.zeros((T, len(f["weight"]), h, w))
                    for i in range(h):
                        for j in range(w):
                            seen_by = x[:, :, i * stride:i * stride + k, j * stride:j * stride + k]
                            z[:, :, i, j] = np.einsum("tcij,ocij->to", seen_by, f["weight"].astype(float))
                    x = z
                elif kind == "Flatten":
                    assert tuple(f["input_type"]) == x.shape[1:] and f["start_dim"] == 0 and f["end_dim"] == -1
                    x = x.reshape(T, -1)
                elif kind == "Linear":
                    x = x @ f["weight"].T.astype(float)
                else:
                    assert kind == "CubaLIF" and f["v_threshold"].shape == x.shape[1:]
                    I = v = np.zeros(x.shape[1:]); s = np.zeros_like(x)
                    for t in range(T):
                        v = v + dt / f["tau_mem"] * (-v + f["r"] * I) if t else v
                        I = I + dt / f["tau_syn"] * (f["w_in"] * x[t] - I)
                        s[t] = v >= f["v_threshold"]; closest = min(closest, np.abs(v - f["v_threshold"]).min())
                        # The soft reset, which NIR has not: after the leak of the next step the threshold is gone.
                        v = v - s[t] * f["v_threshold"] / (1 - dt / f["tau_mem"])
                    x = s
                name = after[name]
            assert seen.count("Conv2d") == 2 and seen.count("SumPool2d") == 1 and seen.count("Flatten") == 1
            print(closest, *x.sum(0).astype(int))
            """;
}
