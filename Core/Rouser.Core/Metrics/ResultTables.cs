using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Metrics;

/// <summary>The three tables of a run.</summary>
public sealed record ResultTables(Table Trials, Table Epochs, Table Layers)
{
    /// <summary>Projects a journal onto the tables. A pure function of its arguments: the same journal gives the same tables.</summary>
    public static ResultTables Build(SweepSpec spec, Plan plan, IEnumerable<Event> journal, RunEnvironment environment)
    {
        _ = (spec, plan, journal, environment);
        return new(new("trials", [], new Dictionary<string, string>()), new("epochs", [], new Dictionary<string, string>()), new("layers", [], new Dictionary<string, string>()));
    }
}
