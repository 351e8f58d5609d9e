namespace Rouser.Coordination;

/// <summary>How trials end.</summary>
public static class TrialEndings
{
    /// <summary>
    /// Whether a trial is still to be trained, as far as is known now: it waits or runs. A deferred one is not, until
    /// results ask for it.
    /// </summary>
    public static bool IsLeft(this TrialState state) => state is TrialState.Queued or TrialState.Running;

    /// <summary>Whether a trial has ended, with a result or without.</summary>
    public static bool HasEnded(this TrialState state) => !state.IsLeft() && state != TrialState.Deferred;

    /// <summary>
    /// Whether a trial has ended without the result that the sweep asks for. Such a trial can be retried. A pruned one
    /// is none of them: the sweep itself asks for its end.
    /// </summary>
    public static bool EndedWithoutResult(this TrialState state) =>
        state is TrialState.Failed or TrialState.Lost or TrialState.Cancelled;
}
