using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.InProcess;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Orchestrator.Progress;
using Rouser.Sweeps;
using Rouser.Web.Door;
using Rouser.Web.Feeds;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Training in this process.</summary>
/// <param name="session">The run.</param>
/// <param name="data">Finds its data sets.</param>
/// <param name="choices">How the user wants it to be trained.</param>
internal sealed class LocalTraining(RunSession session, DataSource data, TrainingChoices choices)
{
    private SlotsAndThreads _shape;

    public string ResumeCommand => new RunCommands(session.Folder.Paths.Folder, Store: choices.Store).Resume;

    /// <summary>The run before its results store; null for none.</summary>
    public StoredTrials? Stored { get; } = RunStore.Of(session, choices.Store, trainsHere: true);

    public Result<string> Prepare(int trials)
    {
        foreach (PlannedTrial trial in session.Plan.Trials.DistinctBy(t => (t.Settings.Engine, t.Engine)))
        {
            Result<string> version = TrainingEngines.Version(trial.Settings.Engine);
            if (!version.IsOk)
                return version;
            string here = TrialEngine.Of(version.Value, trial.Parameters);
            if (here == trial.Engine)
                continue;
            return new UserError(
                session.Folder.Paths.Folder,
                $"was planned for engine {trial.Engine}, this rouser has {here}; use that rouser, or run the sweep into a new folder"
            );
        }
        _shape = choices.Share(trials);
        return data.Check(session.Plan).Then<string>(_ => _shape.ToString());
    }

    /// <summary>Trains until every trial has ended, or until it is asked to stop.</summary>
    /// <param name="page">Where the run is shown; null for nowhere.</param>
    /// <param name="notifier">Tells of it; null for nobody.</param>
    /// <param name="signals">Asks to stop.</param>
    public async Task<SweepEnd> RunAsync(
        IJournal journal,
        IServiceProvider services,
        PageRuns? page,
        Notifier? notifier,
        StopSignals signals
    )
    {
        JournalTap? tap = page is null ? null : new JournalTap(journal);
        ILogger log = services.GetRequiredService<ILogger<LocalTraining>>();
        EventLog events = ActivatorUtilities.CreateInstance<EventLog>(services);
        using var sweep = new LocalSweep(
            session.Plan,
            session.Spec.Run,
            session.Resources(tap ?? journal, Stored, reason => log.LogWarning("{Reason}", reason)),
            settings => TrainingEngines.Create(settings, _shape.Threads),
            data.Load,
            _shape.Slots,
            TimeProvider.System,
            recorded =>
            {
                events.Record(recorded);
                notifier?.Record(recorded);
            },
            log
        );
        await using IAsyncDisposable? shown = page?.Show(RunPage.SourceOf(session, tap!, sweep, sweep.HandleAsync, signals));
        return await ProgressView
            .ShowWhileAsync(choices.Quiet ? null : sweep, session.Plan, () => sweep.RunAsync(signals.Stop))
            .ConfigureAwait(false);
    }
}
