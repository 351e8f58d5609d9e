using Rouser.Snn;

namespace Rouser.Web.Model;

/// <summary>
/// What the page keeps of an epoch. Shares are from 0 to 1; NaN where the trial has no validation samples.
/// </summary>
/// <param name="Seconds">Wall time of training, without the test.</param>
internal readonly record struct EpochPoint(
    double TrainLoss,
    double TrainAccuracy,
    double TestAccuracy,
    double ValidationAccuracy,
    double ValidationLoss,
    float Seconds
)
{
    /// <summary>Of what was recorded.</summary>
    public static EpochPoint Of(EpochMetrics e) =>
        new(
            e.TrainLoss,
            e.TrainAccuracy,
            e.TestAccuracy,
            e.Validation?.Accuracy ?? double.NaN,
            e.Validation?.Loss ?? double.NaN,
            (float)e.Seconds
        );

    /// <summary>The metric of that name; null for a name that epochs do not have.</summary>
    public double? ValueOf(string metric) =>
        metric switch
        {
            "test_accuracy" => TestAccuracy,
            "train_accuracy" => TrainAccuracy,
            "train_loss" => TrainLoss,
            "validation_accuracy" => ValidationAccuracy,
            "validation_loss" => ValidationLoss,
            "seconds" => Seconds,
            _ => null,
        };
}
