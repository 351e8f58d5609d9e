using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rouser.Core;
using Rouser.Results;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>Models that outlive their run: kept, listed, evaluated, asked for a class and exported.</summary>
public partial class ModelTests
{
    private const string Recorded = """
        schema: rouser/sweep/v1
        name: kept
        base:
          dataset: {name: nmnist, root: ROOT, steps: 100, train_samples: 300}
          network: {hidden: [32]}
          epochs: 2
          batch_size: 16
        arms:
          learned: {threshold.rule: learned, threshold.learning_rate: 0.01}
          hard: {threshold.rule: fixed, threshold.init: 0.25, neuron.reset: hard, neuron.coupling: same_step}
          plif:
            threshold.rule: fixed
            neuron: {membrane: plif, membrane_per: neuron, current: trained, current_per: neuron, heterogeneity: gamma}
          delayed: {threshold.rule: learned, threshold.learning_rate: 0.01, neuron.reset: hard}
          tdbn:
            threshold: {rule: learned, learning_rate: 0.01}
            neuron: {reset: hard, heterogeneity: uniform}
            normalization: {kind: tdbn, layers: all}
          axonal:
            threshold: {rule: learned, learning_rate: 0.01}
            neuron.reset: hard
            network: {delays: axonal, delay_init: 20}
          recurrent:
            threshold: {rule: learned, learning_rate: 0.01}
            network: {recurrent: true, delays: axonal, delay_init: 20}
          synaptic:
            threshold: {rule: learned, learning_rate: 0.01}
            network: {delays: synaptic, delay_init: 6, max_delay: 6}
        seeds: [0]
        studies: {a: {arms: [learned, hard, plif, delayed, tdbn, axonal, recurrent, synaptic]}}
        """;

    [SkippableFact]
    public async Task A_model_of_simulated_digits_is_tried_on_real_recordings()
    {
        Skip.If(SharedData.Root is null, "../shared/data (beside the repository) is missing");
        using var folder = new TemporaryFolder();
        string sweep = Recorded
            .Replace(
                "name: nmnist, root: ROOT",
                $"name: mnist-saccades, root: {SharedData.Path("mnist")}",
                StringComparison.Ordinal
            )
            .Replace("train_samples: 300", "train_samples: 300, test_samples: 20", StringComparison.Ordinal);
        await RunAsync(folder, sweep, "learned");
        string model = Assert.Single(Models(folder));
        Finished simulated = await RouserProcess.RunAsync(folder.Path, "eval", model);
        Assert.Contains("of 20 test samples (simulated from MNIST)", simulated.Output, StringComparison.Ordinal);

        string[] files = [.. Directory.EnumerateFiles(SharedData.Path("nmnist", "Test"), "*.bin", SearchOption.AllDirectories)];
        Finished predicted = await RouserProcess.RunAsync(folder.Path, ["predict", model, .. files]);
        int right = predicted.Output.Split('\n', SplitOptions).Select(Predicted).Count(p => p.Item2 == Label(p.Item1));
        Finished real = await RouserProcess.RunAsync(
            folder.Path,
            "eval",
            model,
            "--dataset",
            "nmnist",
            "--data",
            SharedData.Path("nmnist")
        );
        Assert.True(real.ExitCode == 0, real.Errors);
        Assert.Contains($": {right} of 100 test samples\n", real.Output, StringComparison.Ordinal);

        foreach (
            (string set, string said) in new[]
            {
                ("nmnist", "lies in a folder; name it with --data"),
                ("mnits", "mnits is no data set"),
                ("spoken-digits", "takes 2,312 inputs and knows 10 classes"),
            }
        )
        {
            Finished refused = await RouserProcess.RunAsync(folder.Path, "eval", model, "--dataset", set);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(said, Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [InlineData("learned")]
    [InlineData("hard")]
    [InlineData("plif")]
    [InlineData("delayed")]
    [InlineData("tdbn")]
    [InlineData("axonal")]
    [InlineData("recurrent")]
    [InlineData("synaptic")]
    public async Task A_kept_model_sees_in_recordings_what_the_table_and_ten_lines_of_numpy_say(string arm)
    {
        Skip.If(SharedData.Root is null, "../shared/data (beside the repository) is missing");
        using var folder = new TemporaryFolder();
        await RunAsync(folder, Recorded.Replace("ROOT", SharedData.Path("nmnist"), StringComparison.Ordinal), arm);
        string model = Assert.Single(Models(folder));
        double inTable = TestAccuracy(folder);

        string[] files =
        [
            .. Directory
                .EnumerateFiles(SharedData.Path("nmnist", "Test"), "*.bin", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(100, files.Length);
        Finished predicted = await RouserProcess.RunAsync(folder.Path, ["predict", model, .. files]);
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        (string File, int Class, string Spikes)[] ours = [.. predicted.Output.Split('\n', SplitOptions).Select(Predicted)];
        Assert.Equal(files, ours.Select(p => p.File));
        Assert.Equal(inTable, ours.Count(p => p.Class == Label(p.File)) / 100.0);
        // A network that says the same of everything would prove little.
        Assert.True(ours.Select(p => p.Class).Distinct().Count() > 2);

        Finished evaluated = await RouserProcess.RunAsync(folder.Path, "eval", model);
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"accuracy {inTable:0.0000}: {100 * inTable:0} of 100 test samples"),
            evaluated.Output,
            StringComparison.Ordinal
        );

        Finished exported = await RouserProcess.RunAsync(folder.Path, "export", model, "--format", "npz", "--out", folder.Path);
        Assert.True(exported.ExitCode == 0, exported.Errors);
        string script = Path.Combine(folder.Path, "predict.py");
        await File.WriteAllTextAsync(script, PythonLines(0));
        // The lines take a third of a second a recording: one arm does all of them, the others one in four.
        string[] some = arm is "learned" ? files : [.. files.Where((_, i) => i % 4 == 0)];
        (string File, int Class, string Spikes)[] shown = [.. ours.Where(p => some.Contains(p.File))];
        string? numpy = Python("numpy", script, [exported.Output.Trim(), .. some]);
        Skip.If(numpy is null, "python3-numpy is not installed");
        Assert.Equal(shown.Select(p => $"{p.File} {p.Class} {p.Spikes}"), numpy!.Split('\n', SplitOptions));
        // Each of these runs the network on all recordings once more, so no arm does all of them.
        if (arm is "learned" or "hard")
            await AssertComplexityAsync(folder, exported.Output.Trim(), files);
        if (arm is "recurrent" or "synaptic")
        {
            Finished refused = await RouserProcess.RunAsync(folder.Path, "export", model, "--format", "nir");
            Assert.Equal(2, refused.ExitCode);
            string what = arm is "recurrent" ? "layers that hear themselves" : "delays of weights";
            Assert.Contains(what, Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
            return;
        }
        await AssertNirAsync(
            folder,
            model,
            exported.Output.Trim(),
            some,
            shown,
            arm is "learned" or "plif",
            folds: arm is "delayed" or "tdbn"
        );
    }

    /// <summary>NeuroBench's numbers in the table, by its definitions over the spikes of the network in NumPy.</summary>
    private static async Task AssertComplexityAsync(TemporaryFolder folder, string npz, string[] files)
    {
        string script = Path.Combine(folder.Path, "complexity.py");
        // The network of the documentation, with each layer's input counted before it is used.
        string count = PythonLines(0)
            .Replace(
                "import sys, numpy as np\n",
                "import sys, numpy as np\nacs = spikes = places = 0\n",
                StringComparison.Ordinal
            )
            .Replace(
                "        w, lag = ",
                "        acs += int((s != 0).sum(0) @ (m['weights_' + l] != 0).sum(1))\n        w, lag = ",
                StringComparison.Ordinal
            )
            .Replace(
                "    print(path, s.sum(0).argmax(), *s.sum(0).astype(int))\n",
                """
                        spikes += np.count_nonzero(s); places += s.size
                W = [m[f"weights_{l}"] for l in range(1, m["layers"] + 1)]
                print(acs / len(sys.argv[2:]), 1 - spikes / places, sum((w == 0).sum() for w in W) / sum(w.size for w in W),
                      T * sum(w.size for w in W), sum(w.size for w in W))

                """,
                StringComparison.Ordinal
            );
        await File.WriteAllTextAsync(script, count);
        double[] counted =
        [
            .. Python("numpy", script, [npz, .. files])!
                .Split()
                .Where(n => n.Length > 0)
                .Select(n => double.Parse(n, CultureInfo.InvariantCulture)),
        ];
        Table trials = RunTables.Read(RunFolder(folder)).Trials;
        double[] measured =
        [
            .. new[] { "effective_acs", "activation_sparsity", "connection_sparsity", "dense_operations" }.Select(name =>
                Assert.Single(Assert.IsType<Column<double>>(trials.Find(name)).Values)
            ),
        ];
        Assert.Equal(counted[..4], measured, (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Abs(a));
        Assert.True(measured[0] > 0 && measured[1] is > 0 and < 1, "the network is silent, which shows nothing");
        Assert.Equal(0, Assert.Single(Assert.IsType<Column<double>>(trials.Find("effective_macs")).Values));
        long parameters = Assert.Single(Assert.IsType<Column<long>>(trials.Find("parameter_count")).Values);
        Assert.InRange(parameters, (long)counted[4], (long)counted[4] + (2 * 42));
    }

    /// <summary>
    /// The NIR graph, field by field and by a forward Euler loop in NumPy; with thresholds as they are and folded.
    /// </summary>
    private static async Task AssertNirAsync(
        TemporaryFolder folder,
        string model,
        string npz,
        string[] files,
        (string File, int Class, string Spikes)[] ours,
        bool hasSoftReset,
        bool folds
    )
    {
        string check = Path.Combine(folder.Path, "check.py"),
            loop = Path.Combine(folder.Path, "loop.py");
        await File.WriteAllTextAsync(check, NirFields);
        await File.WriteAllTextAsync(loop, PythonLines(1));
        string[][] ways = folds
            ?
            [
                [],
                ["--fold-thresholds"],
            ]
            :
            [
                [],
            ];
        foreach (string[] fold in ways)
        {
            Finished written = await RouserProcess.RunAsync(
                folder.Path,
                ["export", model, "--format", "nir", "--out", folder.Path, .. fold]
            );
            Assert.True(written.ExitCode == 0, written.Errors);
            Assert.Equal(hasSoftReset, written.Errors.Contains("NIR has no soft reset", StringComparison.Ordinal));
            string nir = written.Output.Trim();
            string? fields = Python("h5py, numpy", check, [nir, npz, hasSoftReset ? "soft" : "hard", $"{fold.Length}"]);
            Skip.If(fields is null, "python3-h5py is not installed");
            Assert.Equal("as the format says", fields!.Trim());
            if (hasSoftReset)
                continue;
            string[] lines = Python("h5py, numpy", loop, [nir, .. files])!.Split('\n', SplitOptions);
            int compared = 0;
            foreach (((string file, int said, string spikes), string line) in ours.Zip(lines))
            {
                // Closer to a threshold than this, a spike may be decided by the rounding of float32.
                string[] words = line.Split(' ');
                if (double.Parse(words[^1], CultureInfo.InvariantCulture) < 1e-5)
                    continue;
                compared++;
                Assert.Equal($"{file} {said} {spikes}", string.Join(' ', words[..^1]));
            }
            Assert.True(4 * compared >= 3 * files.Length, $"only {compared} of {files.Length} keep clear of their thresholds");
        }
    }

    /// <summary>Every field of the file as NIR 1.0 says, and the same numbers as in the .npz.</summary>
    private const string NirFields = """
        import sys, h5py, numpy as np
        f, m = h5py.File(sys.argv[1]), np.load(sys.argv[2])
        assert set(f) == {"version", "node"} and f["version"][()] == b"1.0.7"
        g = f["node"]
        assert g["type"][()] == b"NIRGraph" and set(g) == {"type", "nodes", "edges", "metadata"}
        delayed, layers, dt, fold = bool(m["delayed"]), int(m["layers"]), float(m["step_ms"]), int(sys.argv[4])
        names = ["input"]
        for l in range(1, layers + 1):
            names += [f"delay_{l}"] * (delayed or f"delays_{l - 1}" in m) + [f"{'affine' if f'bias_{l}' in m else 'linear'}_{l}", f"cubalif_{l}"]
        names.append("output")
        assert [tuple(e) for e in g["edges"][()]] == [(a.encode(), b.encode()) for a, b in zip(names, names[1:])]
        assert set(g["nodes"]) == set(names)
        for name in names:
            n = {k: d[()] for k, d in g["nodes"][name].items()}
            kind, l = n.pop("type").decode(), name.split("_")[-1]
            if kind in ("Input", "Output"):
                size = m["weights_1"].shape[0] if kind == "Input" else m[f"weights_{layers}"].shape[1]
                assert set(n) == {"shape"} and n["shape"].tolist() == [size]
                continue
            W, th = m[f"weights_{l}"], m[f"thresholds_{l}"]
            if kind == "Delay":
                assert set(n) == {"delay"} and n["delay"].shape == (W.shape[0],)
                below = m[f"delays_{int(l) - 1}"] if f"delays_{int(l) - 1}" in m else 0
                assert (n["delay"] == dt * (delayed + below)).all()
            elif kind in ("Linear", "Affine"):
                assert set(n) == ({"weight", "bias"} if kind == "Affine" else {"weight"})
                assert kind == "Linear" or np.array_equal(n["bias"], m[f"bias_{l}"] / (th if fold else 1))
                assert n["weight"].shape == (W.shape[1], W.shape[0])
                assert np.array_equal(n["weight"], (W / th if fold else W).T)
            else:
                assert kind == "CubaLIF"
                assert set(n) == {"tau_syn", "tau_mem", "r", "v_leak", "v_reset", "v_threshold", "w_in"}
                assert all(x.shape == th.shape for x in n.values())
                assert np.allclose(1 - dt / n["tau_syn"], m[f"current_factor_{l}"], rtol=1e-12)
                assert np.allclose(1 - dt / n["tau_mem"], m[f"voltage_factor_{l}"], rtol=1e-12)
                assert np.allclose(n["w_in"] * dt / n["tau_syn"], 1) and np.allclose(n["r"] * dt / n["tau_mem"], 1)
                assert not n["v_leak"].any() and not n["v_reset"].any()
                assert np.array_equal(n["v_threshold"], np.ones(th.shape) if fold else th)
        meta = {k: d[()] for k, d in g["metadata"].items()}
        assert meta["reset"].decode().startswith(sys.argv[3]) and meta["thresholds_folded"] == fold
        assert meta["late_steps"] == (not delayed) and meta["steps"] == m["steps"] and meta["step_ms"] == dt
        assert meta["classes"].tolist() == [str(c).encode() for c in range(10)]
        print("as the format says")
        """;

    [Fact]
    public async Task A_model_knows_its_classes_and_is_the_same_bytes_wherever_its_data_lies()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        string[] models = ["", ""];
        TemporaryFolder[] places = [folder, other];
        for (int k = 0; k < 2; k++)
        {
            string root = Path.Combine(places[k].Path, k == 0 ? "here" : "elsewhere");
            WriteRecordings(root);
            await RunAsync(places[k], Own.Replace("ROOT", root, StringComparison.Ordinal));
            models[k] = Assert.Single(Models(places[k]));
        }
        Assert.Equal(Path.GetFileName(models[0]), Path.GetFileName(models[1]));
        Assert.Equal(await File.ReadAllBytesAsync(models[0]), await File.ReadAllBytesAsync(models[1]));

        string recording = Path.Combine(folder.Path, "here", "Test", "wave", "0.csv");
        Finished plain = await RouserProcess.RunAsync(folder.Path, "predict", models[0], recording);
        Assert.Matches("^.+: class (clap|wave), output spikes [0-9]+ [0-9]+\n$", plain.Output);
        Finished json = await RouserProcess.RunAsync(folder.Path, "predict", models[0], recording, "--json");
        JsonNode said = JsonNode.Parse(json.Output)!;
        Assert.Equal(recording, said["file"]!.GetValue<string>());
        Assert.Equal(said["class"]!.GetValue<int>() == 0 ? "clap" : "wave", said["name"]!.GetValue<string>());
        Assert.Equal(2, said["output_spikes"]!.AsArray().Count);

        // In the folder of its run a model finds its data; alone it has to be told.
        Finished evaluated = await RouserProcess.RunAsync(other.Path, "eval", models[0]);
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        string alone = Path.Combine(other.Path, Path.GetFileName(models[0]));
        File.Copy(models[0], alone);
        Finished unknown = await RouserProcess.RunAsync(other.Path, "eval", alone);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("name it with --data", Assert.Single(unknown.ErrorLines), StringComparison.Ordinal);
        Finished told = await RouserProcess.RunAsync(other.Path, "eval", alone, "--data", Path.Combine(folder.Path, "here"));
        Assert.Equal(evaluated.Output, told.Output);
        Assert.Contains("clap", told.Output, StringComparison.Ordinal);
    }

    private const string Own = """
        schema: rouser/sweep/v1
        name: own
        base:
          dataset: {name: events, root: ROOT, width: 8, height: 8, steps: 40, step_ms: 1}
          network: {hidden: [12]}
          epochs: 1
          batch_size: 4
        arms: {a: {threshold.rule: fixed, threshold.init: 0.3}}
        seeds: [0]
        studies: {s: {arms: [a]}}
        """;

    /// <summary>Two classes, each with events in its own half of the sensor, never the same twice.</summary>
    private static void WriteRecordings(string root)
    {
        foreach ((string split, int count) in (IEnumerable<(string, int)>)[("Train", 8), ("Test", 3)])
        foreach ((string name, int half) in (IEnumerable<(string, int)>)[("clap", 0), ("wave", 4)])
        {
            string place = Directory.CreateDirectory(Path.Combine(root, split, name)).FullName;
            for (int k = 0; k < count; k++)
            {
                RandomStream random = new(k, $"{split} {name}");
                IEnumerable<string> events = Enumerable
                    .Range(0, 300)
                    .Select(i =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{i * 130},{half + random.NextInt(4)},{random.NextInt(8)},{random.NextInt(2)}"
                        )
                    );
                File.WriteAllLines(Path.Combine(place, $"{k}.csv"), [.. events.Prepend("t,x,y,p")]);
            }
        }
    }

    [Fact]
    public async Task A_sweep_that_keeps_none_has_no_models_and_otherwise_each_trial_has_one()
    {
        using var none = new TemporaryFolder();
        await RunAsync(none, SmallSweep.Yaml + "\nrun: {keep: none}\n");
        Assert.Empty(Models(none));
        using var last = new TemporaryFolder();
        await RunAsync(last, SmallSweep.Yaml);
        Assert.Equal(4, Models(last).Length);

        Assert.Equal(RunTables.Results(RunFolder(none)), RunTables.Results(RunFolder(last)));
        Finished listed = await RouserProcess.RunAsync(last.Path, "models", "run");
        Assert.Equal(0, listed.ExitCode);
        Assert.EndsWith("4 models of 4 trials\n", listed.Output, StringComparison.Ordinal);
        Finished evaluated = await RouserProcess.RunAsync(last.Path, "eval", Models(last)[0]);
        Assert.Contains("of 20 test samples (synthetic)", evaluated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_models_of_all_epochs_are_listed_and_named_by_trial_and_epoch()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder, SmallSweep.Yaml + "\nrun: {keep: all}\n");
        Assert.Equal(16, Models(folder).Length);
        Finished listed = await RouserProcess.RunAsync(folder.Path, "models", "run");
        Assert.EndsWith("16 models of 4 trials\n", listed.Output, StringComparison.Ordinal);

        Table epochs = RunTables.Read(RunFolder(folder)).Epochs;
        string trial = ((Column<string>)epochs.Find("trial_id")!).Values[0];
        for (int epoch = 1; epoch <= 4; epoch++)
        {
            double inTable = ((Column<double>)epochs.Find("test_accuracy")!).Values[epoch - 1];
            string which = epoch == 4 ? "seed 0, " : string.Create(CultureInfo.InvariantCulture, $"seed 0, epoch {epoch} of 4, ");
            Assert.Contains(
                listed.Output.Split('\n'),
                line =>
                    line.Contains(trial, StringComparison.Ordinal)
                    && line.EndsWith(
                        string.Create(CultureInfo.InvariantCulture, $"{which}test accuracy {inTable:0.0000}"),
                        StringComparison.Ordinal
                    )
            );
            string named = string.Create(CultureInfo.InvariantCulture, $"run/{trial[..10]}@{epoch}");
            Finished evaluated = await RouserProcess.RunAsync(folder.Path, "eval", named);
            Assert.StartsWith(
                string.Create(CultureInfo.InvariantCulture, $"accuracy {inTable:0.0000}: "),
                evaluated.Output,
                StringComparison.Ordinal
            );
        }
        Finished exported = await RouserProcess.RunAsync(folder.Path, "export", $"run/models/{trial}@2", "--format", "npz");
        Assert.Contains($"{trial}-0002-", exported.Output, StringComparison.Ordinal);
        foreach (
            (string named, string said) in new[]
            {
                ($"run/{trial}@9", "there is no model of epoch 9"),
                ("run/ffff", "there is no such model"),
                ("run/models/other.model", "there is no such model"),
            }
        )
        {
            Finished refused = await RouserProcess.RunAsync(folder.Path, "eval", named);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(said, Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_model_of_the_best_epoch_is_kept_and_what_a_limit_leaves_out_is_said()
    {
        using var folder = new TemporaryFolder();
        string sweep =
            SmallSweep.Yaml.Replace("  epochs: 4\n", "  epochs: 4\n  dataset.validation.by: share\n", StringComparison.Ordinal)
            + "\nmetric: {name: validation_loss}\nrun: {keep: best, models_limit: 100kB}\n";
        string file = Path.Combine(folder.Path, "sweep.yaml");
        await File.WriteAllTextAsync(file, sweep);
        Finished limited = await RouserProcess.RunAsync(folder.Path, "run", file, "--out", "limited", "--quiet");
        Assert.True(limited.ExitCode == 0, limited.Errors);
        Assert.Contains("models: 4 of 4 completed trials lack a model", limited.Output, StringComparison.Ordinal);
        Assert.Contains(
            "run.models_limit (100 kB) has no room",
            await File.ReadAllTextAsync(Path.Combine(folder.Path, "limited", "rouser.log")),
            StringComparison.Ordinal
        );

        await RunAsync(folder, sweep.Replace(", models_limit: 100kB", "", StringComparison.Ordinal));
        Table epochs = RunTables.Read(RunFolder(folder)).Epochs;
        Assert.Equal(RunTables.Results(Path.Combine(folder.Path, "limited")), RunTables.Results(RunFolder(folder)));
        string[] trials = ((Column<string>)epochs.Find("trial_id")!).Values;
        double[] losses = ((Column<double>)epochs.Find("validation_loss")!).Values;
        int[] numbers = ((Column<int>)epochs.Find("epoch")!).Values;
        foreach (string model in Models(folder).Select(m => Path.GetFileName(m)))
        {
            int[] rows =
            [
                .. Enumerable.Range(0, trials.Length).Where(row => model.StartsWith(trials[row], StringComparison.Ordinal)),
            ];
            int best = numbers[rows.MinBy(row => losses[row])];
            Assert.Equal(best == 4 ? 2 : 3, model.Split('-').Length);
            if (best < 4)
                Assert.Equal(best, int.Parse(model.Split('-')[1], CultureInfo.InvariantCulture));
        }
        Assert.Equal(4, Models(folder).Length);
    }

    [Fact]
    public async Task A_model_of_which_one_byte_was_changed_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder, SmallSweep.Yaml);
        string model = Models(folder)[0];
        byte[] bytes = await File.ReadAllBytesAsync(model);
        bytes[^40] ^= 1;
        await File.WriteAllBytesAsync(model, bytes);

        Finished evaluated = await RouserProcess.RunAsync(folder.Path, "eval", model);
        Assert.Equal(2, evaluated.ExitCode);
        Assert.Contains("its sum is wrong", Assert.Single(evaluated.ErrorLines), StringComparison.Ordinal);
        Finished listed = await RouserProcess.RunAsync(folder.Path, "models", "run");
        Assert.Equal(2, listed.ExitCode);
        Assert.EndsWith("3 models of 4 trials\n", listed.Output, StringComparison.Ordinal);
    }

    private const StringSplitOptions SplitOptions = StringSplitOptions.RemoveEmptyEntries;

    private static string RunFolder(TemporaryFolder folder) => Path.Combine(folder.Path, "run");

    private static string[] Models(TemporaryFolder folder)
    {
        string models = Path.Combine(RunFolder(folder), "models");
        return Directory.Exists(models) ? [.. Directory.GetFiles(models).Order(StringComparer.Ordinal)] : [];
    }

    private static async Task RunAsync(TemporaryFolder folder, string sweep, string? arm = null)
    {
        string file = Path.Combine(folder.Path, "sweep.yaml");
        await File.WriteAllTextAsync(file, sweep);
        string[] only = arm is null ? [] : ["--set", $"studies.a.arms=[{arm}]"];
        Finished done = await RouserProcess.RunAsync(folder.Path, ["run", file, "--out", "run", "--quiet", .. only]);
        Assert.True(done.ExitCode == 0, done.Errors);
    }

    private static double TestAccuracy(TemporaryFolder folder)
    {
        Table trials = RunTables.Read(RunFolder(folder)).Trials;
        return Assert.Single(Assert.IsType<Column<double>>(trials.Find("final_test_accuracy")).Values);
    }

    private static int Label(string file) =>
        int.Parse(Path.GetFileName(Path.GetDirectoryName(file))!, CultureInfo.InvariantCulture);

    private static (string, int, string) Predicted(string line)
    {
        Match match = PredictionLine().Match(line);
        Assert.True(match.Success, line);
        return (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Value);
    }

    /// <summary>Exactly what the documentation shows.</summary>
    private static string PythonLines(int block) =>
        PythonBlock().Matches(File.ReadAllText(Repository.Path("docs", "reference", "models.md")))[block].Groups[1].Value;

    /// <summary>What a script prints; null where there are not the modules to run it with.</summary>
    private static string? Python(string modules, string script, string[] arguments)
    {
        if (ToolProcess.PythonWith(modules) is not { } python)
            return null;
        (int code, string output, string errors) = ToolProcess.Run(python, [script, .. arguments]);
        Assert.True(code == 0, errors);
        return output;
    }

    [GeneratedRegex("^(.+): class ([0-9]+), output spikes ([0-9 ]+)$")]
    private static partial Regex PredictionLine();

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
