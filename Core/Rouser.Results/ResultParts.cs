using Rouser.Coordination;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>
/// The three tables of a run of any length: the rows of layers, which are most of it, come in parts and are never all in
/// memory.
/// </summary>
/// <param name="Trials">All of it.</param>
/// <param name="Epochs">All of it.</param>
/// <param name="Layers">The table without rows.</param>
/// <param name="LayerParts">Its rows, in order. Each part is made when it is asked for.</param>
public sealed record ResultParts(Table Trials, Table Epochs, Table Layers, IEnumerable<Table> LayerParts)
{
    // Some hundred megabytes. A journal in which the order is not the plan's is read once for each part.
    private const int EpochsAtOnce = 100_000;

    /// <summary>Tables that are in memory already.</summary>
    public static ResultParts Of(ResultTables tables) => new(tables.Trials, tables.Epochs, tables.Layers, [tables.Layers]);

    /// <summary>See <see cref="ResultTables.Build"/>.</summary>
    /// <param name="journal">The events after a number, see <see cref="IJournal.Read"/>. It is asked again for each part of
    /// the layers, for events that it has given before.</param>
    /// <param name="epochsAtOnce">About how many epochs a part of the layers has.</param>
    /// <exception cref="InvalidDataException">The journal is damaged or belongs to another plan.</exception>
    public static ResultParts Project(
        SweepSpec spec,
        Plan plan,
        Func<long, IEnumerable<Event>> journal,
        RunEnvironment environment,
        SweepSource? source = null,
        IReadOnlyList<string>? data = null,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? classes = null,
        int epochsAtOnce = EpochsAtOnce
    )
    {
        (IReadOnlyList<TrialRecord> trials, Annotation ofSweep) = TrialRecord.Project(plan, spec.Run, journal(0));
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
        RunMetadata metadata = RunMetadata.Of(spec, plan, environment, source, data, classes) with { Annotation = ofSweep };
        return new(
            TrialsTable.Build(plan, trials, metadata),
            EpochsTable.Build(trials, metadata),
            LayersTable.Empty(metadata),
            LayersTable.Parts([.. trials.Select(t => t.Layers).OfType<LayerSpan>()], journal, metadata, epochsAtOnce)
        );
    }
}
