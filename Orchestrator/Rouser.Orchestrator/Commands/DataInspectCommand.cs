using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Datasets;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser data inspect</c>: what a data set holds, and how a sample looks.</summary>
internal static class DataInspectCommand
{
    public static Command Build()
    {
        var path = new Argument<string>("PATH") { Description = "Folder of a recorded set, or name of a generated one." };
        Option<string[]> set = Options.Set();
        set.Description = "Parameter of the set, for example steps=100 or width=240. Can be repeated.";
        var sample = new Option<int>("--sample")
        {
            Description = "Number of the training sample to show, from 0.",
            HelpName = "N",
        };
        var svg = new Option<string?>("--svg")
        {
            Description = "Draw the sample into this file instead of the terminal.",
            HelpName = "FILE",
        };
        var command = new Command(
            "inspect",
            "Show the samples, classes and events of a data set, warnings about them, and one sample."
        )
        {
            path,
            set,
            sample,
            svg,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(
                        Execute(
                            parsed.GetRequiredValue(path),
                            parsed.GetValue(set) ?? [],
                            parsed.GetValue(sample),
                            parsed.GetValue(svg),
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static int Execute(string path, string[] values, int sample, string? svg, CancellationToken stop)
    {
        path = UserPath.Expand(path);
        if (File.Exists(path))
            return Terminal.WriteError([
                new UserError(
                    path,
                    "is a file; name the folder of a data set, such as the one that holds Train and Test, or a generated set"
                ),
            ]);
        bool generated = DatasetCatalog.Find(path) is { NeedsFolder: false };
        // The name of a recorded set means the folder where it is downloaded to.
        if (!generated && !Directory.Exists(path) && DatasetCatalog.Find(path) is not null)
            path = DataCommand.DefaultFolder(path);
        if (!generated && !Directory.Exists(path))
            return Terminal.WriteError([
                new UserError(
                    path,
                    $"no such folder, nor a generated set; those are "
                        + $"{string.Join(", ", DatasetCatalog.All.Where(d => !d.NeedsFolder).Select(d => d.Name))}"
                ),
            ]);
        string name = generated ? path : LooksLike(path);
        Result<(DatasetSettings Settings, Dataset Data)> loaded;
        using (var view = DatasetProgressView.OnTerminal())
        {
            Result<string[]> known =
                generated || name != DatasetCatalog.Events.Name
                    ? values
                    : SetCard.Find(path).Then<string[]>(card => OfCard(card).Concat(values).ToArray());
            loaded = known
                .Then(all => DataCommand.Settings(name, all, generated ? null : Path.GetFullPath(path)))
                .Then(settings =>
                    DatasetLoader
                        .Look(settings, PackedDatasets.OfUser(), stop, view.Show)
                        .Then<(DatasetSettings, Dataset)>(data => (settings, data))
                );
        }
        if (!loaded.IsOk)
            return Terminal.WriteError(loaded.Errors);
        (DatasetSettings settings, Dataset data) = loaded.Value;
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{data.Name}{DatasetCatalog.MarkOf(data.Name, data.Synthetic)}: {data.InputCount:N0} inputs, {data.ClassCount} classes, "
                    + $"{data.StepCount} steps of {settings.StepMilliseconds} ms, digest {data.Digest[..12]}"
            )
        );
        PrintSplit("train", data.Train, data);
        PrintSplit("test", data.Test, data);
        foreach (string line in data.Findings?.Lines() ?? [])
            Terminal.Line(line);
        // What a generator makes is what was asked for.
        foreach (string warning in data.Synthetic ? [] : data.Findings?.Warnings() ?? [])
            Terminal.Warn(path, warning);
        if (!data.Synthetic && data.Findings?.Refusal(path) is { } refusal)
            return Terminal.WriteError([refusal]);
        if (sample < 0 || sample >= data.Train.Count)
            return Terminal.WriteError([new UserError("--sample", $"({sample}) must be 0 to {data.Train.Count - 1}")]);

        DataPicture picture = DataPicture.Of(data.Train[sample].Raster, settings.Binning());
        Terminal.Line(
            $"sample {sample}, class {data.Train[sample].Label}, {data.Train[sample].Raster.SpikeCount:N0} spikes, {picture.What}:"
        );
        if (svg is null)
        {
            foreach (string line in picture.ToText())
                Terminal.Line(line);
            return ExitCode.Ok;
        }
        try
        {
            File.WriteAllText(svg, picture.ToSvg());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Terminal.WriteError([new UserError(svg, $"cannot be written: {e.Message}")]);
        }
        Terminal.Line(svg);
        return ExitCode.Ok;
    }

    private static void PrintSplit(string split, IReadOnlyList<Sample> samples, Dataset data)
    {
        int[] spikes = [.. samples.Select(s => s.Raster.SpikeCount).Order()];
        double density = spikes.Average() / ((double)data.StepCount * data.InputCount);
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{split, -5} {samples.Count:N0} samples; per class "
                    + $"{string.Join(' ', Enumerable.Range(0, data.ClassCount).Select(c => samples.Count(s => s.Label == c)))}"
            )
        );
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"      spikes {spikes.Sum(s => (long)s):N0}; per sample {spikes[0]:N0} to {spikes[^1]:N0}, median {spikes[spikes.Length / 2]:N0}, "
                    + $"mean {spikes.Average():N0}; density {100 * density:0.###} %"
            )
        );
    }

    /// <summary>What a converted set knows of itself; what the user sets goes over it.</summary>
    private static IEnumerable<string> OfCard(SetCard? card) =>
        card is null
            ? []
            :
            [
                .. new FormattableString[]
                {
                    $"width={card.Width}",
                    $"height={card.Height}",
                    $"steps={card.Steps}",
                    $"step_ms={card.StepMs}",
                }.Select(FormattableString.Invariant),
            ];

    /// <summary>The set whose layout a folder has.</summary>
    private static string LooksLike(string folder) =>
        File.Exists(Path.Combine(folder, "trials_to_train.txt")) || Directory.Exists(Path.Combine(folder, "DvsGesture"))
            ? DatasetCatalog.Dvs128.Name
        : File.Exists(Path.Combine(folder, "shd_train.h5")) ? DatasetCatalog.Shd.Name
        : HoldsMnist(folder) ? MnistSaccades.Description.Name
        : HoldsDigits(folder) ? DatasetCatalog.NMnist.Name
        : DatasetCatalog.Events.Name;

    private static bool HoldsMnist(string folder) => Directory.EnumerateFiles(folder, "train-images-idx3-ubyte*").Any();

    private static bool HoldsDigits(string folder)
    {
        EnumerationOptions anyCase = new() { MatchCasing = MatchCasing.CaseInsensitive };
        return Directory
            .EnumerateDirectories(folder, "Train", anyCase)
            .Any(train =>
                Directory.Exists(Path.Combine(train, "0"))
                && Directory.EnumerateFiles(Path.Combine(train, "0"), "*.bin", anyCase).Any()
            );
    }
}
