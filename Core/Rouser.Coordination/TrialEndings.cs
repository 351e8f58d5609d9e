namespace Rouser.Coordination;

/// <summary>How trials end.</summary>
public static class TrialEndings
{
    /// <summary>
    /// Whether a trial has ended without the result that the sweep asks for. Such a trial can be retried. A pruned one
    /// is none of them: the sweep itself asks for its end.
    /// </summary>
    public static bool EndedWithoutResult(this TrialState state) =>
        state is TrialState.Failed or TrialState.Lost or TrialState.Cancelled;
}
