using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Datasets;
using Rouser.Storage.Files;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser predict MODEL FILE…</c>: the class that a kept model sees in recordings.</summary>
internal static class PredictCommand
{
    public static Command Build()
    {
        Argument<string> model = Options.Model();
        var files = new Argument<string[]>("FILE")
        {
            Description = "Recording in the format of the model's data set. Can be repeated.",
            Arity = ArgumentArity.OneOrMore,
        };
        var svg = new Option<string?>("--svg")
        {
            Description = "Draw the input spikes of the one recording into this file.",
            HelpName = "FILE",
        };
        var command = new Command("predict", "Print the class that a model sees in each recording, and its output spikes.")
        {
            model,
            files,
            svg,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(svg) is not null && result.GetValue(files) is { Length: > 1 })
                result.AddError("--svg draws one recording; name one FILE");
        });
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(
                        Execute(
                            parsed.GetRequiredValue(model),
                            parsed.GetRequiredValue(files),
                            parsed.GetValue(svg),
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static int Execute(string path, string[] files, string? svg, CancellationToken stop)
    {
        Result<ModelRun> opened = ModelRun.Open(path);
        if (!opened.IsOk)
            return Terminal.WriteError(opened.Errors);
        using ModelRun run = opened.Value;
        DatasetSettings settings = run.Model.Trial.Settings.Dataset;
        IReadOnlyList<string> names = settings.Name == DatasetCatalog.NMnist.Name ? DatasetCatalog.NMnist.ClassNames : [];
        foreach (string file in files)
        {
            Result<SpikeRaster> raster = SingleRecording.Read(settings, file, stop);
            if (!raster.IsOk)
                return Terminal.WriteError(raster.Errors);
            if (raster.Value.NeuronCount != run.Model.State.Layers[0].InputCount)
                return Terminal.WriteError([new UserError(path, "takes another number of inputs than its data set has")]);
            Prediction said = run.Predict(raster.Value);
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: class {names.ElementAtOrDefault(said.Class) ?? $"{said.Class}"}, output spikes "
                        + $"{string.Join(' ', said.OutputSpikes)}"
                )
            );
            if (svg is not null && Draw(raster.Value, settings, svg) is { } wrong)
                return Terminal.WriteError([wrong]);
        }
        return ExitCode.Ok;
    }

    private static UserError? Draw(SpikeRaster raster, DatasetSettings settings, string svg)
    {
        try
        {
            File.WriteAllText(svg, DataPicture.Of(raster, settings.Binning()).ToSvg());
            return null;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(svg, e);
        }
    }
}
