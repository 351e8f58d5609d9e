using Rouser.Core.Parameters;
using Rouser.Snn.Losses;

namespace Rouser.Snn.Readouts;

/// <summary>
/// What makes logits of the output layer, where it is not its spike counts that are compared. Works on real values in
/// double precision, in every engine, so that its derivative can be checked by finite differences. Immutable and safe to
/// share between threads.
/// </summary>
public abstract record Readout
{
    /// <summary>All readouts of a sweep file; null stands for spike counts. A new one is its file and a line here.</summary>
    public static MethodFamily<Readout?> Family { get; } =
        new(
            "network.readout",
            "spikes",
            "What is read from the output layer.\n{0}",
            () =>
                [
                    new("spikes", "spikes as in the hidden layers; the class with most of them wins.", [], _ => null),
                    LeakyReadout.Method,
                    FirstSpikeReadout.Method,
                ]
        )
        {
            IsOpen = false,
            SilentDefault = true,
        };

    /// <summary>Whether the output layer spikes, as the hidden ones do; else it has potentials alone.</summary>
    public abstract bool Spikes { get; }

    /// <summary>Its word in exports.</summary>
    public abstract string Word { get; }

    /// <summary>The logits of one sample. Allocates nothing.</summary>
    /// <param name="output">The spikes of the output layer, or its potentials if it has none, <c>[T × N]</c>.</param>
    /// <param name="z">Receives the logits, <c>[N]</c>.</param>
    public abstract void Read(ReadOnlySpan<double> output, Span<double> z);

    /// <summary>The way back. Allocates nothing.</summary>
    /// <param name="gz">∂L/∂z, <c>[N]</c>.</param>
    /// <param name="output">What was read, <c>[T × N]</c>, which the derivative by it replaces.</param>
    public abstract void Spread(ReadOnlySpan<double> gz, Span<double> output);

    /// <summary>A readout's entry in the sweep file; its logits need a loss that takes some.</summary>
    private protected static Method<Readout?> Named(
        string word,
        string doc,
        IReadOnlyList<Parameter> parameters,
        Func<ParameterSet, Readout> make,
        params IReadOnlyList<Requirement> requirements
    ) =>
        new(word, doc, parameters, make)
        {
            Requirements =
            [
                Asks(set =>
                    Loss.Family.Build(set).TakesLogits
                        ? null
                        : $"network.readout: {word} has logits, and loss.kind: {set.ValueOf(Loss.Family.Selector)} compares spikes; "
                            + "take loss.kind: cross_entropy"
                ),
                Asks(set =>
                    set.Boolean(Loss.OutputDelayedParameter)
                        ? $"network.readout: {word} has logits, which loss.output_delayed could not delay; take false"
                        : null
                ),
                .. requirements,
            ],
        };

    /// <summary>What it asks of the values beside its own.</summary>
    private protected static Requirement Asks(Func<ParameterSet, string?> complaint) => new("network.readout", complaint);
}
