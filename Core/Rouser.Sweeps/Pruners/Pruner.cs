using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Pruners;

/// <summary>
/// What ends trials early that do not look worth going on. Pruning biases intervals over seeds, so a sweep has none
/// unless it asks for one.
/// </summary>
public abstract record Pruner
{
    /// <summary>r: no trial is ended before so many epochs.</summary>
    protected static Parameter MinEpochsParameter { get; } =
        new(
            "run.pruner.min_epochs",
            new ParameterType.Integer(1, 1_000_000),
            1,
            "Epochs before which no trial is ended; r of `successive_halving`."
        );

    /// <summary>All pruners, and none: a new one is its file and a line here.</summary>
    public static MethodFamily<Pruner?> Family { get; } =
        new(
            "run.pruner.kind",
            ParameterType.None,
            "Ends unpromising trials early. Trials are compared with trials on the same data. Pruning biases intervals over "
                + "seeds.\n{0}",
            () =>
                [
                    new(ParameterType.None, "no trial is ended.", [], _ => null),
                    MedianPruner.Method,
                    SuccessiveHalvingPruner.Method,
                ]
        )
        {
            IsOpen = false,
            Common = [MinEpochsParameter],
        };

    /// <summary>A judge that has seen nothing.</summary>
    public abstract IPruningJudge Start();
}

/// <summary>What a trial measured in an epoch, as far as pruners look at it.</summary>
/// <param name="Trial">Which trial.</param>
/// <param name="Data">What it is trained on: trials on other data are not compared with it.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Goodness">The metric with its sign such that more is better; what is not a number is worst.</param>
/// <param name="Metric">The metric's name, for people.</param>
public readonly record struct Measurement(string Trial, string Data, int Epoch, double Goodness, string Metric);

/// <summary>
/// Judges running trials by what they and others measured so far. A pure function of the measurements it was given, in
/// their order: the coordinator gives it each recorded epoch once, live and on replay alike, and asks for a verdict when
/// live.
/// </summary>
public interface IPruningJudge
{
    /// <summary>Takes in what a trial measured.</summary>
    void Record(in Measurement measured);

    /// <summary>
    /// Whether the trial, whose latest epoch was just recorded, should end there: why, in words for the user; null to
    /// let it go on.
    /// </summary>
    string? Judge(in Measurement measured);
}
