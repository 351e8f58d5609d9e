using Rouser.Core.Parameters;
using Rouser.Sweeps.Pruners;
using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps;

/// <summary>A key of a sweep file outside its parameters.</summary>
/// <param name="Name">Dotted: <c>run.lease</c>.</param>
/// <param name="Type">Its values; null where no <see cref="ParameterType"/> reads them, and <see cref="Expects"/> describes them.</param>
/// <param name="Default">What holds where the file is silent, for the documentation.</param>
internal sealed record SpecKey(string Name, ParameterType? Type, string Default, string Doc)
{
    /// <summary>Its value, for the documentation.</summary>
    public string Expects { get; init; } = Type?.Description ?? "";
}

/// <summary>
/// The keys of <c>metric</c>, <c>run</c> and <c>report</c>: their values, names for "did you mean" and text for the documentation.
/// </summary>
internal static class SpecKeys
{
    /// <summary>The first line of a sweep file.</summary>
    public const string Schema = "rouser/sweep/v1";

    private const string Duration = "duration";

    /// <summary>What a key expects whose value is a number of bytes.</summary>
    public const string Size = "size, such as `500MB`";

    private static readonly ParameterType.Integer Many = new(1, 1_000_000),
        Retries = new(0, 1_000);

    public static IReadOnlyList<string> Root { get; } =
    ["schema", "name", "metric", "base", "arms", "seeds", "studies", "run", "report"];

    public static IReadOnlyList<string> Study { get; } =
    ["base", "arms", "mode", "points", "over", "sampling", "seeds", "priority"];

    /// <summary>The modes of a study, the default first.</summary>
    public static ParameterType.Choice Modes { get; } =
        new(["grid", "one_at_a_time", "list", .. Sampler.All.Select(sampler => sampler.Mode), SearchMode]);

    /// <summary>The mode in which results decide what is trained.</summary>
    public const string SearchMode = "tpe";

    /// <summary>The pool of a search, if the file does not say how many.</summary>
    public const int DefaultCandidates = 500;

    /// <summary>The settings that a search starts with, if the file does not say how many.</summary>
    public const int DefaultStartup = 10;

    /// <summary>The settings that a search has in work, if the file does not say how many.</summary>
    public const int DefaultParallel = 4;

    /// <summary>How many settings a search starts with or has in work.</summary>
    public static ParameterType.Integer SearchSteps { get; } = new(1, 1_000);

    /// <summary>How many settings a sampler may draw.</summary>
    public static ParameterType.Integer SampledSettings { get; } = new(1, 100_000);

    /// <summary>The seeds of a sampler.</summary>
    public static ParameterType.Integer SamplerSeeds { get; } = new(0, long.MaxValue);

    /// <summary>The scales of a range.</summary>
    public static ParameterType.Choice Scales { get; } = new("linear", "log");

    /// <summary>The least and the most seeds of a budget.</summary>
    public static ParameterType.Integer SeedBudgets { get; } = new(3, 1_000);

    /// <summary>Until when seeds are added.</summary>
    public static ParameterType.Choice SeedEnds { get; } = new("decided");

    /// <summary>What the error of a budget is of.</summary>
    public static ParameterType.Choice SeedErrors { get; } = new("comparison", "sweep");

    /// <summary>The priorities of a study.</summary>
    public static ParameterType.Integer Priorities { get; } = new(StudyPriority.Lowest, StudyPriority.Highest);

    public static IReadOnlyList<SpecKey> Sections { get; } =
    [
        new(
            "metric.name",
            new ParameterType.Choice("test_accuracy", "train_accuracy", "train_loss", "validation_accuracy", "validation_loss"),
            "`test_accuracy`",
            "Objective of the sweep. Only a metric of the validation samples (`dataset.validation.by`) can choose: an epoch, a "
                + "setting, or which trials end early."
        ),
        new(
            "metric.goal",
            new ParameterType.Choice("maximize", "minimize"),
            "`maximize`; `minimize` for a loss",
            "Which values of the objective are better."
        ),
        new(
            "metric.select",
            new ParameterType.Choice("last", "best", "mean_last_3"),
            "`last`",
            "Epoch whose value represents a trial. `best` needs a metric of the validation samples."
        ),
        new("run.retries.lost", Retries, "5", "Number of retries after the worker of a trial fell silent or died."),
        new("run.retries.failed", Retries, "1", "Number of retries after the training of a trial failed."),
        new("run.lease", null, "60s", "Time that a worker may be silent before its trials return to the queue.")
        {
            Expects = Duration,
        },
        new("run.timeout", null, "4h", "Longest time that one attempt at a trial may take.") { Expects = Duration },
        new("run.checkpoint_every", Many, "1", "Epochs between checkpoints."),
        new(
            "run.keep",
            new ParameterType.Choice("last", "best", "all", "none"),
            "`last`",
            "Networks of each completed trial that are kept in the `models` folder of the run.\n`last`: the one after the last "
                + "epoch.\n`best`: the one after the epoch that is best by `metric.name`, which must be a metric of the validation "
                + "samples.\n`all`: the one after each epoch; a trial that later gets more epochs then goes on from its last "
                + "one.\n`none`: none."
        ),
        new(
            "run.models_limit",
            null,
            "50GB",
            "Size that the `models` folder of the run may have. What does not fit is not kept, and the run says so; no result is "
                + "lost. Networks of earlier epochs get the room that those of the last epoch of all trials leave."
        )
        {
            Expects = Size,
        },
        new(
            "run.cross_check",
            ParameterType.Share,
            "0",
            "Fraction of the trials, chosen at random, that a second worker trains again from the start. Both results must be "
                + "the same bytes; otherwise an alarm names the trial and both workers. It needs two workers: `rouser run`, "
                + "which has one, ignores it. Trials of `engine: torch` are left out."
        ),
        .. Pruner.Family.Parameters.Select(p => new SpecKey(
            p.Name,
            p.Type,
            p.Default is ParameterValue.Text ? $"`{p.Default}`" : p.Default.ToString(),
            p.Doc
        )),
        new("report.compare_to", null, "none", "Baseline arm: the report shows differences and speed-ups against it.")
        {
            Expects = "an arm",
        },
        new(
            "report.colors",
            null,
            "in their order",
            "Colours of the arms in figures, in the order of `arms`: " + string.Join(", ", ReportSettings.ColorNames) + "."
        )
        {
            Expects = "list of colours",
        },
        new("report.reach", null, "[0.8, 0.9, 0.95]", "Test accuracies for which the report gives the number of epochs needed.")
        {
            Expects = "list of numbers above 0 to 1",
        },
    ];

    /// <summary>The values of a key of <see cref="Sections"/> that has a type.</summary>
    public static ParameterType TypeOf(string name) => Sections.Single(key => key.Name == name).Type!;
}
