using System.CommandLine;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser plan SPEC</c>: what would be trained, and how long it would take.</summary>
internal static class PlanCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string[]> set = Options.Set();
        Option<string?> data = Options.Data();
        Option<bool> json = Options.Json();
        Option<int?> slots = Options.Slots();
        Option<string?> output = Options.Output(
            "Run whose spread between seeds says how many seeds a difference takes (default: runs/NAME, if there is one)."
        );
        var command = new Command("plan", "Show what a sweep would train and how long it would take. Trains nothing.")
        {
            spec,
            set,
            data,
            slots,
            output,
            json,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(
                        Execute(
                            parsed.GetRequiredValue(spec),
                            parsed.GetValue(set) ?? [],
                            parsed.GetValue(data),
                            parsed.GetValue(slots),
                            parsed.GetValue(output),
                            parsed.GetValue(json),
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static int Execute(
        string path,
        string[] overrides,
        string? dataFolder,
        int? slots,
        string? output,
        bool json,
        CancellationToken stop
    )
    {
        Result<SweepFile> file = SyntheticData.Choose(path, SweepFile.Read(path, overrides), ref dataFolder);
        var data = new DataSource(Environment.CurrentDirectory, dataFolder is null ? null : Path.GetFullPath(dataFolder))
        {
            Stop = stop,
        };
        Result<Plan> planned = file.Then(f => f.Plan(data)).Then(data.Check);
        if (!planned.IsOk)
            return Terminal.WriteError(planned.Errors);
        Plan plan = planned.Value;
        if (json)
        {
            Terminal.Document(PlanJson.Write(plan));
            return ExitCode.Ok;
        }
        PlanSummary.ShowStudies(file.Value.Spec, plan);
        PlannedTrial[] first = [.. new CoordinatorState(plan, file.Value.Spec.Run).Expected.Select(t => t.Planned)];
        Result<Plan> shown = PlanSummary.ShowWork(
            plan,
            first,
            plan.Trials.Count - first.Length,
            data,
            SlotsAndThreads.Choose(slots, null, first.Length)
        );
        if (shown.IsOk && !SeedsNeeded.Show(file.Value.Spec, output))
            return ExitCode.UserError;
        return shown.IsOk ? ExitCode.Ok : Terminal.WriteError(shown.Errors);
    }
}
