using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rouser.Orchestrator.Benchmarks;

namespace Rouser.Benchmarks;

/// <summary>
/// How long nobody serves when the orchestrator in charge is killed, and when it is stopped in order: two
/// orchestrators and a worker of the real program on loopback; from the signal to the standby's own word that it
/// serves.
/// </summary>
internal static class HandOverBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Both, so many times each.</summary>
    public static IEnumerable<Finding> Run(int times)
    {
        foreach ((string signal, string how) in new[] { ("KILL", "kill -9"), ("TERM", "a stop in order") })
        {
            double[] seconds = [.. Enumerable.Range(0, times).Select(_ => Once(signal))];
            yield return new Finding(
                "hand-over",
                $"after {how}, {times} times",
                1,
                [
                    Measurement.Of("until the standby serves", Spread.Of(seconds), "s"),
                    new Measurement("shortest", seconds.Min(), "s"),
                    new Measurement("longest", seconds.Max(), "s"),
                ]
            );
        }
    }

    private static double Once(string signal)
    {
        string folder = Directory.CreateTempSubdirectory("rouser-hand-over-").FullName;
        List<Process> processes = [];
        try
        {
            string spec = Path.Combine(folder, "sweep.yaml"),
                run = Path.Combine(folder, "run");
            File.WriteAllText(
                spec,
                """
                schema: rouser/sweep/v1
                name: hand-over
                base:
                  dataset: {name: saccade-digits, steps: 30, train_samples: 40, test_samples: 10}
                  network: {hidden: [16]}
                  epochs: 100000
                seeds: [0]
                """
            );
            int[] ports = [FreePort(), FreePort()];
            string[] seeds = [.. ports.SelectMany(port => new[] { "--seed", Address(port) })];
            foreach (int port in ports)
            {
                processes.Add(
                    RouserProcess.Start([
                        "serve",
                        spec,
                        "--out",
                        run,
                        "--http",
                        "off",
                        "--quiet",
                        "--listen",
                        Address(port),
                        .. seeds,
                    ])
                );
                if (port == ports[0])
                    Await(() => Logged(run, port, "serves"), "the first orchestrator serves");
            }
            string[] join = [.. ports.SelectMany(port => new[] { "--join", $"akka://{Address(port)}" })];
            processes.Add(RouserProcess.Start(["worker", "--slots", "1", "--threads", "1", .. join]));
            Await(() => Logged(run, ports[0], $"{Address(ports[1])} is in the cluster"), "the standby is there");
            Await(() => Logged(run, ports[0], " joined, slots"), "the worker is there");

            using (Process kill = Process.Start("kill", [$"-{signal}", processes[0].Id.ToString(CultureInfo.InvariantCulture)]))
                kill.WaitForExit();
            long start = Stopwatch.GetTimestamp();
            Await(() => Logged(run, ports[1], "serves"), "the standby serves");
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            foreach (Process process in processes)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Await(Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"It never happened: {what}.");
            Thread.Sleep(50);
        }
    }

    private static bool Logged(string run, int port, string words)
    {
        string log = Path.Combine(run, string.Create(CultureInfo.InvariantCulture, $"rouser.{port}.log"));
        if (!File.Exists(log))
            return false;
        using StreamReader reader = new(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Contains(words, StringComparison.Ordinal);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
