using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Regularizers;

/// <summary>
/// A penalty on hidden neurons that fire too much or not at all (Zenke and Vogels 2021; Perez-Nieves and Goodman
/// 2021).
/// </summary>
/// <remarks>
/// For each sample and each hidden layer, with n_i the spikes of neuron i of N; the loss L of a sample gains the sum
/// over hidden layers of
/// <code>
/// λ_u max(0, n̄ − f_u) + λ_l (1/N) Σ_i max(0, f_l − n_i)²      n̄ = (1/N) Σ_i n_i
/// </code>
/// and ∂L/∂S_i[t], at every step t alike,
/// <code>
/// (λ_u/N) [n̄ > f_u] − (2 λ_l/N) max(0, f_l − n_i)
/// </code>
/// The loss that is reported is the whole.
/// </remarks>
/// <param name="UpperWeight">λ_u.</param>
/// <param name="UpperCount">f_u, spikes per neuron and sample, a mean over the layer.</param>
/// <param name="LowerWeight">λ_l.</param>
/// <param name="LowerCount">f_l, spikes per neuron and sample, of each neuron.</param>
public sealed record ActivityRegularizer(double UpperWeight, double UpperCount, double LowerWeight, double LowerCount)
    : Regularizer
{
    private static readonly Parameter UpperWeightParameter = new(
        "regularizer.upper_weight",
        ParameterType.NotNegative,
        0.06,
        "Weight λ_u: the penalty per spike by which the layer's mean exceeds the upper count."
    );

    private static readonly Parameter UpperCountParameter = new(
        "regularizer.upper_count",
        ParameterType.NotNegative,
        1.0,
        "Upper count f_u, spikes per neuron and sample, averaged over the layer. Use 10 for Spiking Heidelberg Digits."
    );

    private static readonly Parameter LowerWeightParameter = new(
        "regularizer.lower_weight",
        ParameterType.NotNegative,
        100.0,
        "Weight λ_l of the squared shortfall of a neuron below the lower count."
    );

    private static readonly Parameter LowerCountParameter = new(
        "regularizer.lower_count",
        ParameterType.NotNegative,
        1e-3,
        "Lower count f_l, spikes per neuron and sample, for each neuron."
    );

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Regularizer?> Method { get; } =
        new(
            "activity",
            "penalises hidden layers whose mean spike count is above the upper count, and hidden neurons whose "
                + "spike count is below the lower count (Zenke and Vogels 2021).",
            [UpperWeightParameter, UpperCountParameter, LowerWeightParameter, LowerCountParameter],
            set => new ActivityRegularizer(
                set.Real(UpperWeightParameter),
                set.Real(UpperCountParameter),
                set.Real(LowerWeightParameter),
                set.Real(LowerCountParameter)
            )
        )
        {
            Requirements =
            [
                new(
                    "regularizer.kind",
                    set =>
                        NetworkLayers.HasNoHidden(set)
                            ? "regularizer.kind activity acts on hidden layers, and network.hidden is []"
                            : null
                ),
            ],
        };

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> n, double share, Span<double> gradient)
    {
        double total = 0;
        foreach (double count in n)
            total += count;
        double over = (total / n.Length) - UpperCount,
            sum = UpperWeight * Math.Max(0, over);
        for (int i = 0; i < n.Length; i++)
        {
            double under = Math.Max(0, LowerCount - n[i]);
            sum += LowerWeight / n.Length * under * under;
            gradient[i] = share * ((over > 0 ? UpperWeight : 0) - (2 * LowerWeight * under)) / n.Length;
        }
        return sum;
    }
}
