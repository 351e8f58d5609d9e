using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Tests;
using Rouser.Orchestrator.Tests.Cluster;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>A sweep on a cluster of real processes, to be killed, stopped and started again.</summary>
/// <param name="folder">The test's folder.</param>
/// <param name="name">The run folder's name in it.</param>
/// <param name="spec">The sweep file.</param>
/// <param name="journal">The database of the journal, password included; null for the run folder.</param>
internal sealed class AkkaRun(TemporaryFolder folder, string name, string spec, string? journal = null) : IDisposable
{
    /// <summary>
    /// Far more than anything here takes, on a machine that has other things to do: it only keeps a defect from
    /// hanging the tests.
    /// </summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Process, ConcurrentQueue<string>> _said = new();

    /// <summary>The run folder.</summary>
    public string Folder { get; } = folder[name];

    /// <summary>What every process is told beside: certificates, for one.</summary>
    public string[] Common { get; init; } = [];

    /// <summary>Variables of every process.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>The results of the sweep in one process that nobody disturbs; trained once in a test's folder.</summary>
    public static async Task<string> Undisturbed(TemporaryFolder folder, string spec)
    {
        string run = folder["undisturbed"];
        if (!Directory.Exists(run))
        {
            Finished ended = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", run, "--quiet");
            Assert.True(ended.ExitCode == 0, ended.Errors);
        }
        return RunTables.Results(run);
    }

    /// <summary>The events so far; none before there is a journal.</summary>
    public IReadOnlyList<Event> Events
    {
        get
        {
            Result<RunDirectory> run = RunDirectory.Open(Folder);
            if (!run.IsOk)
                return [];
            Result<JournalAddress> address = journal is null ? run.Value.Journal : JournalAddress.OfDatabase(journal);
            Result<IJournal> opened = Journals.OpenReadOnly(address.Value, run.Value.Fingerprint);
            if (!opened.IsOk)
                return [];
            using IJournal read = opened.Value;
            return [.. read.Read()];
        }
    }

    /// <summary>Starts an orchestrator, or starts it again.</summary>
    public Process Serve(NodeAddress listen, params NodeAddress[] seeds) =>
        Start([
            "serve",
            spec,
            "--out",
            Folder,
            "--listen",
            $"{listen}",
            "--http",
            "off",
            "--quiet",
            .. seeds.SelectMany(s => new[] { "--seed", $"{s}" }),
            .. Journal,
            .. Common,
        ]);

    /// <summary>Starts a worker of one slot.</summary>
    public Process Work(string worker, params NodeAddress[] seeds) =>
        Start([
            "worker",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            worker,
            .. seeds.SelectMany(s => new[] { "--join", $"{s}" }),
            .. Common,
        ]);

    /// <summary>Starts the program.</summary>
    public Process Start(params string[] arguments)
    {
        Process process = RouserProcess.Start(folder.Path, arguments, Environment);
        ConcurrentQueue<string> said = _said[process] = new ConcurrentQueue<string>();
        foreach (StreamReader reader in (StreamReader[])[process.StandardOutput, process.StandardError])
            _ = Listen(reader, said);
        return process;
    }

    /// <summary>What a process has printed.</summary>
    public IReadOnlyList<string> Said(Process process) => [.. _said[process]];

    /// <summary>Whether the log of the orchestrator at an address has a line with these words.</summary>
    public bool Logged(NodeAddress node, string words)
    {
        string log = Path.Combine(Folder, $"rouser.{node.Port.ToString(CultureInfo.InvariantCulture)}.log");
        if (!File.Exists(log))
            return false;
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains(words, StringComparison.Ordinal);
    }

    /// <summary>Waits until something holds.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> Until(Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > TooLong)
                Assert.Fail($"It never happened: {what}\n{await EndAndDescribe()}");
            await Task.Delay(100);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Waits until the journal tells of it.</summary>
    public Task<TimeSpan> Until(Func<IReadOnlyList<Event>, bool> happened, string what) => Until(() => happened(Events), what);

    /// <summary>Waits until an orchestrator is in charge.</summary>
    public Task<TimeSpan> UntilServes(NodeAddress node) => Until(() => Logged(node, "serves"), $"{node} serves");

    /// <summary>Waits for a process to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> End(Process process)
    {
        using var patience = new CancellationTokenSource(TooLong);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"A process never ended: {Name(process)}\n{await EndAndDescribe()}");
        }
        return process.ExitCode;
    }

    /// <summary>Waits for processes to end by themselves, with nothing to complain of.</summary>
    public async Task EndWell(params Process[] processes)
    {
        foreach (Process process in processes)
        {
            if (await End(process) != 0)
                Assert.Fail($"{Name(process)} ended with {process.ExitCode}:\n{await EndAndDescribe()}");
        }
    }

    /// <summary>Every planned trial has one result, and the tables are those of a run that nothing disturbed.</summary>
    public async Task AssertSameAs(string undisturbed)
    {
        IReadOnlyList<Event> events = Events;
        Assert.All(events.OfType<TrialCompleted>().GroupBy(e => e.Trial), group => Assert.Single(group));
        Assert.All(events.OfType<EpochRecorded>().GroupBy(e => (e.Trial, e.Metrics.Epoch)), group => Assert.Single(group));
        if (undisturbed != RunTables.Results(Folder))
            Assert.Fail($"The tables differ from an undisturbed run's:\n{await EndAndDescribe()}");
    }

    /// <summary>Ends what still runs, and tells what every process said and what the logs say.</summary>
    public async Task<string> EndAndDescribe()
    {
        List<string> lines = [];
        foreach (Process process in _said.Keys)
        {
            lines.Add(
                $"{Name(process)}: {(process.HasExited ? $"ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}" : "runs")}"
            );
            lines.AddRange(Said(process));
            await ClusterRun.Kill(process);
        }
        if (Directory.Exists(Folder))
        {
            foreach (string log in Directory.GetFiles(Folder, "*.log"))
                lines.AddRange([log, .. File.ReadLines(log).TakeLast(40)]);
        }
        return string.Join('\n', lines);
    }

    public void Dispose()
    {
        foreach (Process process in _said.Keys)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private string[] Journal => journal is null ? [] : ["--journal", journal];

    private static string Name(Process process) => string.Join(' ', process.StartInfo.ArgumentList.Skip(2));

    private static async Task Listen(StreamReader reader, ConcurrentQueue<string> said)
    {
        while (await reader.ReadLineAsync() is { } line)
            said.Enqueue(line);
    }
}
