using System.Globalization;
using System.Text.Json;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Exports;

/// <summary>
/// A run for other tools, held against its tables by readers that share no code with Rouser: two of them made from the
/// formats' descriptions (read_*.py), and Optuna itself.
/// </summary>
public sealed class ToolExportTests(ToolExportTests.Run run) : IClassFixture<ToolExportTests.Run>
{
    private static readonly string[] Formats = ["tensorboard", "mlflow", "wandb-offline", "optuna-journal"];

    [SkippableFact]
    public async Task TensorBoard_has_a_run_for_each_trial_with_every_number_of_its_epochs()
    {
        JsonElement runs = Read("read_tensorboard.py", await run.Export("tensorboard"), "json");
        JsonElement sweep = runs.GetProperty(".").GetProperty("experiment");
        Assert.Equal("small", sweep.GetProperty("name").GetString());
        Assert.Contains("validation_accuracy", sweep.GetProperty("metrics").EnumerateArray().Select(m => m.GetString()));
        JsonElement init = sweep.GetProperty("hparams").GetProperty("threshold.init");
        Assert.Equal([0.5, 2], init.GetProperty("interval").EnumerateArray().Select(v => v.GetDouble()));

        IReadOnlyList<Expected> trials = run.Trials;
        Assert.Equal(trials.Count, runs.EnumerateObject().Count(r => r.Name != "."));
        foreach (Expected trial in trials)
        {
            JsonElement read = runs.EnumerateObject().Single(r => r.Name.EndsWith(trial.Id[..8], StringComparison.Ordinal)).Value;
            JsonElement hparams = read.GetProperty("start").GetProperty("hparams");
            Assert.Equal(trial.Arm, hparams.GetProperty("arm").GetString());
            Assert.Equal(trial.Init, hparams.GetProperty("threshold.init").GetDouble());
            int status = trial.State switch
            {
                "failed" => 2,
                "queued" => 0,
                _ => 1,
            };
            Assert.Equal(status, read.GetProperty("status").GetInt32());
            Dictionary<(string Tag, int Step), double> scalars = [];
            foreach (JsonProperty tag in read.GetProperty("scalars").EnumerateObject())
            {
                foreach (JsonProperty step in tag.Value.EnumerateObject())
                    scalars[(tag.Name, int.Parse(step.Name, CultureInfo.InvariantCulture))] = Python(step.Value);
            }
            // A scalar is a float there, and nothing else is lost.
            AssertSame(
                trial.Values.ToDictionary(v => v.Key, v => (double)(float)v.Value),
                scalars.Where(s => !s.Key.Tag.StartsWith("result/", StringComparison.Ordinal)).ToDictionary()
            );
            if (trial.State == "completed")
                Assert.Equal((float)trial.Objective!, scalars[("result/objective", trial.Epochs)]);
        }
        // The seeds of a setting are one group, those of others are not in it.
        ILookup<string, string> groups = runs.EnumerateObject()
            .Where(r => r.Name != ".")
            .ToLookup(r => r.Value.GetProperty("start").GetProperty("group").GetString()!, r => r.Name);
        Assert.Equal(trials.Select(t => (t.Arm, t.Init)).Distinct().Count(), groups.Count);
    }

    [SkippableFact]
    public async Task Optuna_loads_the_study_with_states_values_and_the_best_trial()
    {
        string folder = await run.Export("optuna-journal");
        JsonElement study = Read("read_optuna.py", Path.Combine(folder, "journal.log"), "optuna");
        Assert.Equal("small", study.GetProperty("name").GetString());
        Assert.Equal("MAXIMIZE", study.GetProperty("direction").GetString());
        Assert.Equal("validation_accuracy", study.GetProperty("attributes").GetProperty("rouser:metric").GetString());
        JsonElement[] trials = [.. study.GetProperty("trials").EnumerateArray()];
        Assert.Equal(run.Trials.Select(t => t.Id), trials.Select(t => Attribute(t, "rouser:trial").GetString()));
        foreach ((Expected expected, JsonElement trial) in run.Trials.Zip(trials))
        {
            string state = expected.State switch
            {
                "completed" => "COMPLETE",
                "pruned" => "PRUNED",
                "failed" => "FAIL",
                _ => "WAITING",
            };
            Assert.Equal(state, trial.GetProperty("state").GetString());
            Assert.Equal(expected.Arm, Attribute(trial, "rouser:arm").GetString());
            Assert.True(trial.GetProperty("contained").GetBoolean());
            Assert.Equal(expected.Init, trial.GetProperty("params").GetProperty("threshold.init").GetDouble());
            Assert.Equal("FloatDistribution", trial.GetProperty("distributions").GetProperty("threshold.init").GetString());
            Dictionary<(string, int), double> steps = trial
                .GetProperty("steps")
                .EnumerateObject()
                .ToDictionary(
                    s => ("validation_accuracy", int.Parse(s.Name, CultureInfo.InvariantCulture)),
                    s => Python(s.Value)
                );
            AssertSame(expected.Values.Where(v => v.Key.Name == "validation_accuracy").ToDictionary(), steps);
            JsonElement value = trial.GetProperty("value");
            if (state == "COMPLETE")
                Assert.Equal(expected.Objective, Python(value));
            else if (state == "PRUNED")
                Assert.Equal(steps[("validation_accuracy", expected.Epochs)], Python(value));
            else
                Assert.Equal(JsonValueKind.Null, value.ValueKind);
        }
        Assert.Equal(
            run.Trials.Where(t => t.State == "completed").MaxBy(t => t.Objective)!.Objective,
            run.Trials.Single(t => t.Id == study.GetProperty("best").GetString()).Objective
        );
        Assert.Contains(run.Trials, t => t.State == "pruned");
    }

    [SkippableFact]
    public async Task Weights_and_Biases_has_an_offline_run_for_each_trial()
    {
        JsonElement runs = Read("read_wandb.py", await run.Export("wandb-offline"), "json");
        IReadOnlyList<Expected> trials = run.Trials;
        Assert.Equal(trials.Count, runs.EnumerateObject().Count());
        // Records that go over the end of a block are among them.
        Assert.Contains(runs.EnumerateObject(), r => r.Value.GetProperty("bytes").GetInt32() > 32768);
        foreach (Expected trial in trials)
        {
            JsonElement read = runs.EnumerateObject().Single(r => r.Name.EndsWith(trial.Id, StringComparison.Ordinal)).Value;
            Assert.Matches("^offline-run-[0-9]{8}_[0-9]{6}-[0-9a-f]{32}$", runs.EnumerateObject().First().Name);
            Assert.Equal(
                ($"run-{trial.Id}.wandb", trial.Id, "small"),
                (
                    read.GetProperty("file").GetString(),
                    read.GetProperty("id").GetString(),
                    read.GetProperty("project").GetString()
                )
            );
            JsonElement config = read.GetProperty("config");
            Assert.Equal(trial.Init, config.GetProperty("threshold.init").GetDouble());
            Assert.Equal(24, config.GetProperty("network.hidden")[0].GetInt32());
            Assert.Equal(trial.Arm, config.GetProperty("rouser/arm").GetString());
            // A run that has not ended has no exit.
            Assert.Equal(trial.State == "queued", !read.TryGetProperty("exit", out JsonElement exit));
            if (trial.State != "queued")
                Assert.Equal(trial.State is "failed" ? 1 : 0, exit.GetInt32());
            Dictionary<(string, int), double> history = [];
            foreach (JsonElement epoch in read.GetProperty("history").EnumerateArray())
            {
                int step = epoch.GetProperty("").GetInt32();
                foreach (JsonProperty item in epoch.EnumerateObject().Where(i => i.Name is not ['_', ..] and not ""))
                    history[(item.Name, step)] = Python(item.Value);
            }
            AssertSame(trial.Values, history);
            if (trial.State == "completed")
                Assert.Equal(trial.Objective, Python(read.GetProperty("summary").GetProperty("result/objective")));
        }
    }

    [Fact]
    public async Task Mlflow_has_the_documented_folders_with_every_number()
    {
        string folder = await run.Export("mlflow");
        string experiment = Assert.Single(Directory.GetDirectories(folder));
        Dictionary<string, string> meta = Meta(experiment);
        Assert.Equal(("small", "active"), (meta["name"], meta["lifecycle_stage"]));
        Assert.Equal(Path.GetFileName(experiment), meta["experiment_id"]);
        Assert.Matches("^[0-9]{18}$", meta["experiment_id"]);
        Assert.Equal(
            run.Trials.Select(t => t.Id).Order(StringComparer.Ordinal),
            Directory.GetDirectories(experiment).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
        );
        foreach (Expected trial in run.Trials)
        {
            string of = Path.Combine(experiment, trial.Id);
            Dictionary<string, string> about = Meta(of);
            Assert.Equal(
                (trial.Id, trial.Id, meta["experiment_id"]),
                (about["run_id"], about["run_uuid"], about["experiment_id"])
            );
            string status = trial.State switch
            {
                "failed" => "4",
                "queued" => "2",
                _ => "3",
            };
            Assert.Equal(status, about["status"]);
            Assert.Equal(trial.Init.ToString(CultureInfo.InvariantCulture), Text(of, "params", "threshold.init"));
            Assert.Equal(trial.Arm, Text(of, "tags", "rouser.arm"));
            Assert.Equal(about["run_name"], Text(of, "tags", "mlflow.runName"));
            string metrics = Path.Combine(of, "metrics");
            Dictionary<(string, int), double> values = [];
            foreach (string file in Directory.GetFiles(metrics, "*", SearchOption.AllDirectories))
            {
                foreach (string[] line in File.ReadLines(file).Select(l => l.Split(' ')))
                {
                    Assert.True(long.Parse(line[0], CultureInfo.InvariantCulture) > 0);
                    int step = int.Parse(line[2], CultureInfo.InvariantCulture);
                    values[(Path.GetRelativePath(metrics, file), step)] = double.Parse(line[1], CultureInfo.InvariantCulture);
                }
            }
            if (trial.State == "completed")
                Assert.Equal(trial.Objective, values[("result/objective", trial.Epochs)]);
            AssertSame(
                trial.Values,
                values.Where(v => !v.Key.Item1.StartsWith("result/", StringComparison.Ordinal)).ToDictionary()
            );
        }
    }

    [Fact]
    public async Task An_export_of_tables_alone_is_that_of_the_run_and_is_the_same_bytes_each_time()
    {
        foreach (string format in Formats)
        {
            string first = await run.Export(format);
            string again = run.Folder["again", format];
            await run.Ok("export", Run.Tables, "--format", format, "--out", again);
            Assert.Equal(Files(first), Files(again));
        }

        static Dictionary<string, string> Files(string folder) =>
            Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(File.ReadAllBytes(f)));
    }

    [Fact]
    public async Task What_is_there_stays_and_nothing_is_left_of_what_failed()
    {
        foreach (string format in Formats)
        {
            string there = Path.Combine("there", format);
            Directory.CreateDirectory(run.Folder[there]);
            Finished refused = await run.Rouser("export", "run", "--format", format, "--out", there);
            Assert.Equal(2, refused.ExitCode);
            Assert.Equal(
                $"rouser: {there}: is there already; remove it, or name another folder with --out",
                Assert.Single(refused.ErrorLines)
            );
            Assert.Empty(Directory.GetFileSystemEntries(run.Folder[there]));
        }
        Finished ofFile = await run.Rouser("export", "run", "--format", "mlflow", "--out", "small.yaml/x");
        Assert.Equal((2, 1), (ofFile.ExitCode, ofFile.ErrorLines.Length));
        Assert.StartsWith("rouser: small.yaml/x: ", ofFile.Errors, StringComparison.Ordinal);
        Finished nothing = await run.Rouser("export", "nothing", "--format", "mlflow", "--out", "x");
        Assert.Equal((2, 1, false), (nothing.ExitCode, nothing.ErrorLines.Length, Directory.Exists(run.Folder["x"])));
    }

    [Theory]
    [InlineData("trial_id", "../../../../tmp/escaped-by-rouser-test")]
    [InlineData("state", "../x")]
    public async Task A_table_that_names_a_place_is_refused(string column, string text)
    {
        string tables = Guid.NewGuid().ToString("N");
        run.WriteTables(tables, (name, row, before) => name == column && row == 0 ? text : before);
        foreach (string format in Formats)
        {
            Finished refused = await run.Rouser("export", tables, "--format", format, "--out", "refused");
            Assert.Equal((2, 1), (refused.ExitCode, refused.ErrorLines.Length));
            Assert.False(Directory.Exists(run.Folder["refused"]));
            Assert.False(Directory.Exists(run.Folder["refused.tmp"]));
        }
    }

    [Fact]
    public async Task Names_of_arms_and_settings_lead_nowhere()
    {
        string tables = Guid.NewGuid().ToString("N"),
            into = Guid.NewGuid().ToString("N");
        run.WriteTables(
            tables,
            (name, _, before) => name is "arm" or "setting" ? $"../../{before}/..\n\u001b[31m: 'x' # $(touch y) \"" : before
        );
        string inside = run.Folder[into] + Path.DirectorySeparatorChar;
        string[] before = Directory.GetFileSystemEntries(run.Folder.Path);
        foreach (string format in Formats)
            await run.Ok("export", tables, "--format", format, "--out", Path.Combine(into, format));
        Assert.Equal([.. before, run.Folder[into]], Directory.GetFileSystemEntries(run.Folder.Path).ToHashSet());
        Assert.Equal(
            Formats.Order(StringComparer.Ordinal),
            Directory.GetDirectories(run.Folder[into]).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
        );
        foreach (string path in Directory.GetFileSystemEntries(inside, "*", SearchOption.AllDirectories))
            Assert.Matches("^[A-Za-z0-9._=-]+$", Path.GetFileName(path));
        // A text of a YAML file stays in its line.
        string meta = Directory.GetFiles(inside, "meta.yaml", SearchOption.AllDirectories).First(f => f.Contains("mlflow/"));
        Assert.All(File.ReadLines(meta), line => Assert.Matches("^[a-z_]+: ", line));
    }

    [Fact]
    public async Task A_run_of_which_no_trial_has_begun_has_nothing_to_export()
    {
        string tables = Guid.NewGuid().ToString("N");
        run.WriteTables(
            tables,
            (name, _, before) => name == "state" ? "queued" : before,
            column => column is Column<DateTimeOffset> times ? times with { Nulls = [.. times.Values.Select(_ => true)] } : column
        );
        Finished refused = await run.Rouser("export", tables, "--format", "tensorboard", "--out", "none");
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(
            $"rouser: {tables}: no trial has begun yet, so that there is nothing to export",
            Assert.Single(refused.ErrorLines)
        );
    }

    private static JsonElement Attribute(JsonElement trial, string name) => trial.GetProperty("attributes").GetProperty(name);

    private static string Text(params string[] path) => File.ReadAllText(Path.Combine(path));

    private static Dictionary<string, string> Meta(string folder) =>
        File.ReadLines(Path.Combine(folder, "meta.yaml"))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''));

    /// <summary>A number as Python writes it.</summary>
    private static double Python(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : number.GetString() switch
            {
                "nan" or "NaN" => double.NaN,
                "inf" or "Infinity" => double.PositiveInfinity,
                var text => double.Parse(text!, CultureInfo.InvariantCulture),
            };

    private static void AssertSame(
        IReadOnlyDictionary<(string Name, int Epoch), double> expected,
        IReadOnlyDictionary<(string Name, int Epoch), double> actual
    )
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, value => Assert.Equal(value.Value, actual[value.Key]));
    }

    private static JsonElement Read(string script, string path, string modules)
    {
        string? python = ToolProcess.PythonWith(modules);
        Skip.If(python is null, $"no Python with {modules} is installed (Debian: python3-{modules})");
        (int code, string output, string errors) = ToolProcess.Run(
            python!,
            Path.Combine(AppContext.BaseDirectory, "Exports", script),
            path
        );
        Assert.True(code == 0, errors);
        using JsonDocument json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    /// <summary>What the tables say of a trial.</summary>
    public sealed record Expected(
        string Id,
        string Arm,
        string State,
        double Init,
        double? Objective,
        int Epochs,
        IReadOnlyDictionary<(string Name, int Epoch), double> Values
    );

    /// <summary>A run with pruned trials, and its tables with a failed and a queued one among them.</summary>
    public sealed class Run : IAsyncLifetime
    {
        private readonly Dictionary<string, string> _exports = [];
        private ResultTables _tables = null!;

        internal TemporaryFolder Folder { get; } = new();

        /// <summary>The folder of the tables.</summary>
        internal const string Tables = "tables";

        internal IReadOnlyList<Expected> Trials { get; private set; } = [];

        public async Task InitializeAsync()
        {
            Folder.Write(
                "small.yaml",
                SmallSweep
                    .Yaml.Replace(", threshold.init: 0.5", "", StringComparison.Ordinal)
                    .Replace("[slayer, rouser]}", "[slayer, rouser], over: {threshold.init: [0.5, 2]}}", StringComparison.Ordinal)
            );
            string[] settings =
            [
                "base.dataset.validation={by: share, share: 0.2}",
                "metric.name=validation_accuracy",
                "run.pruner={kind: median, min_trials: 1}",
                "seeds=[0, 1, 2, 3, 4, 5]",
                "base.epochs=24",
            ];
            await Ok([
                "run",
                "small.yaml",
                "--out",
                "run",
                "--quiet",
                "--slots",
                "1",
                .. settings.SelectMany(s => new[] { "--set", s }),
            ]);
            _tables = RunTables.Read(Folder["run"]);
            // No failure can be had from a sound run: its tables are told of one, and of a trial that waits.
            string[] states = ((Column<string>)_tables.Trials.Find("state")!).Values;
            int[] completed = [.. Enumerable.Range(0, states.Length).Where(row => states[row] == "completed")];
            states[completed[0]] = "failed";
            states[completed[1]] = "queued";
            WriteTables(Tables, (_, _, before) => before);
            Trials = [.. Read()];
        }

        public Task DisposeAsync()
        {
            Folder.Dispose();
            return Task.CompletedTask;
        }

        internal Task<Finished> Rouser(params string[] arguments) => RouserProcess.RunAsync(Folder.Path, arguments);

        internal async Task<string> Ok(params string[] arguments)
        {
            Finished ended = await Rouser(arguments);
            Assert.True(ended.ExitCode == 0, ended.Errors);
            return ended.Output;
        }

        /// <summary>The export of the tables, made once.</summary>
        internal async Task<string> Export(string format)
        {
            if (!_exports.TryGetValue(format, out string? folder))
            {
                await Ok("export", Tables, "--format", format);
                _exports[format] = folder = Folder[Tables, "export", format];
            }
            return folder;
        }

        /// <summary>Writes the tables with other texts in the trials table.</summary>
        internal void WriteTables(string folder, Func<string, int, string, string> text, Func<Column, Column>? others = null)
        {
            Column[] columns =
            [
                .. _tables.Trials.Columns.Select(column =>
                    column is Column<string> texts
                        ? texts with
                        {
                            Values = [.. texts.Values.Select((value, row) => text(column.Name, row, value))],
                        }
                        : others?.Invoke(column) ?? column
                ),
            ];
            TableFiles.Write(Folder[folder], _tables with { Trials = _tables.Trials with { Columns = columns } });
        }

        private IEnumerable<Expected> Read()
        {
            Table trials = _tables.Trials;
            string[] ids = ((Column<string>)trials.Find("trial_id")!).Values;
            for (int row = 0; row < ids.Length; row++)
            {
                var objective = (Column<double>)trials.Find("objective")!;
                Dictionary<(string, int), double> values = [];
                Collect(_tables.Epochs, ids[row], values, "");
                Collect(_tables.Layers, ids[row], values, "layer");
                yield return new Expected(
                    ids[row],
                    ((Column<string>)trials.Find("arm")!).Values[row],
                    ((Column<string>)trials.Find("state")!).Values[row],
                    ((Column<double>)trials.Find("threshold.init")!).Values[row],
                    objective.IsNull(row) ? null : objective.Values[row],
                    values.Keys.Max(k => k.Item2),
                    values
                );
            }
        }

        private static void Collect(Table table, string trial, Dictionary<(string, int), double> into, string layer)
        {
            string[] ids = ((Column<string>)table.Find("trial_id")!).Values;
            int[] epochs = ((Column<int>)table.Find("epoch")!).Values;
            for (int row = 0; row < ids.Length; row++)
            {
                if (ids[row] != trial)
                    continue;
                string prefix =
                    layer.Length == 0
                        ? ""
                        : string.Create(CultureInfo.InvariantCulture, $"layer_{((Column<int>)table.Find(layer)!).Values[row]}/");
                foreach (Column column in table.Columns.Where(c => c.Name is not ("epoch" or "layer") && !c.IsNull(row)))
                {
                    double? value = column switch
                    {
                        Column<double> c => c.Values[row],
                        Column<int> c => c.Values[row],
                        _ => null,
                    };
                    if (value is { } number)
                        into[(prefix + column.Name, epochs[row])] = number;
                }
            }
        }
    }
}
