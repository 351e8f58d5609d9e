using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Models;
using Rouser.Storage.Runs;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Where the data set of a model lies. The model does not say, so that it is the same on any machine; the run in whose
/// folder it lies does.
/// </summary>
/// <param name="Source">Finds data sets.</param>
/// <param name="Settings">The model's.</param>
internal sealed record ModelData(DataSource Source, DatasetSettings Settings)
{
    /// <summary>Finds it: where the user says, or else where the run of the model has it.</summary>
    /// <param name="path">The file of the model.</param>
    /// <param name="model">What is in it.</param>
    /// <param name="dataFolder">The folder given with <c>--data</c>; null without.</param>
    /// <param name="otherSet">A data set to take in place of the model's, all of its samples; null for the model's.</param>
    public static Result<ModelData> Find(string path, TrainedModel model, string? dataFolder, string? otherSet = null)
    {
        PlannedTrial trial = model.Trial;
        if (dataFolder is not null && !Directory.Exists(dataFolder))
            return new UserError(dataFolder, "there is no such folder; name that of the data set");
        if (otherSet is not null)
            return Other(trial, dataFolder, otherSet);
        // Models of before the place was left out say it.
        bool needsFolder = DatasetCatalog.Find(trial.Settings.Dataset.Name) is not { NeedsFolder: false };
        if (dataFolder is not null || !needsFolder || trial.Parameters.Find(DatasetSettings.RootParameter.Name) is not null)
            return new ModelData(new DataSource(Environment.CurrentDirectory, dataFolder), trial.Settings.Dataset);
        string? folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path)));
        if (folder is null || !File.Exists(new RunPaths(folder).Run))
            return new UserError(path, "is not in the folder of its run, so that its data set is unknown; name it with --data");
        return RunSession
            .Open(folder)
            .Then<ModelData>(run =>
                run.Plan.Trials.FirstOrDefault(t => t.Id == trial.Id) is { } planned
                    ? new ModelData(new DataSource(run.Origin.WorkingFolder, run.Origin.DataFolder), planned.Settings.Dataset)
                    : new UserError(path, "is of a trial that its run does not have any more; name its data set with --data")
            );
    }

    private static Result<ModelData> Other(PlannedTrial trial, string? dataFolder, string name)
    {
        if (DatasetCatalog.Find(name) is not { } set)
            return new UserError(
                "--dataset",
                $"{name} is no data set; there are {string.Join(", ", DatasetCatalog.All.Select(d => d.Name))}"
            );
        if (set.NeedsFolder && dataFolder is null)
            return new UserError("--dataset", $"{name} lies in a folder; name it with --data");
        return new ModelData(
            new DataSource(Environment.CurrentDirectory, dataFolder),
            trial.Settings.Dataset with
            {
                Name = name,
                Root = set.NeedsFolder ? dataFolder : null,
                TrainSamples = null,
                TestSamples = null,
                Validation = null,
                Split = null,
            }
        );
    }
}
