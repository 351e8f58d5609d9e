using System.CommandLine;
using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Models;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser models DIR</c>: the networks that a run has kept.</summary>
internal static class ModelsCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        var command = new Command("models", "List the models that a run has kept, with the test accuracy of each.") { folder };
        command.SetAction(parsed => Execute(parsed.GetRequiredValue(folder)));
        return command;
    }

    private static int Execute(string path)
    {
        Result<RunSession> session = RunSession.Open(path);
        Result<IReadOnlyList<string>> files = session.Then(s => new ModelFolder(s.Folder.Paths.Models).Files());
        if (!files.IsOk)
            return Terminal.WriteError(files.Errors);
        int code = ExitCode.Ok;
        // A model does not say it: nothing of it hangs on the labels of the test set.
        Result<IReadOnlyDictionary<(TrialId, int), double>> recorded =
            files.Value.Count == 0 ? new Dictionary<(TrialId, int), double>() : TestAccuracies(session.Value);
        if (!recorded.IsOk)
            code = Terminal.WriteError(recorded.Errors);
        IReadOnlyDictionary<(TrialId, int), double> accuracies = recorded.IsOk
            ? recorded.Value
            : new Dictionary<(TrialId, int), double>();
        ILookup<TrialId, Cell> cells = session.Value.Plan.Cells.ToLookup(cell => cell.Trial);
        HashSet<TrialId> dropped = [.. session.Value.Plan.History?.Dropped ?? []],
            trials = [];
        (int whole, int notAskedFor) = (0, 0);
        foreach (string file in files.Value)
        {
            Result<TrainedModel> read = ModelFile.Read(file);
            if (!read.IsOk)
            {
                code = Terminal.WriteError(read.Errors);
                continue;
            }
            TrainedModel model = read.Value;
            Cell? cell = cells[model.Trial.Id].FirstOrDefault();
            int epoch = model.Epoch ?? model.Trial.Settings.Epochs;
            string accuracy = accuracies.TryGetValue((model.Trial.Id, epoch), out double share)
                ? share.ToString("0.0000", CultureInfo.InvariantCulture)
                : "not on record";
            bool isDropped = dropped.Contains(model.Trial.Id);
            string where =
                isDropped ? "not asked for any more"
                : cell is null ? "of no cell of the plan"
                : $"{cell.Study} {cell.Arm} {cell.Setting}".TrimEnd();
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: {where}, seed {model.Trial.Seed}, {EpochOf(model)}test accuracy {accuracy}"
                )
            );
            if (isDropped)
            {
                notAskedFor++;
                continue;
            }
            whole++;
            trials.Add(model.Trial.Id);
        }
        int planned = session.Value.Plan.Trials.Count(trial => trials.Contains(trial.Id));
        int all = session.Value.Plan.Trials.Count;
        string of = planned < all && whole != planned ? $"{planned} of " : "";
        Terminal.Line($"{DisplayText.Count(whole, "model")} of {of}{DisplayText.Count(all, "trial")}");
        if (notAskedFor > 0)
            Terminal.Line(
                $"{DisplayText.Count(notAskedFor, "model")} of trials that the run does not ask for any more; they yield to others at "
                    + "run.models_limit"
            );
        return code;
    }

    private static Result<IReadOnlyDictionary<(TrialId Trial, int Epoch), double>> TestAccuracies(RunSession session) =>
        session
            .OpenJournalToRead()
            .Then(journal =>
            {
                using (journal)
                    return Result<IReadOnlyDictionary<(TrialId, int), double>>.Of(
                        journal
                            .Read()
                            .OfType<EpochRecorded>()
                            .ToDictionary(e => (e.Trial, e.Metrics.Epoch), e => e.Metrics.TestAccuracy)
                    );
            });

    private static string EpochOf(TrainedModel model) =>
        model.Epoch is { } epoch
            ? string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} of {model.Trial.Settings.Epochs}, ")
            : "";
}
