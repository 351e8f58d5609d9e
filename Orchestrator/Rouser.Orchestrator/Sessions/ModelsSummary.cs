using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Files;
using Rouser.Storage.Models;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Which completed trials of a run lack a model that the sweep file asks for, told at the run's end.</summary>
internal static class ModelsSummary
{
    /// <summary>Says it; nothing where none is lacking.</summary>
    public static Result<bool> Show(RunSession run) =>
        run.Models is not { } models
            ? true
            : run.OpenJournalToRead()
                .Then(journal =>
                {
                    using (journal)
                        return Show(run, models, Coordinator.Open(run.Plan, run.Spec.Run, journal).State);
                });

    private static Result<bool> Show(RunSession run, ModelFolder models, CoordinatorState state)
    {
        try
        {
            PlannedTrial[] completed =
            [
                .. state
                    .Trials.Where(t => t.State == TrialState.Completed && t.Planned.Settings.Engine != EngineKind.Noop)
                    .Select(t => t.Planned),
            ];
            int lacking = completed.Count(trial => !models.IsComplete(trial));
            if (lacking > 0)
                Terminal.Line(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"models: {lacking:N0} of {completed.Length:N0} completed trials lack a model that run.keep asks for, and no "
                            + $"result; {run.Folder.Paths.Models} has {ByteSize.Text(models.Bytes)} of run.models_limit "
                            + $"({ByteSize.Text(models.Limit)}), and the log says why"
                    )
                );
            return true;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(run.Folder.Paths.Models, e);
        }
    }
}
