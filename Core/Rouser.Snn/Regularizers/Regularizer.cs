using Rouser.Core.Parameters;

namespace Rouser.Snn.Regularizers;

/// <summary>
/// A penalty on the activity of a hidden layer in one sample, added to the sample's loss. It is a function of the
/// spikes' counts, in double precision in every engine. Immutable and safe to share between threads.
/// </summary>
public abstract record Regularizer
{
    /// <summary>All regularisers, and none: a new one is its file and a line here.</summary>
    public static MethodFamily<Regularizer?> Family { get; } =
        new(
            "regularizer.kind",
            ParameterType.None,
            "Penalty that is added to the loss.\n{0}",
            () => [new(ParameterType.None, "no penalty.", [], _ => null), ActivityRegularizer.Method]
        )
        {
            SilentDefault = true,
        };

    /// <summary>The penalty of one hidden layer in one sample. Allocates nothing.</summary>
    /// <param name="n">n_i, each neuron's spikes in the sample, <c>[N]</c>.</param>
    /// <param name="share">The factor of the derivative: 1 for the sample's own, 1/B for the mean over a batch.</param>
    /// <param name="gradient">Receives ∂R/∂S_i[t], which is the same at every step t, times <paramref name="share"/>,
    /// <c>[N]</c>.</param>
    /// <returns>The penalty.</returns>
    public abstract double Evaluate(ReadOnlySpan<double> n, double share, Span<double> gradient);
}
