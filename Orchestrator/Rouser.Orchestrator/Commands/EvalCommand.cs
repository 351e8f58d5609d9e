using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Reports.Terminal;
using Rouser.Snn.Connections;
using Rouser.Storage.Models;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser eval MODEL --data DIR</c>: how a kept model does on the test samples of a data set.</summary>
internal static class EvalCommand
{
    public static Command Build()
    {
        Argument<string> model = Options.Model();
        Option<string?> data = Options.Data();
        data.Description = "Folder of the recorded data set, if the model is not in its run's folder or the data lies elsewhere.";
        Option<string?> dataset = new("--dataset")
        {
            Description =
                "Another data set of the same inputs and classes, with the steps and the binning of the model: nmnist for a model "
                + "trained on mnist-saccades. --data names its folder.",
        };
        var command = new Command(
            "eval",
            "Evaluate a model on the test samples of its data set: accuracy, classes, confusion matrix and spikes."
        )
        {
            model,
            data,
            dataset,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(
                        Execute(parsed.GetRequiredValue(model), parsed.GetValue(data), parsed.GetValue(dataset), signals)
                    )
                )
        );
        return command;
    }

    private static int Execute(string named, string? data, string? dataset, StopSignals signals)
    {
        Result<string> found = ModelReference.Find(named);
        Result<ModelRun> opened = found.Then(ModelRun.Open);
        if (!opened.IsOk)
            return Terminal.WriteError(opened.Errors);
        string path = found.Value;
        using ModelRun run = opened.Value;
        Result<Dataset> loaded = ModelData
            .Find(path, run.Model, data, dataset)
            .Then(place => place.Source.Load(place.Settings, signals.Stop));
        if (!loaded.IsOk)
            return Terminal.WriteError(loaded.Errors);
        Dataset set = loaded.Value;
        int classes = run.Model.State.Layers[^1].NeuronCount;
        if (set.InputCount != run.Model.State.Layers[0].InputCount || set.ClassCount != classes)
            return Terminal.WriteError([
                new UserError(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"takes {run.Model.State.Layers[0].InputCount:N0} inputs and knows {classes} classes, the data has "
                            + $"{set.InputCount:N0} and {set.ClassCount}; name the folder of its data set with --data"
                    )
                ),
            ]);
        if (set.Digest != run.Model.Trial.DataDigest)
            Terminal.Warn(path, "the data is not what the model was trained and tested with");

        long[,] confusion = new long[classes, classes];
        int layers = run.Model.State.Layers.Count;
        long[] spikes = new long[run.Model.Trial.Settings.HasSpikes(layers - 1, layers) ? layers : layers - 1];
        foreach (Sample sample in set.Test)
        {
            if (signals.Stop.IsCancellationRequested)
                return signals.ExitCode;
            Prediction said = run.Predict(sample.Raster);
            confusion[sample.Label, said.Class]++;
            for (int l = 0; l < spikes.Length; l++)
                spikes[l] += said.LayerSpikes[l];
        }
        Show(set, confusion, spikes, run);
        return ExitCode.Ok;
    }

    private static string Delays(TrainedModel model, int layer) =>
        model.Trial.Settings.Delays?.StepsOf(model.State.Layers[layer].Tensors) is { } steps
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", {(model.Trial.Settings.Delays is SynapticDelays ? "weights " : "")}delayed by {steps.Min()} to {steps.Max()} steps, "
                    + $"mean {steps.Average():0.0}"
            )
            : "";

    private static void Show(Dataset set, long[,] confusion, long[] spikes, ModelRun run)
    {
        int[] classes = [.. Enumerable.Range(0, set.ClassCount)];
        string[] names = [.. classes.Select(run.Model.NameOf)];
        long correct = classes.Sum(c => confusion[c, c]);
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"accuracy {Share(correct, set.Test.Count)}: {correct} of {set.Test.Count} test samples"
                    + $"{DatasetCatalog.MarkOf(set.Name, set.Synthetic)}"
            )
        );
        for (int l = 0; l < spikes.Length; l++)
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"layer {l + 1}: {run.Model.State.Layers[l].NeuronCount} neurons, "
                        + $"{(double)spikes[l] / set.Test.Count:0.0} spikes per sample{Delays(run.Model, l)}"
                )
            );
        if (spikes.Length < run.Model.State.Layers.Count)
            Terminal.Line(
                $"layer {spikes.Length + 1}: {set.ClassCount} neurons without threshold, which do not spike{Delays(run.Model, spikes.Length)}"
            );
        Terminal.Line();
        Terminal.Table(
            new TextTable(
                "Classes",
                ["class", "samples", "predicted", "recall", "precision"],
                [false, true, true, true, true],
                [.. classes.Select(c => ClassRow(c))],
                []
            )
        );
        Terminal.Table(
            new TextTable(
                "Confusion matrix (rows: label; columns: predicted class)",
                ["", .. names],
                [false, .. classes.Select(_ => true)],
                [.. classes.Select(c => (string[])[names[c], .. classes.Select(p => Number(confusion[c, p]))])],
                []
            )
        );

        string[] ClassRow(int c)
        {
            long samples = classes.Sum(p => confusion[c, p]),
                predicted = classes.Sum(l => confusion[l, c]);
            return
            [
                names[c],
                Number(samples),
                Number(predicted),
                Share(confusion[c, c], samples),
                Share(confusion[c, c], predicted),
            ];
        }
    }

    private static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    private static string Share(long part, long of) =>
        of == 0 ? "–" : ((double)part / of).ToString("0.0000", CultureInfo.InvariantCulture);
}
