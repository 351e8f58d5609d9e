using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// Notes and tags that a user asks for, as an input of the sweep's machine, and what came of it in words: for a sweep that
/// is served, and for a run that no process has open.
/// </summary>
public static class AnnotationRequests
{
    /// <summary>The input, at a time that whoever steps the machine says; or why there is no such trial.</summary>
    public static Result<AnnotateRequested> InputOf(Plan plan, ControlRequest.Annotate request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Trials is { } starts
            ? TrialSelection
                .OfNames(plan, starts)
                .Then<AnnotateRequested>(trials => new AnnotateRequested(default, trials, request.Change))
            : new AnnotateRequested(default, null, request.Change);
    }

    /// <summary>What came of it.</summary>
    /// <param name="state">Where the sweep stands after it.</param>
    /// <param name="events">What it made the machine say.</param>
    public static Result<string> AnswerOf(CoordinatorState state, AnnotateRequested input, IReadOnlyList<Event> events)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        IEnumerable<Annotation> written = input.Trials is null
            ? [state.Annotation]
            : input.Trials.Select(t => state.Find(t)!.Annotation);
        return events.OfType<SweepAnnotated>().Any() ? "written to the sweep"
            : events.OfType<TrialsAnnotated>().FirstOrDefault() is { } told
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"written to {told.Trials.Count:N0} {(told.Trials.Count == 1 ? "trial" : "trials")}"
                )
            : written.Any(a => a.Overflows(input.Change))
                ? new UserError("", $"that would be too many tags; {AnnotationText.MostTags} are the most")
            : "nothing to write: it says so already";
    }
}
