namespace Rouser.Sweeps;

/// <summary>
/// How a run's plan becomes that of a sweep file that has changed. What is the same trial keeps its results, because
/// a trial's identity is its content.
/// </summary>
/// <param name="Plan">The plan from now on, which knows what it took the place of.</param>
/// <param name="Kept">How many trials both plans have.</param>
/// <param name="Added">The trials that the run's plan lacks. One that an earlier plan had keeps its results, too.</param>
/// <param name="Dropped">The trials of the run's plan that the sweep file does not ask for any more.</param>
public sealed record PlanGrowth(Plan Plan, int Kept, IReadOnlyList<PlannedTrial> Added, IReadOnlyList<PlannedTrial> Dropped)
{
    /// <summary>Whether other trials are asked for, not only the same ones in another order or under other names.</summary>
    public bool ChangesTrials => Added.Count + Dropped.Count > 0;

    /// <summary>The way from one plan to the other; null if they are the same.</summary>
    /// <param name="kept">The run's plan.</param>
    /// <param name="asked">The plan of the sweep file, made anew.</param>
    public static PlanGrowth? Of(Plan kept, Plan asked)
    {
        // Where the recordings lie is no part of a trial's identity, and yet the plan says it.
        bool isSame =
            kept.SweepName == asked.SweepName
            && kept.Trials.Select(Key).SequenceEqual(asked.Trials.Select(Key))
            && kept.Cells.SequenceEqual(asked.Cells);
        if (isSame)
            return null;
        HashSet<TrialId> before = [.. kept.Trials.Select(t => t.Id)],
            now = [.. asked.Trials.Select(t => t.Id)];
        IEnumerable<TrialId> known = (kept.History?.Dropped ?? []).Concat(kept.Trials.Select(t => t.Id));
        PlanHistory history = new(kept.Origin, kept.Revision + 1, [.. known.Where(trial => !now.Contains(trial))]);
        return new(
            asked with
            {
                History = history,
            },
            asked.Trials.Count(t => before.Contains(t.Id)),
            [.. asked.Trials.Where(t => !before.Contains(t.Id))],
            [.. kept.Trials.Where(t => !now.Contains(t.Id))]
        );
    }

    private static (TrialId, string?) Key(PlannedTrial trial) => (trial.Id, trial.Settings.Dataset.Root);
}
