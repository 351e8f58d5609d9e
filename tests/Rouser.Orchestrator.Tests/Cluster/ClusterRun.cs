using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>
/// A sweep that real processes work on: an orchestrator and workers on loopback, to be killed, stopped and started
/// again.
/// </summary>
internal sealed class ClusterRun : IDisposable
{
    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder;
    private readonly string _spec;
    private readonly Dictionary<Process, (Task<string> Output, Task<string> Errors)> _processes = [];

    /// <summary>Makes a run of a sweep; nothing is started.</summary>
    public ClusterRun(TemporaryFolder folder, string name, string spec)
    {
        (_folder, _spec) = (folder, spec);
        Folder = folder[name];
        Port = FreePort();
    }

    /// <summary>The run folder.</summary>
    public string Folder { get; }

    /// <summary>Variables that every process is started with.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>Where the orchestrator listens, also the next one.</summary>
    public int Port { get; }

    /// <summary>The events so far; none before there is a journal.</summary>
    public IReadOnlyList<Event> Events
    {
        get
        {
            string path = Path.Combine(Folder, "journal.db");
            if (!File.Exists(path))
                return [];
            Result<SqliteJournal> opened = SqliteJournal.OpenReadOnly(path);
            Assert.True(opened.IsOk, string.Join("; ", opened.Errors));
            using SqliteJournal journal = opened.Value;
            return [.. journal.Read()];
        }
    }

    /// <summary>Starts the orchestrator, which goes on with what the journal holds.</summary>
    public Process Serve(params string[] more) =>
        Start([
            "serve",
            _spec,
            "--out",
            Folder,
            "--http",
            $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}",
            "--quiet",
            .. more,
        ]);

    /// <summary>Starts a worker.</summary>
    public Process Work(string name, int? port = null, params string[] more) =>
        Start([
            "worker",
            "--join",
            $"http://127.0.0.1:{(port ?? Port).ToString(CultureInfo.InvariantCulture)}",
            "--slots",
            "1",
            "--threads",
            "1",
            "--name",
            name,
            .. more,
        ]);

    /// <summary>Starts the program.</summary>
    public Process Start(params string[] arguments) => StartWith(Environment, arguments);

    /// <summary>Starts the program with variables of its own.</summary>
    public Process StartWith(Dictionary<string, string> environment, params string[] arguments)
    {
        Process process = RouserProcess.Start(_folder.Path, arguments, environment);
        _processes[process] = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return process;
    }

    /// <summary>What a process that has ended has printed.</summary>
    public string Said(Process process) => _processes[process].Output.Result;

    /// <summary>What a process that has ended has printed as errors.</summary>
    public string Complained(Process process) => _processes[process].Errors.Result;

    /// <summary>
    /// Waits until the log of the orchestrator that listens for cluster nodes on a port has these words.
    /// </summary>
    public async Task UntilLogged(int port, string words)
    {
        string log = Path.Combine(Folder, $"rouser.{port.ToString(CultureInfo.InvariantCulture)}.log");
        long start = Stopwatch.GetTimestamp();
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log)).Contains(words, StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > TooLong)
                Assert.Fail($"'{words}' was never logged: {await EndAndDescribe()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until the journal tells of it.</summary>
    public async Task Until(Func<IReadOnlyList<Event>, bool> happened)
    {
        long start = Stopwatch.GetTimestamp();
        while (!happened(Events))
        {
            if (Stopwatch.GetElapsedTime(start) > TooLong)
                Assert.Fail($"It never happened: {await EndAndDescribe()}");
            await Task.Delay(50);
        }
    }

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
            Assert.Fail($"A process never ended: {await EndAndDescribe()}");
        }
        return process.ExitCode;
    }

    /// <summary>Waits for processes to end by themselves, with nothing to complain of.</summary>
    public async Task EndWell(params Process[] processes)
    {
        foreach (Process process in processes)
        {
            if (await End(process) != 0)
                Assert.Fail($"A process ended with {process.ExitCode}: {await EndAndDescribe()}");
        }
    }

    /// <summary>Ends a process at once (kill -9).</summary>
    public static async Task Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal: STOP, CONT, TERM; to a process that has ended by itself it does not matter.</summary>
    public static async Task Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.True(kill.ExitCode == 0 || process.HasExited, $"kill -{signal} failed.");
    }

    /// <summary>Every planned trial has one result, and the tables are those of a run that nothing disturbed.</summary>
    public async Task AssertSameAs(string undisturbed)
    {
        Assert.All(Events.OfType<TrialCompleted>().GroupBy(e => e.Trial), group => Assert.Single(group));
        Assert.All(Events.OfType<EpochRecorded>().GroupBy(e => (e.Trial, e.Metrics.Epoch)), group => Assert.Single(group));
        if (undisturbed != RunTables.Results(Folder))
            Assert.Fail($"The tables differ from an undisturbed run's: {await EndAndDescribe()}");
    }

    /// <summary>Ends what still runs, and tells what every process said and what the log says.</summary>
    public async Task<string> EndAndDescribe()
    {
        Dictionary<Process, string> ends = _processes.Keys.ToDictionary(
            p => p,
            p => p.HasExited ? $"ended with {p.ExitCode.ToString(CultureInfo.InvariantCulture)}" : "runs"
        );
        foreach (Process process in _processes.Keys)
            await Kill(process);
        IEnumerable<string> said = _processes.Select(pair =>
            $"{string.Join(' ', pair.Key.StartInfo.ArgumentList.Skip(2))}: {ends[pair.Key]}: {pair.Value.Errors.Result}{pair.Value.Output.Result}"
        );
        IEnumerable<string> last = Directory.Exists(Folder)
            ? Directory.GetFiles(Folder, "*.log").SelectMany(log => File.ReadLines(log).TakeLast(60))
            : [];
        return string.Join('\n', [.. said, .. last]);
    }

    public void Dispose()
    {
        foreach (Process process in _processes.Keys)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
