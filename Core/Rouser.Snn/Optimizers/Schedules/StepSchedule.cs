using Rouser.Core.Parameters;

namespace Rouser.Snn.Optimizers.Schedules;

/// <summary>Learning rates fall by a factor every few epochs.</summary>
/// <remarks>
/// <code>
/// factor = γ^⌊e/n⌋
/// </code>
/// </remarks>
/// <param name="Every">n, epochs between two steps.</param>
/// <param name="Gamma">γ, the factor of a step.</param>
public sealed record StepSchedule(int Every, double Gamma) : Schedule
{
    private static readonly Parameter EveryParameter = new(
        "optimizer.schedule_epochs",
        new ParameterType.Integer(1, 1_000_000),
        10,
        "Epochs n between two steps of the learning rates."
    );

    private static readonly Parameter GammaParameter = new(
        "optimizer.schedule_factor",
        new ParameterType.Real(0, 1, Above: true),
        0.1,
        "Factor γ of learning rates at each step."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Schedule> Method { get; } =
        Named(
            "step",
            "they fall by a factor every few epochs.",
            [EveryParameter, GammaParameter],
            set => new StepSchedule(set.Int32(EveryParameter), set.Real(GammaParameter))
        );

    /// <inheritdoc/>
    protected override double Factor(double epoch, int epochs) => PortableMath.Power(Gamma, (long)Math.Floor(epoch / Every));
}
