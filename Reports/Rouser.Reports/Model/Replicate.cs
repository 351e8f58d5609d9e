namespace Rouser.Reports.Model;

/// <summary>One seed of a row: a cell of the plan and the trial that fills it.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="TrialId">The trial's identity; cells may share a trial.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c>, <c>lost</c>, <c>cancelled</c>
/// or <c>pruned</c>.</param>
/// <param name="Attempt">The latest attempt, from 1; 0 if there was none.</param>
/// <param name="Reason">Why it failed, was lost or was pruned; null where it did not.</param>
/// <param name="Synthetic">Whether its data is generated.</param>
/// <param name="DatasetDigest">The digest of its data.</param>
/// <param name="Engine">The training engine and its version.</param>
/// <param name="Worker">Who trained it last; null if nobody has.</param>
/// <param name="AssignedAt">When its latest attempt was handed out; null if none was.</param>
/// <param name="EndedAt">When it ended; null if it has not.</param>
/// <param name="Objective">The metric that the sweep is about, in the epoch that it selects; null without a
/// result.</param>
/// <param name="Parameters">Every parameter that its method uses, as text.</param>
/// <param name="History">What it measured so far.</param>
public sealed record Replicate(
    long Seed,
    string TrialId,
    string State,
    int Attempt,
    string? Reason,
    bool Synthetic,
    string DatasetDigest,
    string Engine,
    string? Worker,
    DateTimeOffset? AssignedAt,
    DateTimeOffset? EndedAt,
    double? Objective,
    IReadOnlyDictionary<string, string> Parameters,
    TrialHistory History
)
{
    /// <summary>Whether it has its result. Only such a replicate enters a mean.</summary>
    public bool IsComplete => State == "completed";

    /// <summary>
    /// Why it is not complete, for a footnote: <c>seed 2 failed after 3 epochs (loss is not a number)</c>.
    /// </summary>
    public string WhyMissing
    {
        get
        {
            string verb = State switch
            {
                "queued" => "waits in the queue",
                "running" => "is running",
                "lost" or "cancelled" or "pruned" => $"was {State}",
                _ => State,
            };
            string epochs = History.Epochs switch
            {
                0 => "",
                1 => " after 1 epoch",
                int n => $" after {n} epochs",
            };
            return $"seed {Seed} {verb}{epochs}{(string.IsNullOrWhiteSpace(Reason) ? "" : $" ({Reason.Trim()})")}";
        }
    }
}
