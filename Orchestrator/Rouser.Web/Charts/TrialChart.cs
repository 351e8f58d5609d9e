using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Charts;

/// <summary>One trial, all of it.</summary>
/// <param name="Parameters">Every parameter that its method uses.</param>
/// <param name="Attempts">In their order.</param>
/// <param name="Curves">Each metric that it has, by its name; a number for each epoch.</param>
/// <param name="Layers">Its layers over the epochs.</param>
/// <param name="Log">The last events about it but its epochs, the newest last.</param>
/// <param name="LogTotal">How many there were.</param>
internal sealed record TrialChart(
    string Id,
    long Seed,
    int Epochs,
    string Engine,
    string Data,
    bool Synthetic,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<AttemptDocument> Attempts,
    IReadOnlyDictionary<string, IReadOnlyList<double?>> Curves,
    LayerChart Layers,
    IReadOnlyList<EventRow> Log,
    int LogTotal
)
{
    private static readonly string[] Metrics =
    [
        "test_accuracy",
        "train_accuracy",
        "train_loss",
        "validation_accuracy",
        "validation_loss",
        "seconds",
    ];

    /// <summary>Of the trial at that index of the plan.</summary>
    public static TrialChart Of(RunView view, int index)
    {
        PlannedTrial trial = view.Plan.Trials[index];
        TrialView own = view.Trial(index);
        return new TrialChart(
            trial.Id.Value,
            trial.Seed,
            trial.Settings.Epochs,
            trial.Engine,
            trial.DataDigest,
            trial.Synthetic,
            new SortedDictionary<string, string>(
                trial.WithoutPlace().Parameters.Values.ToDictionary(p => p.Key, p => p.Value.ToString()!),
                StringComparer.Ordinal
            ),
            [.. own.Attempts.Select(AttemptDocument.Of)],
            CurvesOf(own),
            LayerChart.Of(view, [index]),
            [.. own.Log],
            own.LogLines
        );
    }

    /// <summary>Every metric of a trial that any epoch has a number of.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double?>> CurvesOf(TrialView trial) =>
        Metrics
            .Select(name => (Name: name, Values: trial.Epochs.Select(e => Finite(e.ValueOf(name))).ToArray()))
            .Where(curve => curve.Values.Any(v => v is not null))
            .ToDictionary(curve => curve.Name, IReadOnlyList<double?> (curve) => curve.Values);

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}

/// <summary>An attempt, with times in milliseconds since 1970.</summary>
internal sealed record AttemptDocument(int Number, string Worker, long StartedAt, long? EndedAt, string Outcome, string? Reason)
{
    /// <summary>Of an attempt.</summary>
    public static AttemptDocument Of(AttemptView a) =>
        new(
            a.Number,
            Core.OneLine.Of(a.Worker),
            a.StartedAt.ToUnixTimeMilliseconds(),
            a.EndedAt?.ToUnixTimeMilliseconds(),
            a.Outcome,
            a.Reason
        );
}
