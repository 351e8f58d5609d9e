using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>The three tables of a run.</summary>
public sealed record ResultTables(Table Trials, Table Epochs, Table Layers)
{
    /// <summary>
    /// Projects a journal onto the tables. A pure function of its arguments: the same journal gives the same tables.
    /// Attempts, workers and times aside, they do not depend on how often the run was interrupted.
    /// </summary>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public static ResultTables Build(
        SweepSpec spec,
        Plan plan,
        IEnumerable<Event> journal,
        RunEnvironment environment,
        SweepSource? source = null,
        IReadOnlyList<string>? data = null,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? classes = null
    )
    {
        IReadOnlyList<TrialRecord> trials = TrialRecord.Project(plan, spec.Run, journal);
        // What was never asked for is no row without a result.
        HashSet<TrialId> deferred = [.. trials.Where(t => t.State == TrialState.Deferred).Select(t => t.Planned.Id)];
        if (deferred.Count > 0)
        {
            trials = [.. trials.Where(t => !deferred.Contains(t.Planned.Id))];
            plan = plan with
            {
                Trials = [.. plan.Trials.Where(t => !deferred.Contains(t.Id))],
                Cells = [.. plan.Cells.Where(c => !deferred.Contains(c.Trial))],
            };
        }
        RunMetadata metadata = RunMetadata.Of(spec, plan, environment, source, data, classes);
        return new(
            TrialsTable.Build(plan, trials, metadata),
            EpochsTable.Build(trials, metadata),
            LayersTable.Build(trials, metadata)
        );
    }
}
