using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Storage.Runs;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Trains what is left of a run in this process, and ends with tables, report and exit code. <c>run</c>,
/// <c>resume</c> and <c>retry</c> all end here.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="training">Who trains its trials.</param>
/// <param name="quiet">No progress.</param>
internal sealed class LocalExecution(RunSession session, LocalTraining training, bool quiet)
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

        SweepSummary start = ReportStart(journal, first);
        int left = start.Left;
        Result<string> how = left > 0 ? training.Prepare(left) : "nothing to do";
        if (!how.IsOk)
            return Terminal.WriteError(how.Errors);
        if (left > 0 && session.KeepOrigin() is { IsOk: false } unkept)
            return Terminal.WriteError(unkept.Errors);
        Announce(start, how.Value);

        using IHost host = RouserHost.CreateBuilder(signals).Build();
        await host.StartAsync().ConfigureAwait(false);
        ILogger log = host.Services.GetRequiredService<ILogger<LocalExecution>>();
        if (journal.LostProgress is not null)
            log.LogWarning("{Lost}", journal.LostProgress);
        log.LogInformation("rouser {Version}: {Left} trials to train, {How}", EnvironmentProbe.Version, left, how.Value);
        SweepEnd end =
            left == 0
                ? new SweepEnd(true, null)
                : await training.RunAsync(journal, host.Services, signals.Stop).ConfigureAwait(false);
        log.LogInformation(
            "ended: finished {Finished}, signal {Signal}, fault {Fault}",
            end.Finished,
            signals.ExitCode,
            end.Fault?.Message
        );
        await host.StopAsync().ConfigureAwait(false);
        return SweepConclusion.Report(session, end, signals, training.ResumeCommand);
    }

    /// <summary>Tells the machine what the user wants and makes it durable.</summary>
    /// <returns>Where the sweep stands.</returns>
    private SweepSummary ReportStart(IJournal journal, Input[] first)
    {
        if (first.Length == 0 && journal.ReadSummary() is { IsPaused: false } sums && sums.Revision == session.Plan.Revision)
            return sums;
        Coordinator machine = Coordinator.Open(session.Plan, session.Spec.Run, journal);
        // Whoever goes on here ends a pause of the orchestrator that served the sweep before; nothing else could. And
        // a new plan is in the journal's sums from the first step on, even if there is nothing to train.
        foreach (Input input in (Input[])[new ContinueRequested(TimeProvider.System.GetUtcNow()), .. first])
            journal.Append(machine.Step(input).Events, machine.CollectChanges());
        return machine.State.Summary;
    }

    private void Announce(SweepSummary start, string how)
    {
        if (quiet)
            return;
        int left = start.Left;
        string already = start.Ended > 0 ? $", {DisplayText.Count(start.Ended, "trial")} done already" : "";
        string deferred = start.Trials.GetValueOrDefault(TrialState.Deferred) is > 0 and int n
            ? $", up to {DisplayText.Count(n, "more trial")} if comparisons need them"
            : "";
        string synthetic = session.Plan.Trials.Any(t => t.Synthetic) ? " on synthetic data" : "";
        Terminal.Line($"{session.Spec.Name}: {DisplayText.Count(left, "trial")} to train{synthetic}{already}{deferred}, {how}");
        Terminal.Line($"run folder: {session.Folder.Paths.Folder}");
        Terminal.Line();
    }
}
