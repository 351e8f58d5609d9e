using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>What a user asks of a sweep in progress, as inputs of its machine, and what came of it in words.</summary>
internal sealed class UserRequests(Plan plan, CoordinatorLoop loop)
{
    /// <summary>Does what a user asks.</summary>
    /// <returns>What came of it, in a few words; or why that cannot be.</returns>
    public async Task<Result<string>> HandleAsync(ControlRequest request)
    {
        switch (request)
        {
            case ControlRequest.Pause:
                loop.Send(new PauseRequested(default));
                return "paused: what is being trained goes on to its end, and nothing more is handed out";
            case ControlRequest.Continue:
                loop.Send(new ContinueRequested(default));
                return "trials are handed out again";
            case ControlRequest.Cancel cancel:
                Result<IReadOnlyList<TrialId>> trials = TrialsOf(cancel);
                return trials.IsOk ? await CancelAsync(trials.Value).ConfigureAwait(false) : Result<string>.Failed(trials.Errors);
            case ControlRequest.Retry retry:
                return await RetryAsync(retry.States, null).ConfigureAwait(false);
            case ControlRequest.RetryTrials retry:
                Result<IReadOnlyList<TrialId>> named = TrialSelection.OfNames(plan, retry.Trials);
                return named.IsOk
                    ? await RetryAsync(EndedWithoutResult, named.Value.ToHashSet()).ConfigureAwait(false)
                    : Result<string>.Failed(named.Errors);
            case ControlRequest.Annotate annotate:
                return await AnnotateAsync(annotate).ConfigureAwait(false);
            case ControlRequest.Prioritize prioritize:
                return await PrioritizeAsync(prioritize).ConfigureAwait(false);
            case ControlRequest.DrainSweep:
                return new UserError("", "the program that serves the sweep is drained on its page, or by a signal");
            default:
                throw new ArgumentOutOfRangeException(nameof(request), request, "A request that the service does not know.");
        }
    }

    private Task<string> CancelAsync(IReadOnlyList<TrialId> trials) =>
        loop.Ask(
            _ => [new CancelRequested(default, trials)],
            (_, events) =>
            {
                int cancelled = events.OfType<TrialCancelled>().Count();
                string ended = cancelled < trials.Count ? $"; {Count(trials.Count - cancelled)} had ended before" : "";
                return $"cancelled {Count(cancelled)} of the sweep's {Count(plan.Trials.Count)}{ended}";
            }
        );

    // A sweep that has ended is over for its workers as well.
    private Task<Result<string>> RetryAsync(IReadOnlyList<TrialState> states, IReadOnlySet<TrialId>? only) =>
        loop.Ask<Result<string>>(
            state => IsOver(state) ? [] : [.. states.Select(wanted => new RetryRequested(default, wanted, only))],
            (state, events) =>
                events.OfType<TrialRequeued>().Count() is > 0 and int again
                    ? $"{Count(again)} queued again, each with its full number of retries"
                : IsOver(state) ? new UserError("", "the sweep ends; retry it by its run folder, with rouser retry DIR")
                : $"nothing to retry: {(only is null ? "no trial" : "none of these")} is {string.Join(" or ", states.Select(s => s.ToName()))}"
        );

    private async Task<Result<string>> AnnotateAsync(ControlRequest.Annotate request)
    {
        Result<AnnotateRequested> input = AnnotationRequests.InputOf(plan, request);
        return input.IsOk
            ? await loop.Ask(_ => [input.Value], (state, events) => AnnotationRequests.AnswerOf(state, input.Value, events))
                .ConfigureAwait(false)
            : Result<string>.Failed(input.Errors);
    }

    private Task<Result<string>> PrioritizeAsync(ControlRequest.Prioritize request) =>
        loop.Ask<Result<string>>(
            _ => [new PrioritizeRequested(default, request.Study, request.Priority)],
            (state, events) =>
                events.OfType<StudyPrioritized>().FirstOrDefault() is { } told
                    ? $"study {OneLine.Of(told.Study)} has priority {told.Priority.ToString(CultureInfo.InvariantCulture)}: "
                        + "the trials that wait go by it"
                : state.Priorities.Any(p => p.Study == request.Study)
                    ? $"nothing to change: study {OneLine.Of(request.Study)} has that priority"
                : new UserError(
                    "",
                    $"the sweep has no study '{OneLine.Of(request.Study)}'"
                        + Spelling.Suggestion(request.Study, [.. state.Priorities.Select(p => p.Study)])
                )
        );

    private static readonly TrialState[] EndedWithoutResult = [TrialState.Failed, TrialState.Lost, TrialState.Cancelled];

    private static bool IsOver(CoordinatorState state) => state.IsFinished || state.IsDraining;

    private static string Count(int trials) =>
        string.Create(CultureInfo.InvariantCulture, $"{trials:N0} {(trials == 1 ? "trial" : "trials")}");

    private Result<IReadOnlyList<TrialId>> TrialsOf(ControlRequest.Cancel cancel) =>
        cancel switch
        {
            { Trial: { } start } => TrialSelection.OfName(plan, start).Then<IReadOnlyList<TrialId>>(trial => (TrialId[])[trial]),
            { Arm: { } arm } => TrialSelection.OfArm(plan, arm),
            _ => (Result<IReadOnlyList<TrialId>>)plan.Trials.Select(t => t.Id).ToArray(),
        };
}
