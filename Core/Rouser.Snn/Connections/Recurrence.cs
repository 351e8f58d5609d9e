using Rouser.Core.Parameters;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Connections;

/// <summary>
/// Hidden layers that hear themselves: each has a second matrix U, from its own spikes of the step before (Bellec et al. 2018;
/// Cramer et al. 2020).
/// </summary>
/// <remarks>
/// With I and the input's lag d as <see cref="Reference.ReferenceLayer"/> has them, for both couplings:
/// <code>
/// I[t] = a I[t−1] + W S_in[t−d] + U S[t−1]
/// ∂L/∂S[t] gains Uᵀ ∂L/∂I[t+1]          ∂L/∂U = Σ_t ∂L/∂I[t] S[t−1]ᵀ
/// </code>
/// Truncated BPTT cuts the path back from step kn to kn − 1 as any other. U are rows of the layer's matrix below those of W,
/// <c>[(in + N) × out]</c>, so that the optimiser, normalised and rounded weights and checkpoints know no second one: w of
/// normalised weights has the length of both together. Dropout keeps neurons from the layer above, not from their own
/// layer, as in Zaremba, Sutskever and Vinyals 2014.
/// </remarks>
public static class Recurrence
{
    private static readonly Parameter RecurrentParameter = new(
        "network.recurrent",
        new ParameterType.Boolean(),
        false,
        "Whether each hidden layer also gets its own spikes of the step before, through a matrix of its own."
    )
    {
        SilentDefault = true,
    };

    /// <summary>The parameters of a sweep file.</summary>
    internal static IEnumerable<Parameter> Parameters => [RecurrentParameter];

    /// <summary>What it asks of values beside its own.</summary>
    internal static IEnumerable<Requirement> Requirements =>
        [
            new(
                RecurrentParameter.Name,
                set =>
                    From(set) && NetworkLayers.HasNoHidden(set)
                        ? "network.recurrent is of hidden layers, and network.hidden is []"
                        : null
            ),
        ];

    /// <summary>From a trial's values.</summary>
    internal static bool From(ParameterSet set) => set.Boolean(RecurrentParameter);
}
