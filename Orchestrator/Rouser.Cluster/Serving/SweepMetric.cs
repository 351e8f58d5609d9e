using Rouser.Coordination;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A number that tells how a sweep goes. Declared once: the Prometheus text (<c>GET /metrics</c>) and OpenTelemetry both
/// enumerate <see cref="All"/>.
/// </summary>
/// <param name="Name">With dots, as OpenTelemetry has it; in Prometheus they are underscores.</param>
/// <param name="Description">What it is.</param>
/// <param name="Label">What its values are told apart by; null where there is one.</param>
/// <param name="Read">Its values: the label's word, and the number.</param>
internal sealed record SweepMetric(
    string Name,
    string Description,
    string? Label,
    Func<CoordinatorState, IEnumerable<(string Word, long Value)>> Read
)
{
    /// <summary>All of them, in the order of the text.</summary>
    public static IReadOnlyList<SweepMetric> All { get; } =
    [
        new(
            "rouser.trials",
            "Trials by state.",
            "state",
            state => Enum.GetValues<TrialState>().Select(s => (s.ToName(), (long)state.Count(s)))
        ),
        new("rouser.epochs_recorded", "Epochs that are durable.", null, state => One(state.Summary.EpochsRecorded)),
        new("rouser.workers", "Workers that have joined.", null, state => One(state.Workers.Count)),
        new(
            "rouser.slots",
            "Slots of the workers that have joined.",
            null,
            state => One(state.Workers.Values.Sum(w => (long)w.Slots))
        ),
    ];

    private static IEnumerable<(string, long)> One(long value) => [("", value)];
}
