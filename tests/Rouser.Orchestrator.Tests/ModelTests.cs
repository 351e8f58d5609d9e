using System.Globalization;
using System.Text.RegularExpressions;
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
          plif: {threshold.rule: fixed, neuron.membrane: plif, neuron.membrane_per: neuron}
        seeds: [0]
        studies: {a: {arms: [learned, hard, plif]}}
        """;

    [SkippableTheory]
    [InlineData("learned")]
    [InlineData("hard")]
    [InlineData("plif")]
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
        await File.WriteAllTextAsync(script, NumpyLines());
        string? numpy = Python(script, [exported.Output.Trim(), .. files]);
        Skip.If(numpy is null, "python3-numpy is not installed");
        Assert.Equal(ours.Select(p => $"{p.File} {p.Class} {p.Spikes}"), numpy!.Split('\n', SplitOptions));
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
    private static string NumpyLines() =>
        PythonBlock().Match(File.ReadAllText(Repository.Path("docs", "reference", "models.md"))).Groups[1].Value;

    /// <summary>What a script of the documentation prints; null where there is no numpy to run it with.</summary>
    private static string? Python(string script, string[] arguments)
    {
        if (ToolProcess.PythonWith("numpy") is not { } python)
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
