using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Storage.Runs;
using Rouser.Web.Door;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Trains what is left of a run in this process, and ends with tables, report and exit code. <c>run</c>,
/// <c>resume</c> and <c>retry</c> all end here.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="training">Who trains its trials.</param>
/// <param name="quiet">No progress.</param>
/// <param name="notifications">Who is told of it.</param>
/// <param name="page">Where the run is shown while it is trained; null for nowhere.</param>
internal sealed class LocalExecution(
    RunSession session,
    LocalTraining training,
    bool quiet,
    NotificationSettings notifications,
    RunPage? page = null
)
{
    /// <summary>Runs to the end, or until a signal asks to stop.</summary>
    /// <param name="signals">The signals of the process.</param>
    /// <param name="first">What the coordinator is told before it starts: what the user wants tried again.</param>
    public async Task<int> RunAsync(StopSignals signals, params Input[] first)
    {
        Result<RunLock> locked = session.Folder.Lock();
        if (!locked.IsOk)
        {
            string remedy = first.Length > 0 ? "; a sweep that rouser serve serves is named by --join" : "";
            return Terminal.WriteError([.. locked.Errors.Select(e => e with { Message = e.Message + remedy })]);
        }
        using RunLock held = locked.Value;
        ProgramLog.ToFile(session.Folder.Paths.Log);
        Result<IJournal> opened = session.OpenJournal(mayTakeOver: false);
        if (!opened.IsOk)
            return Terminal.WriteError(opened.Errors);
        using IJournal journal = opened.Value;
        if (journal.LostProgress is { } lost)
            Terminal.WriteError(new UserError("", lost));

        (SweepSummary start, int taken) = ReportStart(journal, first);
        int left = start.Left;
        Result<string> how = left > 0 ? training.Prepare(left) : "nothing to do";
        if (!how.IsOk)
            return Terminal.WriteError(how.Errors);
        if (left > 0 && session.KeepOrigin() is { IsOk: false } unkept)
            return Terminal.WriteError(unkept.Errors);
        Announce(start, taken, how.Value);

        using IHost host = page?.Build(signals) ?? RouserHost.CreateBuilder(signals).Build();
        await host.StartAsync().ConfigureAwait(false);
        if (page is not null)
            RunPage.Announce(host, page.Http, page.Settings.IsPublic, page.TokenFile);
        ILogger log = host.Services.GetRequiredService<ILogger<LocalExecution>>();
        if (journal.LostProgress is not null)
            log.LogWarning("{Lost}", journal.LostProgress);
        log.LogInformation("rouser {Version}: {Left} trials to train, {How}", EnvironmentProbe.Version, left, how.Value);
        await using Notifier? notifier =
            left > 0 ? Notifier.Begin(notifications, session.Plan, session.Folder.Paths.Folder, log) : null;
        SweepEnd end =
            left == 0
                ? new SweepEnd(true, null)
                : await training
                    .RunAsync(journal, host.Services, host.Services.GetService<PageRuns>(), notifier, signals)
                    .ConfigureAwait(false);
        SweepConclusion.Tell(notifier, end, journal.ReadSummary);
        log.LogInformation(
            "ended: finished {Finished}, signal {Signal}, fault {Fault}",
            end.Finished,
            signals.ExitCode,
            end.Fault?.Message
        );
        // A browser that follows the run may be slow to read its last update.
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)))
            await host.StopAsync(patience.Token).ConfigureAwait(false);
        return SweepConclusion.Report(session, end, signals, training.ResumeCommand);
    }

    /// <summary>
    /// Tells the machine what the user wants, has it take what the results store has, and makes it durable.
    /// </summary>
    /// <returns>Where the sweep stands, and how many trials were taken from the store.</returns>
    private (SweepSummary Start, int Taken) ReportStart(IJournal journal, Input[] first)
    {
        if (
            first.Length == 0
            && journal.ReadSummary() is { IsPaused: false } sums
            && sums.Revision == session.Plan.Revision
            && (sums.Left == 0 || training.Stored is null)
        )
            return (sums, 0);
        Coordinator machine = Coordinator.Open(session.Plan, session.Spec.Run, journal);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        // Whoever goes on here ends a pause of the orchestrator that served the sweep before; nothing else could. And
        // a new plan is in the journal's sums from the first step on, even if there is nothing to train.
        foreach (Input input in (Input[])[new ContinueRequested(now), .. first])
            journal.Append(machine.Step(input).Events, machine.CollectChanges());
        int before = machine.State.Summary.Reused;
        training.Stored?.TakeAll(machine, journal, now, Perform);
        return (machine.State.Summary, machine.State.Summary.Reused - before);
    }

    // Nobody trains yet, so that nobody is told anything. A checkpoint that stays only takes room.
    private void Perform(Effect effect)
    {
        if (effect is not DiscardCheckpoint { Trial: var trial })
            return;
        try
        {
            new CheckpointFiles(session.Folder.Paths.Checkpoints).Delete(trial);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            Terminal.WriteError(DiskProblem.ToUserError(session.Folder.Paths.Checkpoints, e));
        }
    }

    private void Announce(SweepSummary start, int taken, string how)
    {
        if (quiet)
            return;
        int left = start.Left,
            done = start.Ended - taken;
        string already =
            (done > 0 ? $", {DisplayText.Count(done, "trial")} done already" : "")
            + (taken > 0 ? $", {DisplayText.Count(taken, "trial")} reused from the results store" : "");
        int waiting = start.Trials.GetValueOrDefault(TrialState.Deferred),
            more = Math.Min(waiting, session.Spec.Run.MostTrials(session.Plan) - left - start.Ended);
        string deferred = more > 0 ? $", up to {DisplayText.Count(more, "more trial")} if results ask for them" : "";
        string mark = DatasetCatalog.DataMarkOf(
            session.Plan.Trials.Select(t => ((string?)t.Settings.Dataset.Name, t.Synthetic)).Distinct()
        );
        Terminal.Line($"{session.Spec.Name}: {DisplayText.Count(left, "trial")} to train{mark}{already}{deferred}, {how}");
        Terminal.Line($"run folder: {session.Folder.Paths.Folder}");
        Terminal.Line();
    }
}
