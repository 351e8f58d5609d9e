using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Why each comparison of a sweep needed no more seeds, as it is told at the run's end.</summary>
internal static class SeedsSummary
{
    /// <summary>More lines say no more than the report's table.</summary>
    private const int MostLines = 30;

    /// <summary>Says it; nothing for a sweep whose seeds are lists.</summary>
    public static Result<bool> Show(RunSession run) =>
        run.Spec.Run.Budgets is null
            ? true
            : run.OpenJournalToRead()
                .Then<bool>(journal =>
                {
                    using (journal)
                        Show(Coordinator.Open(run.Plan, run.Spec.Run, journal).State, run.Plan, run.Spec.Run);
                    return true;
                });

    private static void Show(CoordinatorState state, Plan plan, RunSettings run)
    {
        foreach (ComparisonSettled settled in state.Settled.Take(MostLines))
        {
            string setting = settled.Setting.Length > 0 ? $" at {settled.Setting}" : "";
            Terminal.Line(OneLine.Of($"{settled.Study}: {settled.Arm}{setting} is {settled.Reason}", 1000));
        }
        if (state.Settled.Count > MostLines)
            Terminal.Line($"and {DisplayText.Count(state.Settled.Count - MostLines, "more comparison")}, which the report has");
        int open = state.ComparisonCount - state.Settled.Count,
            deferred = state.Count(TrialState.Deferred);
        if (open > 0)
            Terminal.Line($"{DisplayText.Count(open, "comparison")} still open, as some of their seeds have no result");
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"seeds until decided: {plan.Trials.Count - deferred:N0} of at most {DisplayText.Count(run.MostTrials(plan), "trial")} needed"
            )
        );
        Terminal.Line();
    }
}
