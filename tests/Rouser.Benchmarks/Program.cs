using System.CommandLine;
using System.Globalization;
using Rouser.Benchmarks;
using Rouser.Core;
using Rouser.Orchestrator.Benchmarks;

string[] names =
[
    "train-step",
    "inference",
    "gemm",
    "event-axpy",
    "backward",
    "adam",
    "dataset-decode",
    "scaling",
    "limits",
    "all",
    "peer-data",
    "peer-time",
    "coordinator",
    "transports",
    "hand-over",
    "methods",
    "report",
    "report-tables",
];
var benchmark = new Argument<string>("BENCHMARK") { Description = "What to measure." };
benchmark.AcceptOnlyFromAmong(names);
var network = new Option<string>("--network") { Description = "One network only.", DefaultValueFactory = _ => "all" };
network.AcceptOnlyFromAmong(["all", .. BenchmarkNetwork.Names, BenchmarkNetwork.Convolutions, BenchmarkNetwork.Recurrent]);
Option<int> threads = Whole("--threads", "Threads to use (default: one per core).", Environment.ProcessorCount);
Option<int> runs = Whole("--runs", "Runs that are timed, after one that is not.", 11);
Option<int> batches = Whole("--batches", "peer-data and peer-time: batches to write or train.", 4);
var data = new Option<DirectoryInfo?>("--data")
{
    Description = "The folder with N-MNIST's Train and Test (default: generated digits).",
    HelpName = "DIR",
};
var json = new Option<bool>("--json") { Description = "Prints JSON." };
var file = new Option<string>("--file")
{
    Description = "peer-data: the file to write; report-tables: the folder.",
    DefaultValueFactory = _ => "peer.tensors",
};
Option<int> trials = Whole("--trials", "report: trials of the sweep, a multiple of 500.", 5_000, 1_000_000);
var drawn = new Option<bool>("--drawn") { Description = "report: settings are drawn from ranges, and no grid." };
var figure = new Option<FileInfo?>("--figure") { Description = "scaling: an SVG file to draw it into.", HelpName = "FILE" };
var root = new RootCommand("Times Rouser's training core against what this machine can do at most.")
{
    benchmark,
    network,
    threads,
    runs,
    batches,
    data,
    json,
    file,
    trials,
    drawn,
    figure,
};
root.SetAction(parsed => Execute(parsed));
return root.Parse(args).Invoke();

int Execute(ParseResult parsed)
{
    string wanted = parsed.GetRequiredValue(benchmark),
        chosen = parsed.GetRequiredValue(network);
    int repeats = parsed.GetRequiredValue(runs),
        count = parsed.GetRequiredValue(threads);
    string? folder = parsed.GetValue(data)?.FullName;
    if (folder is not null && !Directory.Exists(folder))
        return WriteError([new UserError(folder, "no such folder")]);
    if (wanted is "peer-data" or "peer-time")
    {
        Result<BenchmarkNetwork> opened = BenchmarkNetwork.Open(chosen == "all" ? "nmnist" : chosen, folder);
        if (!opened.IsOk)
            return WriteError(opened.Errors);
        if (wanted == "peer-data")
            PeerBenchmark.Write(parsed.GetRequiredValue(file), opened.Value, parsed.GetRequiredValue(batches));
        else
            foreach (string line in PeerBenchmark.Time(opened.Value, parsed.GetRequiredValue(batches), count, repeats))
                Console.WriteLine(line);
        return 0;
    }

    if (wanted == "methods")
    {
        Result<BenchmarkNetwork> opened = BenchmarkNetwork.Open(chosen == "all" ? "nmnist" : chosen, folder);
        if (!opened.IsOk)
            return WriteError(opened.Errors);
        foreach (string line in MethodsBenchmark.Run(opened.Value, count, repeats))
            Console.WriteLine(line);
        return 0;
    }
    if (wanted == "report-tables")
    {
        ReportBenchmark.WriteTables(parsed.GetRequiredValue(file), parsed.GetRequiredValue(trials), parsed.GetValue(drawn));
        return 0;
    }

    List<Finding> all = [];
    if (wanted == "report")
    {
        foreach (Finding finding in ReportBenchmark.Run(parsed.GetRequiredValue(trials), parsed.GetValue(drawn)))
            Show(finding);
        if (parsed.GetValue(json))
            Console.WriteLine(Finding.Json(all));
        return 0;
    }
    if (wanted == "hand-over")
    {
        foreach (Finding finding in HandOverBenchmark.Run(repeats))
            Show(finding);
        if (parsed.GetValue(json))
            Console.WriteLine(Finding.Json(all));
        return 0;
    }
    if (wanted == "coordinator")
    {
        using CoordinatorBenchmark coordinator = new();
        foreach (Finding finding in coordinator.Run())
            Show(finding);
        if (parsed.GetValue(json))
            Console.WriteLine(Finding.Json(all));
        return 0;
    }
    if (wanted == "transports")
    {
        using TransportBenchmark transports = new();
        foreach (Finding finding in transports.Run())
            Show(finding);
        if (parsed.GetValue(json))
            Console.WriteLine(Finding.Json(all));
        return 0;
    }
    MachineLimits limits = LimitProbe.Best(count);
    Show(limits.ToFinding(Processor.Description));
    foreach (string name in BenchmarkNetwork.Names.Where(n => chosen == "all" || chosen == n))
    {
        if (wanted is "scaling" or "limits" or "dataset-decode")
            break;
        Result<BenchmarkNetwork> opened = BenchmarkNetwork.Open(name, folder);
        if (!opened.IsOk)
            return WriteError(opened.Errors);
        if (wanted is "train-step" or "all")
            Show(EngineBenchmark.TrainStep(opened.Value, count, repeats).ToFinding());
        if (wanted is "inference" or "all")
            Show(EngineBenchmark.Inference(opened.Value, count, repeats).ToFinding());
        if (wanted is "gemm" or "all")
            Show(GemmBenchmark.Run(opened.Value, limits, repeats));
        if (wanted is "event-axpy" or "all")
            Show(EventRowBenchmark.Run(opened.Value, limits, repeats));
        if (wanted is "backward" or "all")
            Show(BackwardBenchmark.Run(opened.Value, limits, repeats));
        if (wanted is "adam" or "all")
            Show(AdamBenchmark.Run(opened.Value, limits, repeats));
    }
    if (wanted is "dataset-decode" or "all")
    {
        Result<Finding> decoded = DecodeBenchmark.Run(folder, repeats);
        if (!decoded.IsOk)
            return WriteError(decoded.Errors);
        Show(decoded.Value);
    }
    if (wanted is "scaling" or "all")
    {
        IReadOnlyList<ScalingSeries> series = ScalingBenchmark.Run(count, repeats);
        foreach (ScalingSeries one in series)
            Show(ScalingBenchmark.ToFinding(one, count));
        Show(ScalingBenchmark.Threads(repeats));
        if (parsed.GetValue(figure) is { } path)
            File.WriteAllText(path.FullName, ScalingFigure.Render(series, $"{ScalingBenchmark.Shape}, {count} threads"));
    }
    if (parsed.GetValue(json))
        Console.WriteLine(Finding.Json(all));
    return 0;

    // A finding is shown as soon as it is there, because all of them take minutes.
    void Show(Finding finding)
    {
        all.Add(finding);
        if (!parsed.GetValue(json))
            Console.WriteLine(string.Join('\n', finding.Lines()));
    }
}

static int WriteError(IEnumerable<UserError> mistakes)
{
    foreach (UserError mistake in mistakes)
        Console.Error.WriteLine(mistake);
    return 2;
}

static Option<int> Whole(string name, string description, int otherwise, int most = 4096) =>
    new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 && n <= most)
                return n;
            result.AddError($"{name} takes a whole number from 1 to {most}, not '{text}'");
            return otherwise;
        },
    };
