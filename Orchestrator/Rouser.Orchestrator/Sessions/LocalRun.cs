using Rouser.Core;
using Rouser.Orchestrator.Hosting;
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
    /// <param name="choices">How the user wants it to be trained.</param>
    /// <param name="yes">Whether the user has agreed beforehand that the run of the folder grows.</param>
    /// <param name="page">Where the run is shown while it is trained; null for nowhere.</param>
    /// <param name="announces">Whether plan, estimated time and what can be said of the paper are shown first.</param>
    public static Task<int> ExecuteAsync(
        Result<SweepFile> file,
        string? output,
        TrainingChoices choices,
        bool yes,
        Result<RunPage?>? page = null,
        bool announces = false
    ) => StopSignals.WatchAsync(signals => ExecuteAsync(signals, file, output, choices, yes, page, announces));

    private static async Task<int> ExecuteAsync(
        StopSignals signals,
        Result<SweepFile> file,
        string? output,
        TrainingChoices choices,
        bool yes,
        Result<RunPage?>? page,
        bool announces
    )
    {
        if (page is { IsOk: false })
            return Terminal.WriteError(page.Errors);
        if (!choices.Notifications.IsOk)
            return Terminal.WriteError(choices.Notifications.Errors);
        var origin = new RunOrigin(
            EnvironmentProbe.Gather(),
            Environment.CurrentDirectory,
            choices.Data is null ? null : Path.GetFullPath(choices.Data)
        );
        var data = new DataSource(origin.WorkingFolder, origin.DataFolder) { Quiet = choices.Quiet, Stop = signals.Stop };
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
                    choices.Journal,
                    new GrowthConsent(data, choices.Store, choices.Share, yes).Ask
                )
            )
            .Then<RunSession>(s => s.WithData(choices.Data));
        if (!session.IsOk)
            return Terminal.WriteError(session.Errors);
        if (!announces && !choices.Quiet)
            data.Describe();
        if (announces)
        {
            Result<(IReadOnlyList<PlannedTrial> Trials, int Deferred)> left = session
                .Value.Left()
                .Then(trials => RunStore.Without(session.Value, choices.Store, trials));
            if (!left.IsOk)
                return Terminal.WriteError(left.Errors);
            PlanSummary.ShowStudies(session.Value.Spec, plan.Value);
            Result<Plan> shown = PlanSummary.ShowWork(
                plan.Value,
                left.Value.Trials,
                left.Value.Deferred,
                data,
                choices.Share(left.Value.Trials.Count)
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
            new LocalTraining(session.Value, data, choices),
            choices.Quiet,
            choices.Notifications.Value,
            page?.Value
        )
            .RunAsync(signals)
            .ConfigureAwait(false);
    }
}
