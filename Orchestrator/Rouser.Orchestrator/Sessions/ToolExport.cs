using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Results;
using Rouser.Storage.Files;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Writes the trials of a run for a tool that shows trials, from the run's tables.</summary>
/// <param name="Word">What the user calls the format.</param>
/// <param name="Fill">Writes it into an empty folder.</param>
/// <param name="Opens">How the folder is opened.</param>
internal sealed record ToolExport(string Word, Action<ExportedRun, string> Fill, Func<string, string> Opens)
{
    /// <summary>The formats.</summary>
    public static IReadOnlyList<ToolExport> All { get; } =
    [
        new("tensorboard", TensorBoardFiles.Write, folder => $"open it with: tensorboard --logdir {DisplayText.Quote(folder)}"),
        new("mlflow", MlflowStore.Write, folder => $"open it with: mlflow ui --backend-store-uri {DisplayText.Quote(folder)}"),
        new(
            "wandb-offline",
            WandbOffline.Write,
            folder => $"upload it with: wandb sync {DisplayText.Quote(folder)}/offline-run-*"
        ),
        new(
            "optuna-journal",
            OptunaJournal.Write,
            folder => $"open it with: optuna.storages.JournalFileStorage({Python(Path.Combine(folder, OptunaJournal.FileName))})"
        ),
    ];

    /// <summary>
    /// Writes the export of a run; it appears whole or not at all. What is there already is left alone.
    /// </summary>
    /// <param name="path">What <see cref="RunResults"/> reads.</param>
    /// <param name="folder">Where to; must not be there yet.</param>
    /// <returns>What to tell the user.</returns>
    public Result<IReadOnlyList<string>> Export(string path, string? journal, string folder)
    {
        if (File.Exists(folder) || Directory.Exists(folder))
            return new UserError(folder, "is there already; remove it, or name another folder with --out");
        return RunResults.ReadParts(path, journal, tables => Write(path, tables, folder));
    }

    private Result<IReadOnlyList<string>> Write(string path, ResultParts tables, string folder)
    {
        Result<ExportedRun> run = ExportedRun.Of(tables);
        if (!run.IsOk)
            return Result<IReadOnlyList<string>>.Failed([
                .. run.Errors.Select(e => e with { Location = Path.Combine(path, e.Location) }),
            ]);
        if (!run.Value.Trials.Any(trial => trial.HasBegun))
            return new UserError(path, "no trial has begun yet, so that there is nothing to export");
        using StagedFolder staged = new(folder);
        try
        {
            Directory.CreateDirectory(staged.Path);
            Fill(run.Value, staged.Path);
            staged.Appear();
            return Result<IReadOnlyList<string>>.Of(Tell(run.Value, folder));
        }
        catch (InvalidDataException damage)
        {
            return new UserError(Path.Combine(path, "layers"), damage.Message);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(folder, e);
        }
    }

    private string[] Tell(ExportedRun run, string folder)
    {
        int waiting = run.Trials.Count(t => !t.HasBegun),
            all = run.Trials.Count;
        string left = waiting > 0 ? $"; {DisplayText.Count(waiting, "trial")} not begun" : "";
        string metric =
            Word == "optuna-journal" ? $"; values are {run.Metric.Name} ({(run.Metric.Maximize ? "maximize" : "minimize")})" : "";
        return [$"{folder}: {DisplayText.Count(all, "trial")}{left}{metric}", Opens(folder)];
    }

    private static string Python(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
