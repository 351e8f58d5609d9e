using Rouser.Core.Parameters;

namespace Rouser.Snn.Optimizers.Schedules;

/// <summary>
/// Learning rates fall along half a cosine (Loshchilov and Hutter 2017, equation 5, without restarts).
/// </summary>
/// <remarks>
/// With e of E epochs done:
/// <code>
/// factor = f + (1 − f) · (1 + cos(π·e/E)) / 2
/// </code>
/// </remarks>
/// <param name="Floor">f, the factor at the end.</param>
public sealed record CosineSchedule(double Floor) : Schedule
{
    private static readonly Parameter FloorParameter = new(
        "optimizer.schedule_floor",
        ParameterType.Share,
        0.0,
        "Factor f of learning rates at the end of the training."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Schedule> Method { get; } =
        Named(
            "cosine",
            "they fall along half a cosine over all epochs (Loshchilov and Hutter 2017).",
            [FloorParameter],
            set => new CosineSchedule(set.Real(FloorParameter))
        );

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override double Factor(double epoch, int epochs) => HalfCosine(1, Floor, epoch / epochs);
}
