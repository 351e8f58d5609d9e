using Rouser.Cluster;
using Rouser.Core;
using Rouser.Core.Coordination;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Who trains the trials of a run: this process, or workers elsewhere.</summary>
internal interface ITraining
{
    /// <summary>The command that goes on where this one was stopped.</summary>
    string ResumeCommand { get; }

    /// <summary>Makes sure that training can begin.</summary>
    /// <param name="trials">How many trials are left.</param>
    /// <returns>How they are trained, in a few words; or what is in the way.</returns>
    Result<string> Prepare(int trials);

    /// <summary>Trains until every trial has ended, or until <paramref name="stop"/>.</summary>
    /// <param name="journal">Where the coordinator's events are kept.</param>
    /// <param name="services">Those of the host; the log is one.</param>
    /// <param name="stop">Asks to stop.</param>
    Task<SweepEnd> RunAsync(IJournal journal, IServiceProvider services, CancellationToken stop);
}
