using Rouser.Core.Parameters;

namespace Rouser.Snn.Thresholds;

/// <summary>
/// Thresholds go from where they start to where they should end, whatever happens (Eshraghian and Lu, arXiv
/// 2201.11915, equation 4).
/// </summary>
/// <remarks>
/// After each batch:
/// <code>
/// Th += α (Th_final − Th)
/// </code>
/// The authors' code searches α between 1.4·10⁻⁵ and 0.17, and both ends of the way per layer; here all layers go the
/// same way.
/// </remarks>
/// <param name="Init">Th_init.</param>
/// <param name="Final">Th_final.</param>
/// <param name="Rate">α, from 0 to 1.</param>
public sealed record AnnealedThreshold(double Init, double Final, double Rate) : BatchwiseThreshold(Init)
{
    private static readonly Parameter FinalParameter = new(
        "threshold.final",
        new ParameterType.Real(0, OrNone: true),
        ParameterType.None,
        "Threshold at which annealing ends, Th_final. Required by `annealed`."
    );

    private static readonly Parameter RateParameter = new(
        "threshold.annealing",
        new ParameterType.Real(0, 1, Above: true),
        0.01,
        "Fraction α of the remaining distance that thresholds move after each batch."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<ThresholdRule> Method { get; } =
        new(
            "annealed",
            "all thresholds move from `threshold.init` to `threshold.final`, whatever the activity.",
            [FinalParameter, RateParameter, .. ThresholdBounds.Parameters],
            set => new AnnealedThreshold(set.Real(InitParameter), set.Real(FinalParameter), set.Real(RateParameter))
            {
                Bounds = ThresholdBounds.From(set),
            }
        )
        {
            Requirements =
            [
                .. ThresholdBounds.Requirements,
                new(
                    Family.Name,
                    set =>
                        set.ValueOf(FinalParameter) is ParameterValue.Text
                            ? "threshold.rule annealed has no end to go to; give threshold.final"
                            : null
                )
                {
                    Also = [FinalParameter],
                },
            ],
        };

    /// <inheritdoc/>
    public override double Next(double th, double spikes, double layerSpikes, int neurons, int samples) =>
        th + (Rate * (Final - th));
}
