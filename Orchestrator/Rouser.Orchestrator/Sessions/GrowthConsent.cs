using System.Globalization;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Shows how the plan of a run would change and what that costs, and asks whether it may: whoever runs a changed file
/// into the folder of a long sweep may have forgotten <c>--out</c>.
/// </summary>
/// <param name="data">Finds the data of the trials, whose time is estimated.</param>
/// <param name="slots">Trials at a time, if the user said so.</param>
/// <param name="threads">Threads per trial, if the user said so.</param>
/// <param name="store">The results store, if the user named one.</param>
/// <param name="yes">Whether the user has agreed beforehand.</param>
internal sealed class GrowthConsent(DataSource data, int? slots, int? threads, string? store, bool yes)
{
    /// <summary>Shows the change and asks.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="growth">What would become of its plan.</param>
    /// <returns>True, or the mistake that says why not.</returns>
    public Result<bool> Ask(RunSession run, PlanGrowth growth)
    {
        string folder = run.Folder.Paths.Folder;
        if (!yes && !Terminal.CanAsk)
            return new UserError(folder, $"the run has another plan than this sweep: {InOneLine(run.Plan, growth)}; {Remedy}");
        Terminal.Line($"{folder} has another plan than this sweep. The run would go on with:");
        foreach ((string what, int count, string meaning) in Lines(growth))
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {what, -8}{count, 6:N0} trials{meaning}"));
        if (PlanDifference.Describe(run.Plan, growth.Plan) is { Length: > 0 } difference)
            Terminal.Line($"  differs  {difference}");
        Result<Plan> shown = (run with { Plan = growth.Plan })
            .Left()
            .Then(left => RunStore.Without(run with { Plan = growth.Plan }, store, left))
            .Then(left =>
                PlanSummary.ShowWork(
                    growth.Plan,
                    left.Trials,
                    left.Deferred,
                    data,
                    SlotsAndThreads.Choose(slots, threads, Math.Max(1, left.Trials.Count))
                )
            );
        if (!shown.IsOk)
            return Result<bool>.Failed(shown.Errors);
        return yes || Terminal.Confirms("Go on?", data.Stop)
            ? true
            : new UserError(folder, "the run is left as it was; --out NEW trains this sweep into another folder");
    }

    private const string Remedy = "--yes has the run go on with it, --out NEW trains it into another folder";

    private static IEnumerable<(string What, int Count, string Meaning)> Lines(PlanGrowth growth)
    {
        yield return ("kept", growth.Kept, ", with their results");
        yield return ("new", growth.Added.Count, "");
        yield return (
            "dropped",
            growth.Dropped.Count,
            growth.Dropped.Count > 0 ? ": they stay in the journal and leave the tables" : ""
        );
    }

    private static string InOneLine(Plan kept, PlanGrowth growth)
    {
        string difference = PlanDifference.Describe(kept, growth.Plan);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{growth.Kept:N0} trials kept, {growth.Added.Count:N0} new, {growth.Dropped.Count:N0} dropped"
                + $"{(difference.Length > 0 ? $" ({difference})" : "")}"
        );
    }
}
