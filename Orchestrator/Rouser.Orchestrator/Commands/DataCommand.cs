using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Datasets;
using Rouser.Storage.Datasets.Downloads;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser data</c>: the data sets that a sweep can name: which there are, how they look, where they come from.
/// </summary>
internal static class DataCommand
{
    /// <summary>Where data sets lie unless a sweep says otherwise: <c>data/NAME</c>.</summary>
    public static string DefaultFolder(string name) => Path.Combine("data", name);

    public static Command Build() =>
        new("data", "List, inspect, generate, download or convert data sets.")
        {
            BuildList(),
            DataInspectCommand.Build(),
            BuildMake(),
            BuildDownload(),
            BuildConvert(),
        };

    private static Command BuildList()
    {
        var command = new Command("list", "List the data sets: licence, size, source, and whether they are on this machine.");
        command.SetAction(_ =>
        {
            foreach (DatasetDescription set in DatasetCatalog.All)
            {
                Terminal.Line($"{set.Name}{DatasetCatalog.MarkOf(set.Name, set.Synthetic)}");
                Terminal.Line($"  {set.Summary}");
                Terminal.Line($"  licence   {set.Licence}");
                if (DatasetSource.Find(set.Name) is { } source)
                    Terminal.Line($"  from      {source.Page}, {source.Size}");
                if (!set.NeedsFolder)
                    continue;
                Terminal.Line($"  holds     {set.Layout}");
                string folder = DefaultFolder(set.Name);
                Terminal.Line($"  here      {(Directory.Exists(folder) ? folder : $"no {folder}")}");
            }
            string packed = PackedDatasets.OfUser().Folder;
            FileInfo[] files = Directory.Exists(packed) ? [.. new DirectoryInfo(packed).EnumerateFiles("*.rouser-data")] : [];
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"packed: {DisplayText.Count(files.Length, "set")}, {files.Sum(f => f.Length) / 1e6:N0} MB in {packed}; "
                        + $"what is deleted there is made again"
                )
            );
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command BuildMake()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "Generated set (saccade-digits, gesture-blobs or spoken-digits), or one that is read from a folder.",
        };
        Option<string[]> set = Options.Set();
        set.Description = "Parameter of the set, for example seed=3 or train_samples=5000. Can be repeated.";
        var command = new Command("make", "Generate or decode a data set and pack it, so that sweeps find it ready.")
        {
            name,
            set,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(Make(parsed.GetRequiredValue(name), parsed.GetValue(set) ?? [], signals.Stop))
                )
        );
        return command;
    }

    private static Command BuildDownload()
    {
        var name = new Argument<string>("NAME") { Description = "Published set: nmnist, dvs128 or shd." };
        Option<string?> output = Options.Output("Folder of the data set (default: data/NAME).");
        var from = new Option<string?>("--from")
        {
            Description = "Mirror that holds the published files under their names.",
            HelpName = "ADDRESS",
        };
        var command = new Command(
            "download",
            "Download a published data set, verify and unpack it. Continues an interrupted download."
        )
        {
            name,
            output,
            from,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    DownloadAsync(parsed.GetRequiredValue(name), parsed.GetValue(output), parsed.GetValue(from), signals.Stop)
                )
        );
        return command;
    }

    private static Command BuildConvert()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "Folder of WAV files: a subfolder for each class, or files named CLASS_anything.wav.",
        };
        Option<string?> output = Options.Output("Folder of the data set (default: data/ and the name of DIR).");
        var audio = new Command("audio", "Convert WAV files to a data set of spikes, with the inner-ear model of spoken-digits.")
        {
            folder,
            output,
        };
        audio.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(Convert(parsed.GetRequiredValue(folder), parsed.GetValue(output), signals))
                )
        );
        return new Command("convert", "Convert files in another form to a data set.") { audio };
    }

    private static int Make(string name, string[] values, CancellationToken stop)
    {
        Result<Dataset> made;
        using (var view = DatasetProgressView.OnTerminal())
            made = Settings(name, values)
                .Then(settings => DatasetLoader.Load(settings, PackedDatasets.OfUser(), stop, view.Show));
        if (!made.IsOk)
            return Terminal.WriteError(made.Errors);
        Dataset data = made.Value;
        Terminal.Line(
            $"{data.Name}{DatasetCatalog.MarkOf(data.Name, data.Synthetic)}: {data.Train.Count:N0} train and {data.Test.Count:N0} test "
                + $"samples of {data.StepCount} steps and {data.InputCount:N0} inputs"
        );
        Terminal.Line(PackedDatasets.OfUser().PathOf(data.Digest));
        return ExitCode.Ok;
    }

    private static async Task<int> DownloadAsync(string set, string? output, string? from, CancellationToken stop)
    {
        if (DatasetSource.Find(set) is not { } source)
            return Terminal.WriteError([
                new UserError(
                    set,
                    $"is not published anywhere; published are " + $"{string.Join(", ", DatasetSource.All.Select(s => s.Name))}"
                ),
            ]);
        Uri? mirror = null;
        if (from is not null && (!Uri.TryCreate(from, UriKind.Absolute, out mirror) || mirror.Scheme is not ("http" or "https")))
            return Terminal.WriteError([
                new UserError("--from", $"'{from}' is no address of a server, such as https://example.org/files"),
            ]);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(1) };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("rouser");
        DatasetDownload download = new(http, Terminal.Line);
        string folder = Path.GetFullPath(output ?? DefaultFolder(set));
        Result<string> fetched = await download
            .FetchAsync(source.Archives, source.Page, mirror, folder, stop)
            .ConfigureAwait(false);
        if (!fetched.IsOk)
            return Terminal.WriteError(fetched.Errors);
        Terminal.Line($"{set} is in {folder}");
        return ExitCode.Ok;
    }

    private static int Convert(string folder, string? output, StopSignals signals)
    {
        string from = UserPath.Expand(folder),
            to = output ?? DefaultFolder(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(from))));
        try
        {
            Result<int> written;
            using (var view = DatasetProgressView.OnTerminal())
                written = AudioFolder.Convert(from, to, signals.Stop, view.Show);
            if (!written.IsOk)
                return Terminal.WriteError(written.Errors);
            Terminal.Line($"{DisplayText.Count(written.Value, "recording")} in {to}; train on them with");
            Terminal.Line($"  {AudioFolder.Card.ToYaml(to)}");
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            // Half a set would pass for a whole one.
            Terminal.Line($"stopped; delete {to} before you run this again");
            return signals.ExitCode;
        }
    }

    /// <summary>The settings of a set with parameters as a sweep file would give them.</summary>
    /// <param name="name">The set.</param>
    /// <param name="values">What <c>--set</c> was given.</param>
    /// <param name="root">The folder of a recorded set; where nothing names one, it is
    /// <see cref="DefaultFolder"/>.</param>
    internal static Result<DatasetSettings> Settings(string name, IReadOnlyList<string> values, string? root = null)
    {
        if (DatasetCatalog.Find(name) is null)
            return new UserError(name, $"is no data set; there are {string.Join(", ", DatasetCatalog.All.Select(d => d.Name))}");
        bool rooted = values.Any(v =>
            v.StartsWith("root=", StringComparison.Ordinal) || v.StartsWith("dataset.root=", StringComparison.Ordinal)
        );
        if (!rooted && DatasetCatalog.Find(name) is { NeedsFolder: true })
            root ??= DefaultFolder(name);
        string[] overrides =
        [
            .. values.Select(v => "base.dataset." + (v.StartsWith("dataset.", StringComparison.Ordinal) ? v[8..] : v)),
        ];
        string yaml =
            $"schema: rouser/sweep/v1\nname: data\nbase: {{dataset.name: {name}}}\narms: {{a: {{}}}}\nseeds: [0]\nstudies: {{s: {{}}}}\n";
        return SpecReader
            .Read("--set", yaml, overrides)
            .Then<DatasetSettings>(spec =>
                TrialSettings.From(spec.Base).Dataset is var settings && (root ?? settings.Root) is { } folder
                    ? settings with
                    {
                        Root = UserPath.Expand(folder),
                    }
                    : settings
            );
    }
}
