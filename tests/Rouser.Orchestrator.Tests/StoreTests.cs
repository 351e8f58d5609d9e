using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Orchestrator.Tests.Cluster;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// A trial that any run has completed is taken from the results store, with all that is measured of it and its model;
/// what cannot be trusted is trained again.
/// </summary>
public sealed class StoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _store;
    private readonly string _spec;

    public StoreTests() =>
        (_store, _spec) = (
            _folder["store"],
            _folder.Write(
                "small.yaml",
                SmallSweep.Yaml.Replace("train_samples: 60", "train_samples: 30", StringComparison.Ordinal)
            )
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_second_folder_trains_nothing_and_has_the_same_tables_and_models()
    {
        string first = await Run("first");
        Assert.Equal(4, Trained(first));
        string second = _folder["second"];
        Finished again = await RouserProcess.RunAsync(_folder.Path, "run", _spec, "--out", second, "--store", _store);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Contains("0 trials to train", again.Output, StringComparison.Ordinal);
        Assert.Contains("4 trials reused from the results store", again.Output, StringComparison.Ordinal);
        AssertSame(first, second);
        Assert.Equal(0, Trained(second));
        Assert.Equal(4, Events(second).OfType<TrialReused>().Count());
        Assert.All(ReusedFrom(second), from => Assert.EndsWith($":{first}", from, StringComparison.Ordinal));
        Assert.All(ReusedFrom(first), Assert.Null);
        Finished status = await RouserProcess.RunAsync(_folder.Path, "status", second);
        Assert.Contains("reused           4 of the completed", status.Output, StringComparison.Ordinal);
        Assert.Contains(
            "4 of 4 trials were not trained in this run",
            File.ReadAllText(Path.Combine(second, "report", "report.md")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_result_with_the_models_of_all_epochs_serves_a_run_that_keeps_fewer()
    {
        string all = await Run("all", "--set", "run.keep=all");
        string last = await Run("last");
        Assert.Equal((16, 4, 0), (Files(all, "models").Length, Files(last, "models").Length, Trained(last)));
        Assert.Subset(Files(all, "models").ToHashSet(), Files(last, "models").ToHashSet());
        Assert.Equal(RunTables.Results(all), RunTables.Results(last));
        string again = await Run("again", "--set", "run.keep=all");
        Assert.Equal(0, Trained(again));
        AssertSame(all, again);
        Finished verified = await RouserProcess.RunAsync(_folder.Path, "store", "verify", "--store", _store);
        Assert.True(verified.ExitCode == 0, verified.Errors);
    }

    // With ROUSER_STORE_PROCESSES=8 there are as many; three by default.
    [Fact]
    public async Task Several_processes_at_once_share_one_store()
    {
        int processes = int.Parse(
            Environment.GetEnvironmentVariable("ROUSER_STORE_PROCESSES") ?? "3",
            CultureInfo.InvariantCulture
        );
        string alone = _folder["alone"];
        Assert.Equal(0, (await RouserProcess.RunAsync(_folder.Path, "run", _spec, "--out", alone, "--quiet")).ExitCode);
        Assert.Equal(4, Trained(alone));
        Process[] all =
        [
            .. Enumerable.Range(0, processes).Select(i => RouserProcess.Start(_folder.Path, Command($"at-once-{i}"))),
        ];
        Finished[] ended = await Task.WhenAll(all.Select(RouserProcess.WaitAsync));
        foreach (Process process in all)
            process.Dispose();
        // On a busy machine the report takes long enough to say how far it is.
        string[] said =
        [
            .. ended
                .SelectMany(one => one.ErrorLines)
                .Where(line => !line.Contains("writing the report: ", StringComparison.Ordinal)),
        ];
        Assert.Empty(said);
        Assert.All(ended, one => Assert.Equal(0, one.ExitCode));
        for (int i = 0; i < processes; i++)
            AssertSame(alone, _folder[$"at-once-{i}"]);
        Assert.Equal(4, Directory.GetFiles(_store, "*.result").Length);
        Assert.Empty(Directory.GetFiles(_store, "*.tmp"));
    }

    /// <summary>Wherever it is: in what was measured, the network or the predictions.</summary>
    [Theory]
    [InlineData("\"dead_fraction\":")]
    [InlineData("RouserPR")]
    public async Task A_flipped_byte_is_found_and_its_trial_trained_again(string after)
    {
        string first = await Run("first");
        string entry = Directory.GetFiles(_store, "*.result").Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(entry);
        int place = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(after));
        Assert.True(place > 0, $"the entry has no {after}");
        bytes[place + 60] ^= 0x10;
        File.WriteAllBytes(entry, bytes);

        string second = _folder["second"];
        Finished again = await RouserProcess.RunAsync(_folder.Path, Command("second"));
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Equal(
            $"rouser: {entry}: its sum is wrong; the result is dropped, and its trial is trained again",
            Assert.Single(again.ErrorLines)
        );
        Assert.Equal(1, Trained(second));
        AssertSame(first, second);
        // What was trained again is in the store again.
        Assert.True(File.Exists(entry));
    }

    [Fact]
    public async Task A_run_that_is_killed_or_has_grown_takes_what_is_there()
    {
        string whole = await Run("whole", "--set", "seeds=[0, 1, 2]");
        Assert.Equal(6, Trained(whole));
        string none = _folder["killed"];
        using (
            Process process = RouserProcess.Start(_folder.Path, [.. Command("killed")[..^2], "--store", "none", "--slots", "1"])
        )
        {
            while (!process.HasExited && (!File.Exists(Path.Combine(none, "journal.db")) || Events(none).Length < 3))
                await Task.Delay(20);
            process.Kill();
            await process.WaitForExitAsync();
        }
        int before = Trained(none);
        Finished resumed = await RouserProcess.RunAsync(_folder.Path, "resume", none, "--quiet", "--store", _store);
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(before, Trained(none));
        Assert.Empty(Directory.GetDirectories(Path.Combine(none, "checkpoints")));

        Finished grown = await RouserProcess.RunAsync(_folder.Path, [.. Command("killed"), "--yes", "--set", "seeds=[0, 1, 2]"]);
        Assert.True(grown.ExitCode == 0, grown.Errors);
        Assert.Equal(before, Trained(none));
        AssertSame(whole, none);
    }

    [Fact]
    public async Task A_trial_that_was_begun_before_a_kill_goes_into_the_store_whole()
    {
        string run = _folder["killed"];
        string[] command = [.. Command("killed"), "--slots", "1", "--set", "base.epochs=40"];
        using (Process process = RouserProcess.Start(_folder.Path, command))
        {
            while (
                !process.HasExited
                && (!File.Exists(Path.Combine(run, "journal.db")) || !Events(run).OfType<EpochRecorded>().Any())
            )
                await Task.Delay(20);
            process.Kill();
            await process.WaitForExitAsync();
        }
        Assert.Empty(Events(run).OfType<TrialCompleted>());
        Assert.Equal(0, (await RouserProcess.RunAsync(_folder.Path, command)).ExitCode);
        string second = await Run("second", "--set", "base.epochs=40");
        Assert.Equal(0, Trained(second));
        AssertSame(run, second);
    }

    [Fact]
    public async Task An_orchestrator_takes_results_before_it_hands_out_trials_and_keeps_those_of_its_workers()
    {
        string served = _folder["served"];
        using (var run = new ClusterRun(_folder, "served", _spec) { Environment = new() { ["ROUSER_STORE"] = _store } })
        {
            Process orchestrator = run.Serve(),
                worker = run.Work("one");
            await run.EndWell(orchestrator, worker);
        }
        Assert.Equal(4, Trained(served));
        Assert.Equal(4, Directory.GetFiles(_store, "*.result").Length);
        // No worker has to come.
        using (var run = new ClusterRun(_folder, "again", _spec) { Environment = new() { ["ROUSER_STORE"] = _store } })
            await run.EndWell(run.Serve());
        Assert.Equal(0, Trained(_folder["again"]));
        AssertSame(served, _folder["again"]);
    }

    [Fact]
    public async Task What_a_pruner_ended_is_not_shared()
    {
        string[] pruned =
        [
            .. Command("pruned"),
            "--slots",
            "1",
            "--set",
            "base.dataset.validation={by: share, share: 0.2}",
            "--set",
            "metric.name=validation_accuracy",
            "--set",
            "run.pruner={kind: median, min_trials: 1}",
            "--set",
            "seeds=[0, 1, 2, 3, 4, 5]",
        ];
        Finished ended = await RouserProcess.RunAsync(_folder.Path, pruned);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Event[] events = Events(_folder["pruned"]);
        Assert.Equal(events.OfType<TrialCompleted>().Count(), Directory.GetFiles(_store, "*.result").Length);
        Assert.NotEmpty(events.OfType<TrialPruned>());
    }

    [Fact]
    public async Task The_store_is_listed_verified_and_pruned()
    {
        await Run("first");
        Finished list = await RouserProcess.RunAsync(_folder.Path, "store", "list", "--store", _store);
        Assert.Contains("saccade-digits, 4 epochs, seed 1, fused/", list.Output, StringComparison.Ordinal);
        Assert.Contains("4 results, ", list.Output, StringComparison.Ordinal);
        // A result that is whole, and wrong: one number of it was changed and the sum made anew.
        string entry = Directory.GetFiles(_store, "*.result")[0];
        byte[] bytes = File.ReadAllBytes(entry);
        int at = bytes.AsSpan().IndexOf("\"dead_fraction\":"u8) + "\"dead_fraction\":".Length;
        bytes[at] = (byte)(bytes[at] == '0' ? '1' : '0');
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(bytes, bytes.Length - 32);
        File.WriteAllBytes(entry, bytes);
        Finished wrong = await RouserProcess.RunAsync(_folder.Path, "store", "verify", "--share", "1", "--store", _store);
        Assert.Equal(3, wrong.ExitCode);
        Assert.Contains(
            "trained again, it gave other numbers in epoch 1",
            Assert.Single(wrong.ErrorLines),
            StringComparison.Ordinal
        );
        Assert.Equal(3, Directory.GetFiles(_store, "*.result").Length);

        Finished pruned = await RouserProcess.RunAsync(_folder.Path, "store", "prune", "--limit", "1kB", "--store", _store);
        Assert.Contains("0 results left, 0 B of 1.0 kB", pruned.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clean_says_what_takes_room_and_frees_what_is_named()
    {
        await Run("runs/first");
        string[] clean = ["clean", "--store", _store, "--runs", _folder["runs"]];
        Finished shown = await RouserProcess.RunAsync(_folder.Path, clean);
        Assert.Contains(_folder["runs", "first", "models"], shown.Output, StringComparison.Ordinal);
        Finished refused = await RouserProcess.RunAsync(_folder.Path, [.. clean, "store", "models"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(4, Directory.GetFiles(_store, "*.result").Length);
        Finished freed = await RouserProcess.RunAsync(_folder.Path, [.. clean, "store", "models", "--yes"]);
        Assert.True(freed.ExitCode == 0, freed.Errors);
        Assert.Empty(Directory.GetFiles(_store, "*.result"));
        Assert.False(Directory.Exists(_folder["runs", "first", "models"]));
        Assert.Equal(0, (await RouserProcess.RunAsync(_folder.Path, [.. clean, "runs", "--yes"])).ExitCode);
        Assert.False(Directory.Exists(_folder["runs", "first"]));
    }

    private string[] Command(string name) => ["run", _spec, "--out", _folder[name], "--quiet", "--store", _store];

    private async Task<string> Run(string name, params string[] more)
    {
        Finished ended = await RouserProcess.RunAsync(_folder.Path, [.. Command(name), .. more]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return _folder[name];
    }

    private static void AssertSame(string one, string other)
    {
        Assert.Equal(RunTables.Results(one), RunTables.Results(other));
        Assert.Equal(Files(one, "models"), Files(other, "models"));
        Assert.Equal(Files(one, "predictions"), Files(other, "predictions"));
    }

    // The digest of the content is in the name of a model and of predictions.
    private static string?[] Files(string run, string folder)
    {
        string?[] names =
        [
            .. Directory.GetFiles(Path.Combine(run, folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(names);
        return names;
    }

    private static IEnumerable<string?> ReusedFrom(string run)
    {
        var column = (Results.Column<string>)RunTables.Read(run).Trials.Columns.Single(c => c.Name == "reused_from");
        return Enumerable
            .Range(0, RunTables.Read(run).Trials.RowCount)
            .Select(row => column.IsNull(row) ? null : column.Values[row]);
    }

    private static int Trained(string run) => Events(run).OfType<TrialAssigned>().Count();

    private static Event[] Events(string run)
    {
        using SqliteJournal journal = SqliteJournal.OpenReadOnly(Path.Combine(run, "journal.db")).Value;
        return [.. journal.Read()];
    }
}
