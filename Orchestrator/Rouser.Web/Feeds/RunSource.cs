using Rouser.Cluster;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Results;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Feeds;

/// <summary>A run that a page may show.</summary>
/// <param name="Name">The sweep's.</param>
/// <param name="Folder">The run folder, as the user knows it.</param>
/// <param name="Open">Opens the run to read it; again where it was given another plan.</param>
public sealed record RunSource(string Name, string Folder, Func<Result<OpenedRun>> Open)
{
    /// <summary>What this process appends to the journal; null where others do.</summary>
    public JournalTap? Tap { get; init; }

    /// <summary>The sweep while this process trains or serves it; null where it only reads.</summary>
    public ISweepView? Sweep { get; init; }

    /// <summary>What is kept of trials beside the journal; null where nothing is.</summary>
    public IKeptTrials? Kept { get; init; }

    /// <summary>Does what a user asks; null where nobody can.</summary>
    public Func<ControlRequest, Task<Result<string>>>? Control { get; init; }
}

/// <summary>A run as its folder has it.</summary>
/// <param name="Spec">The sweep file.</param>
/// <param name="Plan">What is trained.</param>
/// <param name="Environment">Where it was started.</param>
/// <param name="OpenJournal">Opens its journal to read it, beside any writer.</param>
public sealed record OpenedRun(SweepSpec Spec, Plan Plan, RunEnvironment Environment, Func<Result<IJournal>> OpenJournal);
