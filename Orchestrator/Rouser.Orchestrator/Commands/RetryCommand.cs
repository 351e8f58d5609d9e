using System.CommandLine;
using Rouser.Core.Coordination;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser retry DIR (--failed | --lost)</c>: tries trials again that ended without a result.</summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        var failed = new Option<bool>("--failed") { Description = "Trials that failed." };
        var lost = new Option<bool>("--lost") { Description = "Trials that were lost." };
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string?> data = Options.Data();
        Option<bool> quiet = Options.Quiet();
        var command = new Command("retry", "Tries trials again that failed or were lost, with fresh retries, and goes on with the run.")
        {
            folder, failed, lost, slots, threads, data, quiet,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(failed) && !result.GetValue(lost)) result.AddError("retry needs --failed or --lost");
        });
        command.SetAction((parsed, _) =>
        {
            var wanted = new List<Input>();
            if (parsed.GetValue(failed)) wanted.Add(new RetryRequested(TimeProvider.System.GetUtcNow(), TrialState.Failed));
            if (parsed.GetValue(lost)) wanted.Add(new RetryRequested(TimeProvider.System.GetUtcNow(), TrialState.Lost));
            return ResumeCommand.ExecuteAsync(
                parsed.GetRequiredValue(folder), parsed.GetValue(slots), parsed.GetValue(threads), parsed.GetValue(data), parsed.GetValue(quiet), [.. wanted]);
        });
        return command;
    }
}
