using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Datasets;
using Rouser.Storage.Files;
using Rouser.Storage.Models;

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
        var json = new Option<bool>("--json")
        {
            Description = "Print a line of JSON for each recording: file, class, name and output_spikes, or logits.",
        };
        var command = new Command(
            "predict",
            "Print the class that a model sees in each recording, and its output spikes or logits."
        )
        {
            model,
            files,
            svg,
        };
        command.Options.Add(json);
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
                            parsed.GetValue(json),
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static int Execute(string path, string[] files, string? svg, bool json, CancellationToken stop)
    {
        Result<ModelRun> opened = ModelReference.Find(path).Then(ModelRun.Open);
        if (!opened.IsOk)
            return Terminal.WriteError(opened.Errors);
        using ModelRun run = opened.Value;
        DatasetSettings settings = run.Model.Trial.Settings.Dataset;
        foreach (string file in files)
        {
            Result<SpikeRaster> raster = SingleRecording.Read(settings, file, stop);
            if (!raster.IsOk)
                return Terminal.WriteError(raster.Errors);
            if (raster.Value.NeuronCount != run.Model.State.Layers[0].InputCount)
                return Terminal.WriteError([new UserError(path, "takes another number of inputs than its data set has")]);
            Prediction said = run.Predict(raster.Value);
            string name = run.Model.NameOf(said.Class);
            Terminal.Line(json ? Json(file, name, said) : $"{file}: class {name}, {Outputs(said)}");
            if (svg is not null && Draw(raster.Value, settings, svg) is { } wrong)
                return Terminal.WriteError([wrong]);
        }
        return ExitCode.Ok;
    }

    private static string Outputs(Prediction said) =>
        said.Logits.Length == 0
            ? $"output spikes {string.Join(' ', said.OutputSpikes)}"
            : $"logits {string.Join(' ', said.Logits.Select(z => z.ToString("0.####", CultureInfo.InvariantCulture)))}";

    private static string Json(string file, string name, Prediction said)
    {
        JsonObject line = new()
        {
            ["file"] = file,
            ["class"] = said.Class,
            ["name"] = name,
        };
        if (said.Logits.Length == 0)
            line["output_spikes"] = new JsonArray([.. said.OutputSpikes.Select(n => JsonValue.Create(n))]);
        else
            line["logits"] = new JsonArray([.. said.Logits.Select(z => JsonValue.Create(z))]);
        return line.ToJsonString();
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
