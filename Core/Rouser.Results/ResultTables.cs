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
        ResultParts parts = ResultParts.Project(
            spec,
            plan,
            after => journal.Skip(checked((int)after)),
            environment,
            source,
            data,
            classes,
            epochsAtOnce: int.MaxValue
        );
        return new(parts.Trials, parts.Epochs, parts.LayerParts.SingleOrDefault() ?? parts.Layers);
    }
}
