using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Whether the workers of a run agreed with each other, as it is told at the run's end.</summary>
internal static class RunAlarms
{
    /// <summary>More than so many alarms are one cause, which the first show.</summary>
    private const int MostLines = 10;

    /// <summary>Says what disagreed, and what became of the trials that were trained twice.</summary>
    /// <returns>Whether nothing disagreed.</returns>
    public static Result<bool> Report(RunSession run) =>
        run.OpenJournalToRead()
            .Then<bool>(journal =>
            {
                using (journal)
                    return Report(run.Plan, Coordinator.Open(run.Plan, run.Spec.Run, journal).State);
            });

    private static bool Report(Plan plan, CoordinatorState state)
    {
        TrialStatus[] alarms = [.. state.Trials.Where(t => t.Alarm is not null)];
        Dictionary<TrialId, Cell> cells = plan.FirstCells();
        foreach (TrialStatus trial in alarms.Take(MostLines))
        {
            Cell cell = cells[trial.Planned.Id];
            string seed = cell.Seed.ToString(CultureInfo.InvariantCulture);
            Terminal.WriteError(
                new UserError(
                    "ALARM",
                    $"trial {trial.Planned.Id.Short} ({cell.Study}/{cell.Arm} {cell.Setting}, seed {seed}): {trial.Alarm}"
                )
            );
        }
        if (alarms.Length > 0)
        {
            Terminal.WriteError(
                new UserError(
                    "ALARM",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{DisplayText.Count(alarms.Length, "trial")} told twice with different numbers; one of the machines "
                            + $"computes wrong: test its memory, and train its trials again"
                    )
                )
            );
        }
        ReportChecks(state);
        return alarms.Length == 0;
    }

    private static void ReportChecks(CoordinatorState state)
    {
        TrialCheck[] checks = [.. state.Trials.Select(t => t.Check).OfType<TrialCheck>()];
        if (checks.Length == 0)
            return;
        int passed = checks.Count(c => c.State == CheckState.Passed),
            disagreed = checks.Count(c => c.State == CheckState.Disagreed);
        string undone =
            checks.Length > passed + disagreed
                ? string.Create(CultureInfo.InvariantCulture, $", {checks.Length - passed - disagreed:N0} not done")
                : "";
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"trained twice (run.cross_check): {passed:N0} the same, {disagreed:N0} different{undone}"
            )
        );
    }
}
