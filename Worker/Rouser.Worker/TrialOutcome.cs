namespace Rouser.Worker;

/// <summary>How an attempt at a trial ended.</summary>
public abstract record TrialOutcome
{
    private TrialOutcome() { }

    /// <summary>All epochs are done.</summary>
    /// <param name="WeightDistancesFinal"><c>[epoch − 1][layer]</c>: distance of the weights after each epoch from
    /// the final ones.</param>
    public sealed record Completed(IReadOnlyList<IReadOnlyList<double>> WeightDistancesFinal) : TrialOutcome;

    /// <summary>
    /// It was asked to stop and did, between two batches; its checkpoint is as of the last one written.
    /// </summary>
    public sealed record Stopped : TrialOutcome;

    /// <summary>It cannot go on.</summary>
    /// <param name="Reason">Why, in words for the user.</param>
    public sealed record Failed(string Reason) : TrialOutcome;
}
