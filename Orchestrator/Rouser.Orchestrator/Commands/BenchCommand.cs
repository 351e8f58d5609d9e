using System.CommandLine;
using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Orchestrator.Benchmarks;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser bench</c>: how fast training is here, and how fast it could be. The long form is <c>tests/Rouser.Benchmarks</c>.</summary>
internal static class BenchCommand
{
    private const int Runs = 9;

    public static Command Build()
    {
        Option<int?> threads = Options.Threads();
        threads.Description = "Threads to use (default: one per core).";
        Option<bool> json = Options.Json();
        var command = new Command("bench", "Times training and inference of the N-MNIST network on generated data, beside what this machine can do at most.") { threads, json };
        command.SetAction(parsed => Execute(parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(json)));
        return command;
    }

    private static int Execute(int threads, bool json)
    {
        Result<BenchmarkNetwork> network = BenchmarkNetwork.Open("nmnist", folder: null);
        if (!network.IsOk) return Terminal.Complain(network.Mistakes);
        RunEnvironment environment = EnvironmentProbe.Gather();
        var limits = MachineLimits.Measure(threads);
        List<Finding> findings = [limits.ToFinding(environment.Processor)];
        findings.Add(EngineBenchmark.TrainStep(network.Value, limits, Runs));
        findings.Add(EngineBenchmark.Inference(network.Value, limits, Runs));
        Terminal.Line(json ? Finding.Json(findings) : string.Join('\n', findings.SelectMany(f => f.Lines())));
        return ExitCode.Ok;
    }
}
