using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Orchestrator.Benchmarks;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser bench</c>: how fast training is here, and how fast it could be. The long form is
/// <c>tests/Rouser.Benchmarks</c>.
/// </summary>
internal static class BenchCommand
{
    private const int Runs = 9;

    public static Command Build()
    {
        Option<int?> threads = Options.Threads();
        threads.Description = "Number of threads (default: one per core).";
        Option<bool> json = Options.Json();
        const string description =
            "Measure training and inference of the N-MNIST network on generated data, and compare them with the "
            + "limits of this machine.";
        var command = new Command("bench", description) { threads, json };
        command.SetAction(parsed => Execute(parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(json)));
        return command;
    }

    private static int Execute(int threads, bool json)
    {
        Result<BenchmarkNetwork> network = BenchmarkNetwork.Open("nmnist", folder: null);
        if (!network.IsOk)
            return Terminal.WriteError(network.Errors);
        string processor = Processor.Description;
        MachineLimits limits = LimitProbe.Best(threads);
        EngineTiming train = EngineBenchmark.TrainStep(network.Value, threads, Runs);
        EngineTiming inference = EngineBenchmark.Inference(network.Value, threads, Runs);
        if (json)
        {
            Terminal.Document(Finding.Json([limits.ToFinding(processor), train.ToFinding(), inference.ToFinding()]));
            return ExitCode.Ok;
        }
        WriteFinding("machine", $"{processor}, {DisplayText.Count(threads, "thread")}");
        WriteFinding("multiply-add", Text($"{limits.Peak / 1e9:F0} GFLOP/s in registers"));
        WriteFinding("reading", string.Join(", ", limits.Levels.Select(l => Text($"{l.Name} {l.Read / 1e9:G3}"))) + " GB/s");
        WriteFinding(
            "network",
            $"{network.Value.Shape}, T = {network.Value.Settings.StepCount}, batch {network.Value.Settings.BatchSize}, {network.Value.Data}"
        );
        WriteFinding("training step", Short(train));
        WriteFinding("inference", Short(inference));
        return ExitCode.Ok;
    }

    private static string Short(EngineTiming t) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{t.PerSample.Times(1e3)} ms a sample, {1 / t.PerSample.Median:N0} samples/s, {t.Share.Median:P0} of "
                + $"the bound, {t.PeakBytes / 1e6:F0} MB"
        );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void WriteFinding(string what, string finding) => Terminal.Line($"{what, -16} {finding}");
}
