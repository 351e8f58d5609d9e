using System.CommandLine;
using Rouser.Coordination;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser retry DIR (--failed | --lost | --cancelled)</c>: tries trials again that ended without a result.
/// </summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        Argument<string> folder = Options.RunFolder();
        var failed = new Option<bool>("--failed") { Description = "Retry failed trials." };
        var lost = new Option<bool>("--lost") { Description = "Retry lost trials." };
        var cancelled = new Option<bool>("--cancelled") { Description = "Retry cancelled trials." };
        Option<int?> slots = Options.Slots();
        Option<int?> threads = Options.Threads();
        Option<string?> data = Options.Data();
        data.Description = "Folder of the recorded data set, if it has moved.";
        Option<string?> journal = Options.Journal();
        Option<bool> quiet = Options.Quiet();
        var command = new Command(
            "retry",
            "Retry trials that failed, were lost or were cancelled, each with its full number of retries, and "
                + "continue the run."
        )
        {
            folder,
            failed,
            lost,
            cancelled,
            slots,
            threads,
            data,
            journal,
            quiet,
        };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(failed) && !result.GetValue(lost) && !result.GetValue(cancelled))
                result.AddError("retry needs --failed, --lost or --cancelled");
        });
        command.SetAction(
            (parsed, _) =>
            {
                var wanted = new List<Input>();
                if (parsed.GetValue(failed))
                    wanted.Add(new RetryRequested(TimeProvider.System.GetUtcNow(), TrialState.Failed));
                if (parsed.GetValue(lost))
                    wanted.Add(new RetryRequested(TimeProvider.System.GetUtcNow(), TrialState.Lost));
                if (parsed.GetValue(cancelled))
                    wanted.Add(new RetryRequested(TimeProvider.System.GetUtcNow(), TrialState.Cancelled));
                return ResumeCommand.ExecuteAsync(
                    parsed.GetRequiredValue(folder),
                    parsed.GetValue(slots),
                    parsed.GetValue(threads),
                    parsed.GetValue(data),
                    parsed.GetValue(journal),
                    parsed.GetValue(quiet),
                    [.. wanted]
                );
            }
        );
        return command;
    }
}
