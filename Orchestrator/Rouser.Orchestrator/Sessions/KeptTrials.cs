using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Results;
using Rouser.Storage.Parquet;
using Rouser.Storage.Predictions;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Orchestrator.Sessions;

/// <summary>What a run folder keeps of its trials: models and predictions.</summary>
internal sealed class KeptTrials(RunSession run) : IKeptTrials
{
    // Whoever looks at one sample looks at others: a data set is read once, unless the memory is needed otherwise.
    private readonly WeakReference<DataSource?> _data = new(null);

    public IReadOnlyList<string> ClassNamesOf(PlannedTrial trial) => run.ClassNamesOf(trial);

    public Result<TrialPredictions> Predictions(PlannedTrial trial) =>
        run.Predictions.FileOf(trial.Id) is { } file
            ? PredictionFolder.Read(file)
            : new UserError("", "no predictions of this trial are kept, or not yet");

    public Result<SampleActivity> Activity(PlannedTrial trial, int sample, CancellationToken stop)
    {
        if (run.Models?.PathOf(trial, trial.Settings.Epochs) is not { } path)
            return new UserError("", "no model of this trial is kept (run.keep), or not yet");
        string? remark = null;
        return ModelRun
            .Open(path, line => remark = line)
            .Then(model =>
            {
                using (model)
                    return Activity(path, trial, model, sample, stop);
            })
            .Then<SampleActivity>(activity => activity with { Remark = remark ?? activity.Remark });
    }

    private DataSource Data()
    {
        if (!_data.TryGetTarget(out DataSource? data))
            _data.SetTarget(data = new DataSource(run.Origin.WorkingFolder, run.Origin.DataFolder));
        return data;
    }

    private Result<SampleActivity> Activity(string path, PlannedTrial trial, ModelRun model, int sample, CancellationToken stop)
    {
        Result<Dataset> loaded = Data().Load(trial.Settings.Dataset, stop);
        if (!loaded.IsOk)
            return Result<SampleActivity>.Failed(loaded.Errors);
        Dataset set = loaded.Value;
        if (set.InputCount != model.Model.State.Layers[0].InputCount)
            return new UserError(path, "takes another number of inputs than its data set has");
        if (sample >= set.Test.Count)
            return new UserError(
                "",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the test set has {set.Test.Count:N0} samples, from 0; name one of them"
                )
            );
        Sample asked = set.Test[sample];
        Prediction said = model.Predict(asked.Raster);
        IReadOnlyList<SpikeRaster> layers = model.LastSpikes();
        return new SampleActivity(
            set.Test.Count,
            asked.Label,
            said.Class,
            asked.Raster,
            layers,
            set.Digest != model.Model.Trial.DataDigest ? "the data is not what the model was trained and tested with"
                : layers.Count == 0 ? "the engine of this trial does not tell when its neurons spike"
                : null
        );
    }
}

/// <summary>What a folder that holds nothing but the tables keeps: predictions.</summary>
internal sealed class TabledTrials(string folder, RunMetadata metadata) : IKeptTrials
{
    public IReadOnlyList<string> ClassNamesOf(PlannedTrial trial) =>
        metadata.Classes.GetValueOrDefault(trial.DataDigest)
        ?? DatasetCatalog.Find(trial.Settings.Dataset.Name)?.ClassNames
        ?? [];

    public Result<TrialPredictions> Predictions(PlannedTrial trial) =>
        PredictionsFile
            .Open(folder)
            .Then(file =>
            {
                using (file)
                    return file?.Read(trial.Id) is { } read
                        ? read.Then(said => said is null ? NothingOf() : Result<TrialPredictions>.Of(said))
                        : NothingOf();
            });

    public Result<SampleActivity> Activity(PlannedTrial trial, int sample, CancellationToken stop) =>
        new UserError("", "the folder holds the tables alone, and no model");

    private static Result<TrialPredictions> NothingOf() => new UserError("", "no predictions of this trial are in the tables");
}
