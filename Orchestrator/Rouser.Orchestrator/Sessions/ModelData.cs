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
    public static Result<ModelData> Find(string path, TrainedModel model, string? dataFolder)
    {
        PlannedTrial trial = model.Trial;
        // Models of before the place was left out say it.
        if (dataFolder is not null || trial.Synthetic || trial.Parameters.Find(DatasetSettings.RootParameter.Name) is not null)
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
}
