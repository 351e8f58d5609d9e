using System.Globalization;
using Rouser.Snn;
using Rouser.Snn.Normalizations;
using Rouser.Sweeps;

namespace Rouser.Storage.Models;

/// <summary>A network as a trial left it, or as it was after an earlier epoch.</summary>
/// <param name="Trial">How it was trained, but not where its data lay: the same model is the same on any
/// machine.</param>
/// <param name="State">Weights, thresholds, constants of neurons and the optimiser's moments.</param>
/// <param name="Classes">The names of the classes, in their order; empty where they are not known.</param>
public sealed record TrainedModel(PlannedTrial Trial, NetworkState State, IReadOnlyList<string> Classes)
{
    /// <summary>The epoch after which it was so; null for the last one.</summary>
    public int? Epoch { get; init; }

    /// <summary>b of each neuron of a layer: the trial's, what was drawn, or what training made of it.</summary>
    public float[] VoltageFactorsOf(LayerState layer) => LayerDecay.VoltageFactorsOf(Trial.Settings.Neuron, layer);

    /// <summary>The weights of a layer with its normalisation folded into them.</summary>
    public FoldedNormalization FoldedOf(LayerState layer) => FoldedNormalization.Of(Trial.Settings, layer);

    /// <summary>a likewise.</summary>
    public float[] CurrentFactorsOf(LayerState layer) => LayerDecay.CurrentFactorsOf(Trial.Settings.Neuron, layer);

    /// <summary>The name of a class, or its number.</summary>
    public string NameOf(int label) => Classes.ElementAtOrDefault(label) ?? label.ToString(CultureInfo.InvariantCulture);
}
