namespace Rouser.Sweeps;

/// <summary>A key of a sweep file outside its parameters.</summary>
/// <param name="Name">Dotted: <c>run.lease</c>.</param>
/// <param name="Expects">Its value, for the documentation.</param>
/// <param name="Default">What holds where the file is silent, for the documentation.</param>
/// <param name="Doc">What it is.</param>
internal sealed record SpecKey(string Name, string Expects, string Default, string Doc);

/// <summary>
/// The keys of <c>metric</c>, <c>run</c> and <c>report</c>: names for "did you mean" and text for docs/sweep-file.md.
/// </summary>
internal static class SpecKeys
{
    /// <summary>The first line of a sweep file.</summary>
    public const string Schema = "rouser/sweep/v1";

    public static IReadOnlyList<string> Root { get; } =
    ["schema", "name", "metric", "base", "arms", "seeds", "studies", "run", "report"];

    public static IReadOnlyList<string> Study { get; } = ["base", "arms", "mode", "points", "over", "seeds", "priority"];

    public static IReadOnlyList<SpecKey> Sections { get; } =
    [
        new("metric.name", "`test_accuracy`, `train_accuracy` or `train_loss`", "`test_accuracy`", "What the sweep is about."),
        new("metric.goal", "`maximize` or `minimize`", "`maximize`; `minimize` for a loss", "Which values are better."),
        new(
            "metric.select",
            "`last`, `best` or `mean_last_3`",
            "`last`",
            "The epoch that stands for a trial. `best` is the best on the test set: optimistic, and the report says so."
        ),
        new(
            "run.retries.lost",
            "whole number from 0 to 1000",
            "5",
            "How often a trial is tried again after its worker fell silent or died."
        ),
        new(
            "run.retries.failed",
            "whole number from 0 to 1000",
            "1",
            "How often a trial is tried again after its training failed."
        ),
        new("run.lease", "duration", "60s", "How long a worker may be silent before its trials return to the queue."),
        new("run.timeout", "duration", "4h", "How long an attempt at a trial may take."),
        new("run.checkpoint_every", "whole number from 1 to 1,000,000", "1", "Epochs between checkpoints."),
        new(
            "run.cross_check",
            "number from 0 to 1",
            "0",
            "The share of trials that a second worker trains again from the start, chosen at random. Their "
                + "results must be the same bytes, or an alarm names both workers and the trial. Needs two workers: "
                + "`rouser run`, which has one, ignores it. Trials of `engine: torch` are left out."
        ),
        new(
            "run.pruner.kind",
            "`none`, `median` or `successive_halving`",
            "`none`",
            "Ends trials early that do not look worth going on, compared with trials on the same data. `median`: "
                + "below the median of the others' best after as many epochs; `successive_halving`: not in the best "
                + "1/η at a rung, which are after r, r·η, r·η², … epochs (ASHA). Pruning biases intervals over seeds."
        ),
        new(
            "run.pruner.min_epochs",
            "whole number from 1 to 1,000,000",
            "1",
            "No trial is ended before so many epochs; r of `successive_halving`."
        ),
        new(
            "run.pruner.min_trials",
            "whole number from 1 to 1,000,000",
            "5",
            "Of `median`: so many others must have come as far."
        ),
        new("run.pruner.reduction_factor", "whole number from 2 to 100", "3", "η of `successive_halving`."),
        new("report.compare_to", "an arm", "none", "The arm that speed-ups refer to."),
        new(
            "report.reach",
            "list of shares",
            "[0.8, 0.9, 0.95]",
            "Test accuracies for which the report gives the epochs to reach them."
        ),
    ];
}
