using System.Globalization;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Shows how the plan of a run would change and what that costs, and asks whether it may: whoever runs a changed file
/// into the folder of a long sweep may have forgotten <c>--out</c>.
/// </summary>
/// <param name="data">Finds the data of the trials, whose time is estimated.</param>
/// <param name="store">The results store, if the user named one.</param>
/// <param name="share">How the cores are shared out among so many trials.</param>
/// <param name="yes">Whether the user has agreed beforehand.</param>
internal sealed class GrowthConsent(DataSource data, string? store, Func<int, SlotsAndThreads> share, bool yes)
{
    /// <summary>Shows the change and asks.</summary>
    /// <param name="run">The run as it is.</param>
    /// <param name="growth">What would become of its plan.</param>
    /// <returns>True, or the mistake that says why not.</returns>
    public Result<bool> Ask(RunSession run, PlanGrowth growth)
    {
        string folder = run.Folder.Paths.Folder;
        Result<IReadOnlyList<(Continuation Trial, string? Lacks)>> longer = (run with { Plan = growth.Plan }).Continuations();
        if (!longer.IsOk)
            return Result<bool>.Failed(longer.Errors);
        // A trial that an earlier plan had is among the new ones as well.
        HashSet<TrialId> added = [.. growth.Added.Select(t => t.Id)];
        (Continuation Trial, string? Lacks)[] of = [.. longer.Value.Where(c => added.Contains(c.Trial.Trial.Id))];
        Continuation[] continued = [.. of.Where(c => c.Lacks is null).Select(c => c.Trial)];
        if (!yes && !Terminal.CanAsk)
            return new UserError(
                folder,
                $"the run has another plan than this sweep: {InOneLine(run.Plan, growth, continued.Length)}; {Remedy}"
            );
        Terminal.Line($"{folder} has another plan than this sweep. The run would go on with:");
        foreach ((string what, int count, string meaning) in Lines(growth, continued))
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {what, -10}{count, 6:N0} trials{meaning}"));
        if (PlanDifference.Describe(run.Plan, growth.Plan) is { Length: > 0 } difference)
            Terminal.Line($"  differs    {difference}");
        foreach (IGrouping<string, string> anew in of.Where(c => c.Lacks is not null).GroupBy(c => c.Lacks!, c => c.Lacks!))
            Terminal.Line(
                $"note: {DisplayText.Count(anew.Count(), "trial")} that had fewer epochs before are trained anew: {anew.Key}"
            );
        Result<Plan> shown = (run with { Plan = growth.Plan })
            .Left()
            .Then(left => RunStore.Without(run with { Plan = growth.Plan }, store, left))
            .Then(left => PlanSummary.ShowWork(growth.Plan, left.Trials, left.Deferred, data, share(left.Trials.Count)));
        if (!shown.IsOk)
            return Result<bool>.Failed(shown.Errors);
        return yes || Terminal.Confirms("Go on?", data.Stop)
            ? true
            : new UserError(folder, "the run is left as it was; --out NEW trains this sweep into another folder");
    }

    private const string Remedy = "--yes has the run go on with it, --out NEW trains it into another folder";

    private static IEnumerable<(string What, int Count, string Meaning)> Lines(PlanGrowth growth, Continuation[] continued)
    {
        yield return ("kept", growth.Kept, ", with their results");
        if (continued.Length > 0)
            yield return ("continued", continued.Length, $": they go on after {EpochsOf(continued)}");
        yield return ("new", growth.Added.Count - continued.Length, "");
        yield return (
            "dropped",
            growth.Dropped.Count,
            growth.Dropped.Count > 0 ? ": they stay in the journal and leave the tables" : ""
        );
    }

    private static string EpochsOf(Continuation[] continued)
    {
        long more = continued.Sum(c => (long)(c.Trial.Settings.Epochs - c.Epochs));
        string after = string.Join(" or ", continued.Select(c => c.Epochs).Distinct().Order());
        return string.Create(CultureInfo.InvariantCulture, $"epoch {after}, {more:N0} epochs more in all");
    }

    private static string InOneLine(Plan kept, PlanGrowth growth, int continued)
    {
        string difference = PlanDifference.Describe(kept, growth.Plan);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{growth.Kept:N0} trials kept, {(continued > 0 ? $"{continued:N0} continued, " : "")}"
                + $"{growth.Added.Count - continued:N0} new, {growth.Dropped.Count:N0} dropped"
                + $"{(difference.Length > 0 ? $" ({difference})" : "")}"
        );
    }
}
