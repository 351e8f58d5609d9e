using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Turns what a user names into trials.</summary>
public static class TrialSelection
{
    /// <summary>
    /// The trials that this arm wants and no other arm does, in the order of the plan; a mistake if the plan has no
    /// such arm.
    /// </summary>
    public static Result<IReadOnlyList<TrialId>> OfArm(Plan plan, string arm)
    {
        if (!plan.Cells.Any(c => c.Arm == arm))
        {
            string[] arms = [.. plan.Cells.Select(c => c.Arm).Distinct()];
            return new UserError("", $"the sweep has no arm '{OneLine.Of(arm)}'{Spelling.Suggestion(arm, arms)}");
        }
        HashSet<TrialId> wantedElsewhere = [.. plan.Cells.Where(c => c.Arm != arm).Select(c => c.Trial)];
        HashSet<TrialId> wanted = [.. plan.Cells.Where(c => c.Arm == arm).Select(c => c.Trial)];
        wanted.ExceptWith(wantedElsewhere);
        return (Result<IReadOnlyList<TrialId>>)plan.Trials.Select(t => t.Id).Where(wanted.Contains).ToArray();
    }

    /// <summary>The trials whose identities start like these, one each; the first mistake if one is none.</summary>
    public static Result<IReadOnlyList<TrialId>> OfNames(Plan plan, IReadOnlyList<string> starts)
    {
        List<TrialId> trials = [];
        foreach (string start in starts)
        {
            Result<TrialId> trial = OfName(plan, start);
            if (!trial.IsOk)
                return Result<IReadOnlyList<TrialId>>.Failed(trial.Errors);
            trials.Add(trial.Value);
        }
        return trials;
    }

    /// <summary>The trial whose identity starts like this; a mistake if none or several do.</summary>
    public static Result<TrialId> OfName(Plan plan, string start)
    {
        TrialId[] found =
        [
            .. plan.Trials.Select(t => t.Id).Where(id => id.Value.StartsWith(start, StringComparison.Ordinal)).Take(2),
        ];
        return found.Length switch
        {
            1 => found[0],
            0 => new UserError("", $"the plan has no trial '{OneLine.Of(start)}'; rouser status --why names them"),
            _ => new UserError("", $"several trials start with '{OneLine.Of(start)}'; give more of its digits"),
        };
    }
}
