using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>One seed of a row: a cell of the plan and the trial that fills it.</summary>
/// <param name="TrialId">The trial's identity; cells may share a trial.</param>
/// <param name="State">Where the trial stands.</param>
/// <param name="Attempt">The latest attempt, from 1; 0 if there was none.</param>
/// <param name="Reason">Why it failed, was lost or was pruned; null where it did not.</param>
/// <param name="Synthetic">Whether its data is generated.</param>
/// <param name="DatasetDigest">The digest of its data.</param>
/// <param name="Engine">The training engine and its version.</param>
/// <param name="Worker">Who trained it last; null if nobody has.</param>
/// <param name="ReusedFrom">The run that it was taken over from; null if it was trained in this one.</param>
/// <param name="AssignedAt">When its latest attempt was handed out; null if none was.</param>
/// <param name="EndedAt">When it ended; null if it has not.</param>
/// <param name="Objective">The metric that the sweep is about, in the epoch that it selects; null without a
/// result.</param>
/// <param name="Parameters">Every parameter that its method uses.</param>
/// <param name="History">What it measured so far.</param>
public sealed record Replicate(
    long Seed,
    string TrialId,
    TrialState State,
    int Attempt,
    string? Reason,
    bool Synthetic,
    string DatasetDigest,
    string Engine,
    string? Worker,
    string? ReusedFrom,
    DateTimeOffset? AssignedAt,
    DateTimeOffset? EndedAt,
    double? Objective,
    ParameterSet Parameters,
    TrialHistory History
)
{
    /// <summary>
    /// Effective synaptic operations per test sample (<see cref="Snn.ComplexityMetrics.EffectiveAcs"/>); null without a
    /// result, and in tables of before they were measured.
    /// </summary>
    public double? EffectiveAcs { get; init; }

    /// <summary>What users wrote to it.</summary>
    public Annotation Annotation { get; init; } = Annotation.None;

    /// <summary>The parameter that names the data set.</summary>
    public static Parameter DatasetParameter { get; } = ParameterSchema.Declared("dataset.name");

    /// <summary>The parameter that says how many samples are tested on.</summary>
    public static Parameter TestSamplesParameter { get; } = ParameterSchema.Declared("dataset.test_samples");

    /// <summary>Whether it has its result. Only such a replicate enters a mean.</summary>
    public bool IsComplete => State == TrialState.Completed;

    /// <summary>The trial's identity as people read it.</summary>
    public string ShortId => TrialId.Length > 8 ? TrialId[..8] : TrialId;

    /// <summary>The data set's name in a sweep file; null where the table has none.</summary>
    public string? DatasetName => Parameters.FindText(DatasetParameter);

    /// <summary>
    /// Why it is not complete, for a footnote: <c>seed 2 failed after 3 epochs (loss is not a number)</c>.
    /// </summary>
    public string WhyMissing
    {
        get
        {
            string verb = State switch
            {
                TrialState.Queued => "waits in the queue",
                TrialState.Running => "is running",
                TrialState.Lost or TrialState.Cancelled or TrialState.Pruned => $"was {State.ToName()}",
                _ => State.ToName(),
            };
            string epochs = History.Epochs switch
            {
                0 => "",
                1 => " after 1 epoch",
                int n => $" after {n} epochs",
            };
            string reason = string.IsNullOrWhiteSpace(Reason) ? "" : $" ({Reason.Trim()})";
            return $"seed {Seed} {verb}{epochs}{reason}";
        }
    }

    /// <summary>How many of these stand where, those with a result left out: <c>1 failed, 2 queued</c>.</summary>
    public static string CountIncomplete(IEnumerable<Replicate> replicates) =>
        string.Join(
            ", ",
            replicates
                .Where(r => !r.IsComplete)
                .GroupBy(r => r.State.ToName())
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Count()} {g.Key}")
        );
}
