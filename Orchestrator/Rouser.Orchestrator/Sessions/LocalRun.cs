using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// A sweep file trained on this machine, from its plan to its report. <c>run</c> and <c>reproduce</c> end here.
/// </summary>
internal static class LocalRun
{
    /// <summary>
    /// Makes the run folder, or opens the one that holds the same sweep, and trains what is left of it.
    /// </summary>
    /// <param name="file">The sweep.</param>
    /// <param name="output">The run folder; null for runs/NAME.</param>
    /// <param name="slots">Trials at a time, if the user said so.</param>
    /// <param name="threads">Threads per trial, if the user said so.</param>
    /// <param name="dataFolder">Where recorded data is, if the user said so.</param>
    /// <param name="journal">Where the journal is kept, if the user said so.</param>
    /// <param name="store">The results store, if the user named one.</param>
    /// <param name="quiet">No progress.</param>
    /// <param name="yes">Whether the user has agreed beforehand that the run of the folder grows.</param>
    /// <param name="notifications">Who is told of it.</param>
    /// <param name="page">Where the run is shown while it is trained; null for nowhere.</param>
    /// <param name="announces">Whether plan, estimated time and what can be said of the paper are shown first.</param>
    public static Task<int> ExecuteAsync(
        Result<SweepFile> file,
        string? output,
        int? slots,
        int? threads,
        string? dataFolder,
        string? journal,
        string? store,
        bool quiet,
        bool yes,
        Result<NotificationSettings> notifications,
        Result<RunPage?>? page = null,
        bool announces = false
    ) =>
        StopSignals.WatchAsync(signals =>
            ExecuteAsync(
                signals,
                file,
                output,
                slots,
                threads,
                dataFolder,
                journal,
                store,
                quiet,
                yes,
                notifications,
                page,
                announces
            )
        );

    private static async Task<int> ExecuteAsync(
        StopSignals signals,
        Result<SweepFile> file,
        string? output,
        int? slots,
        int? threads,
        string? dataFolder,
        string? journal,
        string? store,
        bool quiet,
        bool yes,
        Result<NotificationSettings> notifications,
        Result<RunPage?>? page,
        bool announces
    )
    {
        if (page is { IsOk: false })
            return Terminal.WriteError(page.Errors);
        if (!notifications.IsOk)
            return Terminal.WriteError(notifications.Errors);
        var origin = new RunOrigin(
            EnvironmentProbe.Gather(),
            Environment.CurrentDirectory,
            dataFolder is null ? null : Path.GetFullPath(dataFolder)
        );
        var data = new DataSource(origin.WorkingFolder, origin.DataFolder) { Quiet = quiet, Stop = signals.Stop };
        Result<Plan> plan = file.Then(f => f.Plan(data)).Then(data.Check);
        Result<RunSession> session = plan.Then(p =>
                RunSession.Create(
                    output ?? Path.Combine("runs", file.Value.Spec.Name),
                    file.Value,
                    p,
                    origin with
                    {
                        Data = data.Described,
                        Classes = data.Classes,
                    },
                    journal,
                    new GrowthConsent(data, slots, threads, store, yes).Ask
                )
            )
            .Then<RunSession>(s => s.WithData(dataFolder));
        if (!session.IsOk)
            return Terminal.WriteError(session.Errors);
        if (!announces && !quiet)
            data.Describe();
        if (announces)
        {
            Result<(IReadOnlyList<PlannedTrial> Trials, int Deferred)> left = session
                .Value.Left()
                .Then(trials => RunStore.Without(session.Value, store, trials));
            if (!left.IsOk)
                return Terminal.WriteError(left.Errors);
            PlanSummary.ShowStudies(session.Value.Spec, plan.Value);
            Result<Plan> shown = PlanSummary.ShowWork(
                plan.Value,
                left.Value.Trials,
                left.Value.Deferred,
                data,
                SlotsAndThreads.Choose(slots, threads, Math.Max(1, left.Value.Trials.Count))
            );
            if (!shown.IsOk)
                return Terminal.WriteError(shown.Errors);
            Result<IReadOnlyList<string>> prospect = ReportOutput.Prospect(session.Value);
            if (!prospect.IsOk)
                return Terminal.WriteError(prospect.Errors);
            foreach (string line in prospect.Value)
                Terminal.Line(line);
            Terminal.Line();
        }
        return await new LocalExecution(
            session.Value,
            new LocalTraining(session.Value, data, slots, threads, store, quiet),
            quiet,
            notifications.Value,
            page?.Value
        )
            .RunAsync(signals)
            .ConfigureAwait(false);
    }
}
