using System.Diagnostics;
using Rouser.Core;
using Rouser.Orchestrator.Tests.Cluster;
using Rouser.Results;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Extensions;

/// <summary>
/// Methods and a data set of one's own, in an assembly that the program does not know (docs/how-to/plugin-example), and
/// what the program says of plug-ins that it cannot use.
/// </summary>
public class PluginTests
{
    private const string Sweep = """
        schema: rouser/sweep/v1
        name: plugged
        base:
          dataset: {name: moving-bars, steps: 40, step_ms: 8, train_samples: 40, test_samples: 20}
          network: {hidden: [20]}
          threshold.init: 0.5
          optimizer.learning_rate: 0.01
          epochs: 6
          batch_size: 10
        arms:
          own: {surrogate.kind: sech, threshold: {rule: scaled, ratio: 0.99}, loss: {kind: margin, margin: 0.2}}
          plain: {loss.kind: spike_max}
        """;

    private const string WithoutPlugins = """
        schema: rouser/sweep/v1
        name: plain
        base: {dataset: {name: saccade-digits, steps: 30, train_samples: 20, test_samples: 10}, network.hidden: [8], epochs: 1}
        """;

    [Fact]
    public async Task Methods_and_a_data_set_of_a_plug_in_are_trained_without_a_fork()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Example);
        string spec = folder.Write("sweep.yaml", Sweep);

        Finished done = await plugins.RunAsync(folder.Path, ["run", spec, "--out", folder["run"], "--quiet"]);

        Assert.True(done.ExitCode == 0, done.Errors);
        Table trials = RunTables.Read(folder["run"]).Trials;
        TableRows rows = Rows(trials);
        Assert.Equal(2, trials.RowCount);
        for (int row = 0; row < trials.RowCount; row++)
        {
            Assert.Matches("^fused/[0-9]+ \\+ example-plugin@[0-9a-f]{32}$", rows.Value(TrialsTable.Engine, row));
            // Four classes: by chance a network has 0.25.
            Assert.True(rows.Value(TrialsTable.Objective, row) > 0.5, $"{rows.Value(TrialsTable.Objective, row)}");
        }
    }

    [Fact]
    public async Task What_a_plug_in_offers_is_listed_checked_and_planned()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Example);
        string spec = folder.Write("sweep.yaml", Sweep);

        Finished doctor = await plugins.RunAsync(folder.Path, ["doctor"]),
            schema = await plugins.RunAsync(folder.Path, ["schema"]),
            reference = await plugins.RunAsync(folder.Path, ["schema", "--markdown"]),
            valid = await plugins.RunAsync(folder.Path, ["validate", spec]),
            plan = await plugins.RunAsync(folder.Path, ["plan", spec]),
            wrong = await plugins.RunAsync(folder.Path, ["validate", spec, "--set", "arms.own.threshold.ratio=-1"]);

        string line = Assert.Single(doctor.Output.Split('\n'), l => l.StartsWith("plug-in ", StringComparison.Ordinal));
        Assert.Matches("example-plugin@[0-9a-f]{32} 1.0.0: dataset.name moving-bars, ", line);
        Assert.Contains("surrogate.kind sech", line);
        Assert.Contains("threshold.rule scaled", line);
        Assert.Contains("loss.kind margin", line);
        Assert.Contains("\"sech\"", schema.Output);
        Assert.Contains("`scaled`: every threshold is multiplied by `threshold.ratio` after each batch.", reference.Output);
        Assert.Contains("| `loss.margin` |", reference.Output);
        Assert.True(valid.ExitCode == 0, valid.Errors);
        Assert.True(plan.ExitCode == 0, plan.Errors);
        Assert.Matches("plug-in: example-plugin@[0-9a-f]{32} 1.0.0, used by 2 trials", plan.Output);
        Assert.Contains("threshold.ratio (-1) must be positive", Assert.Single(wrong.ErrorLines));
    }

    [Fact]
    public async Task Trials_without_a_plug_in_keep_their_identities_beside_it_and_those_with_one_have_its_digest()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Example);
        using var others = new PluginPlace();
        // One byte more at the end of the file: the same methods, and another digest.
        await File.AppendAllTextAsync(others.Add(PluginPlace.Example), "x");
        string plain = folder.Write("plain.yaml", WithoutPlugins),
            plugged = folder.Write("plugged.yaml", Sweep);

        string without = (await RouserProcess.RunAsync(folder.Path, "plan", plain, "--json")).Output;

        Assert.NotEmpty(without);
        Assert.Equal(without, (await plugins.RunAsync(folder.Path, ["plan", plain, "--json"])).Output);
        Assert.NotEqual(
            (await plugins.RunAsync(folder.Path, ["plan", plugged, "--json"])).Output,
            (await others.RunAsync(folder.Path, ["plan", plugged, "--json"])).Output
        );
    }

    [Fact]
    public async Task Without_its_plug_in_a_sweep_ends_in_a_line_with_the_remedy_and_a_run_is_not_resumed()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Example);
        using var others = new PluginPlace();
        await File.AppendAllTextAsync(others.Add(PluginPlace.Example), "x");
        string spec = folder.Write("sweep.yaml", Sweep);
        Assert.Equal(0, (await plugins.RunAsync(folder.Path, ["run", spec, "--out", folder["run"], "--quiet"])).ExitCode);

        Finished validate = await RouserProcess.RunAsync(folder.Path, "validate", spec),
            resume = await RouserProcess.RunAsync(folder.Path, "resume", folder["run"]),
            other = await others.RunAsync(folder.Path, ["resume", folder["run"]]);

        Assert.Equal(2, validate.ExitCode);
        Assert.Contains("expects", validate.Errors);
        Assert.Contains("rouser doctor", validate.Errors);
        AssertLine(resume, "needs plug-in example-plugin@", "which is not here; copy the folder of that plug-in");
        AssertLine(other, "needs plug-in example-plugin@", "the one here is example-plugin@");
    }

    [Fact]
    public async Task A_worker_takes_no_trial_whose_plug_in_it_does_not_have()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Example);
        string spec = folder.Write("sweep.yaml", Sweep);
        using var run = new ClusterRun(folder, "run", spec) { Environment = plugins.Environment };
        Process orchestrator = run.Serve(),
            bare = run.StartWith([], ["worker", "--join", $"http://127.0.0.1:{run.Port}", "--slots", "1", "--name", "bare"]);

        Assert.Equal(2, await run.End(bare));
        Assert.Contains("the sweep needs plug-in example-plugin@", run.Complained(bare));
        Assert.Single(run.Complained(bare).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await run.EndWell(orchestrator, run.Work("equipped"));
        Assert.Equal(2, RunTables.Read(run.Folder).Trials.RowCount);
    }

    [Theory]
    [InlineData("", "holds no broken.dll; publish the plug-in of that name into it, or remove the folder")]
    [InlineData("no assembly", "this plug-in cannot be used (BadImageFormatException: ")]
    public async Task A_damaged_plug_in_is_a_line_with_the_remedy(string text, string complaint)
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace();
        Directory.CreateDirectory(Path.Combine(plugins.Folder, "broken"));
        if (text.Length > 0)
            await File.WriteAllTextAsync(Path.Combine(plugins.Folder, "broken", "broken.dll"), text);

        AssertLine(await plugins.RunAsync(folder.Path, ["schema"]), complaint, "remove");
        Finished doctor = await plugins.RunAsync(folder.Path, ["doctor"]);
        Assert.Equal(0, doctor.ExitCode);
        Assert.Contains(complaint, doctor.Output);
    }

    [Fact]
    public async Task A_plug_in_for_another_version_of_the_program_is_a_line_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace();
        PluginPlace.PretendOtherVersion(plugins.Add(PluginPlace.Example));

        AssertLine(
            await plugins.RunAsync(folder.Path, ["schema"]),
            "this plug-in was built for rouser 9.1.4, and this is ",
            "build it against this one"
        );
    }

    [Fact]
    public async Task An_assembly_outside_a_folder_of_its_own_and_one_that_is_no_plug_in_are_lines_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        using var loose = new PluginPlace();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "example-plugin.dll"), Path.Combine(loose.Folder, "example-plugin.dll"));
        using var none = new PluginPlace();
        none.Add("Markdig");
        using var twice = new PluginPlace(PluginPlace.Example);
        twice.Add(PluginPlace.Example, "same-again");

        AssertLine(await loose.RunAsync(folder.Path, ["schema"]), "a plug-in has a folder of its own; move it to ");
        AssertLine(await none.RunAsync(folder.Path, ["schema"]), "this is no plug-in, for it uses nothing of Rouser's");
        AssertLine(
            await twice.RunAsync(folder.Path, ["schema"]),
            "this plug-in has 'moving-bars' for dataset.name, which plug-in example-plugin has already; rename it"
        );
        AssertLine(
            await loose.RunAsync(folder.Path, ["schema"], new() { ["ROUSER_PLUGINS"] = loose.Folder + "-else" }),
            "ROUSER_PLUGINS: names ",
            "unset ROUSER_PLUGINS"
        );
    }

    [Theory]
    [InlineData("load", "this plug-in cannot be used (InvalidOperationException: broken as it is loaded)")]
    [InlineData(
        "make",
        "plug-in faulty-plugin 0.1.0 threw InvalidOperationException: broken as it is made; mend it, or leave its methods out"
    )]
    public async Task A_plug_in_that_throws_is_a_line_that_names_it(string when, string complaint)
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Faulty);
        string spec = folder.Write("sweep.yaml", $"{WithoutPlugins}\narms: {{faulty: {{threshold.rule: faulty}}}}\n");

        AssertLine(await plugins.RunAsync(folder.Path, ["validate", spec], new() { ["FAULTY_PLUGIN"] = when }), complaint);
    }

    [Fact]
    public async Task A_plug_in_that_throws_in_training_fails_its_trials_alone_and_is_named()
    {
        using var folder = new TemporaryFolder();
        using var plugins = new PluginPlace(PluginPlace.Faulty);
        string spec = folder.Write(
            "sweep.yaml",
            $"{WithoutPlugins}\narms: {{faulty: {{threshold.rule: faulty}}, sound: {{}}}}\n"
        );

        Finished done = await plugins.RunAsync(folder.Path, ["run", spec, "--out", folder["run"], "--quiet"]);

        Assert.DoesNotContain("internal error", done.Output + done.Errors);
        TableRows rows = Rows(RunTables.Read(folder["run"]).Trials);
        Assert.Equal(["failed", "completed"], [rows.Value(TrialsTable.State, 0), rows.Value(TrialsTable.State, 1)]);
        Assert.Equal(
            "plug-in faulty-plugin 0.1.0 threw InvalidOperationException: broken as it trains; mend it, or leave its methods out of the sweep",
            rows.Value(TrialsTable.Reason, 0)
        );
    }

    /// <summary>What the pages print is what is compiled, and trained above.</summary>
    [Theory]
    [InlineData("new-surrogate.md", "SechSurrogate.cs")]
    [InlineData("new-threshold-rule.md", "ScaledThreshold.cs")]
    public void The_code_of_the_pages_is_that_of_the_example(string page, string file)
    {
        string source = File.ReadAllText(Repository.Path("docs", "how-to", "plugin-example", file)).ReplaceLineEndings("\n"),
            type = source[source.IndexOf("/// <summary>", StringComparison.Ordinal)..];
        string[] blocks = Documentation.DocumentationTests.CodeOf(Path.Combine("docs", "how-to", page));

        Assert.Contains(type.TrimEnd('\n'), blocks.Select(block => block.TrimEnd('\n')));
    }

    private static TableRows Rows(Table trials)
    {
        List<UserError> errors = [];
        TableRows rows = new(trials, TrialsTable.Columns, errors);
        Assert.Empty(errors);
        return rows;
    }

    private static void AssertLine(Finished finished, params string[] parts)
    {
        Assert.True(finished.ExitCode == 2, finished.Output + finished.Errors);
        string line = Assert.Single(finished.ErrorLines);
        Assert.All(parts, part => Assert.Contains(part, line));
    }
}
