using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Storage.Models;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>What a network says of one sample.</summary>
/// <param name="Class">The output neuron with most spikes, or the largest logit; the lowest of equals.</param>
/// <param name="OutputSpikes">Spikes of each output neuron; empty where they have logits.</param>
/// <param name="Logits">The logit of each output neuron; empty where they spike.</param>
/// <param name="LayerSpikes">Spikes of each layer that spikes.</param>
internal sealed record Prediction(int Class, int[] OutputSpikes, float[] Logits, long[] LayerSpikes);

/// <summary>A kept model in the engine that trained it, one sample at a time.</summary>
internal sealed class ModelRun : IDisposable
{
    private readonly ITrainingEngine _engine;
    private readonly Sample[] _one = new Sample[1];

    private ModelRun(TrainedModel model, ITrainingEngine engine) => (Model, _engine) = (model, engine);

    /// <summary>The model.</summary>
    public TrainedModel Model { get; }

    /// <summary>Reads a model and makes its network.</summary>
    /// <param name="warn">Is told, in a line, what the user should know of it; null for the terminal.</param>
    public static Result<ModelRun> Open(string path, Action<string>? warn) =>
        ModelFile.Read(path).Then(model => Start(path, model, warn ?? (line => Terminal.Warn(path, line))));

    /// <summary>The same.</summary>
    public static Result<ModelRun> Open(string path) => Open(path, null);

    /// <summary>Runs the network on a sample.</summary>
    public Prediction Predict(SpikeRaster raster)
    {
        // The label only decides what counts as correct, which is not looked at.
        _one[0] = new Sample(raster, 0);
        BatchResult result = _engine.Evaluate(_one);
        int layers = result.Spikes.Length;
        return new Prediction(
            result.PredictedClass(0),
            [.. result.OutputSpikes],
            [.. result.Logits],
            [.. result.Spikes.Where((_, l) => Model.Trial.Settings.HasSpikes(l, layers)).Select(layer => layer.Sum())]
        );
    }

    /// <summary>
    /// When the neurons of each layer that spikes did so in the sample that was predicted last; none where the engine does
    /// not keep that.
    /// </summary>
    public IReadOnlyList<SpikeRaster> LastSpikes() =>
        _engine is FusedEngine engine
            ?
            [
                .. Enumerable
                    .Range(0, Model.State.Layers.Count)
                    .Where(l => Model.Trial.Settings.HasSpikes(l, Model.State.Layers.Count))
                    .Select(engine.SpikesOf),
            ]
            : [];

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private static Result<ModelRun> Start(string path, TrainedModel model, Action<string> warn)
    {
        PlannedTrial trial = model.Trial;
        Result<string> version = TrainingEngines.Version(trial.Settings.Engine);
        if (!version.IsOk)
            return Result<ModelRun>.Failed(version.Errors);
        string here = TrialEngine.Of(version.Value, trial.Parameters);
        if (here != trial.Engine)
            warn($"was trained by engine {trial.Engine}, this rouser has {here}; spikes may differ");
        IReadOnlyList<LayerState> layers = model.State.Layers;
        TrainingSettings settings = trial.Settings.ForData(
            layers[0].InputCount,
            layers[^1].NeuronCount,
            trial.Settings.Dataset.Steps,
            samples: 1,
            trial.Seed
        );
        ITrainingEngine engine = TrainingEngines.Create(settings with { BatchSize = 1, Averaging = null }, threads: 1);
        try
        {
            engine.Import(model.State);
            return new ModelRun(model, engine);
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException)
        {
            engine.Dispose();
            return new UserError(
                path,
                $"does not fit the network of its settings ({OneLine.Of(e.Message).TrimEnd('.')}); use the rouser that wrote it"
            );
        }
    }
}
