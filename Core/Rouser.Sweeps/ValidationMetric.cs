using Rouser.Snn;

namespace Rouser.Sweeps;

/// <summary>
/// What a choice may rest on: a metric of the validation samples. There is no other value of this type, and it reads
/// <see cref="ValidationScores"/> alone, so whatever takes one cannot look at the test set.
/// </summary>
public sealed class ValidationMetric
{
    private readonly Func<ValidationScores, double> _value;

    private ValidationMetric(string name, bool maximize, Func<ValidationScores, double> value) =>
        (Name, Maximize, _value) = (name, maximize, value);

    /// <summary>The share of validation samples that are classified right.</summary>
    public static ValidationMetric Accuracy { get; } = new("validation_accuracy", maximize: true, scores => scores.Accuracy);

    /// <summary>The mean loss per validation sample.</summary>
    public static ValidationMetric Loss { get; } = new("validation_loss", maximize: false, scores => scores.Loss);

    /// <summary>Its name in the sweep file and the tables.</summary>
    public string Name { get; }

    /// <summary>Whether more is better.</summary>
    public bool Maximize { get; }

    /// <summary>The metric of a name; null if that is none of the validation samples.</summary>
    public static ValidationMetric? Find(string name) =>
        name == Accuracy.Name ? Accuracy
        : name == Loss.Name ? Loss
        : null;

    /// <summary>The value.</summary>
    public double ValueOf(ValidationScores scores) => _value(scores);

    /// <summary>The value with its sign such that more is better; what is not a number is worst.</summary>
    /// <param name="scores">What was measured; null for nothing.</param>
    public double GoodnessOf(ValidationScores? scores)
    {
        double value = scores is null ? double.NaN : _value(scores);
        return double.IsNaN(value) ? double.NegativeInfinity
            : Maximize ? value
            : -value;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
