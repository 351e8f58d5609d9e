using Rouser.Core.Parameters;

namespace Rouser.Snn.Optimizers.Schedules;

/// <summary>
/// Learning rates rise and fall once (Smith and Topin 2019), along half cosines and with the end points that PyTorch
/// has.
/// </summary>
/// <remarks>
/// With the share p = e/E of the training done, the factor goes along half a cosine
/// <code>
/// from 1/25 at p = 0 to 1 at p = r, and from there to 1/250,000 at p = 1
/// </code>
/// The learning rates of the sweep file are the highest.
/// </remarks>
/// <param name="Rise">r, the share of the training after which rates are highest.</param>
public sealed record OneCycleSchedule(double Rise) : Schedule
{
    private const double Start = 1 / 25.0,
        End = Start / 1e4;

    private static readonly Parameter RiseParameter = new(
        "optimizer.schedule_rise",
        new ParameterType.Real(0, 1, Above: true, Below: true),
        0.3,
        "Share r of the training after which learning rates are highest."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Schedule> Method { get; } =
        Named(
            "one_cycle",
            "they rise from 1/25 to their values and fall to 1/250,000, along half cosines (Smith and Topin 2019).",
            [RiseParameter],
            set => new OneCycleSchedule(set.Real(RiseParameter))
        );

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override double Factor(double epoch, int epochs)
    {
        double share = epoch / epochs;
        return share < Rise ? HalfCosine(Start, 1, share / Rise) : HalfCosine(1, End, (share - Rise) / (1 - Rise));
    }
}
