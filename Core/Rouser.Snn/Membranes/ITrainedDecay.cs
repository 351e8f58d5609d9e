namespace Rouser.Snn.Membranes;

/// <summary>
/// A decay per step, of a potential or of a current, as a trained parameter w: <see cref="TrainedMembrane"/> and
/// <see cref="Currents.TrainedCurrent"/>.
/// </summary>
public interface ITrainedDecay
{
    /// <summary>Whether each neuron has a w of its own; else one per layer.</summary>
    bool PerNeuron { get; }

    /// <summary>The learning rate of w.</summary>
    double LearningRate { get; }

    /// <summary>The decay for w.</summary>
    double Decay(double w);

    /// <summary>The derivative of the decay by w, where the decay is known.</summary>
    double Slope(double decay);

    /// <summary>w for a decay.</summary>
    double Parameter(double decay);

    /// <summary>w after an update, within the range that the decay has.</summary>
    double Bounded(double w);
}
