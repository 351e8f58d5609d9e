using Rouser.Snn;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Membranes;

namespace Rouser.Testing.Networks;

/// <summary>Draws how decays differ between neurons and how they are trained.</summary>
internal static class RandomDecays
{
    private const double LearningRate = 0.01;

    /// <summary>How decays may differ, for those that may.</summary>
    public static IReadOnlyList<Func<RandomStream, HeterogeneousDecays, Heterogeneity>> Heterogeneities { get; } =
    [
        (random, of) => new UniformHeterogeneity(of, random.NextDouble(0.1, 0.9)),
        (random, of) => new GammaHeterogeneity(of, 1 + random.NextInt(5)),
    ];

    /// <summary>The settings with drawn decays.</summary>
    public static TrainingSettings Apply(TrainingSettings settings, RandomStream random)
    {
        Current current = random.NextInt(3) == 0 ? new PlainCurrent() : new TrainedCurrent(random.NextInt(2) == 0, LearningRate);
        Func<RandomStream, HeterogeneousDecays, Heterogeneity> make = Heterogeneities[random.NextInt(Heterogeneities.Count)];
        Heterogeneity? heterogeneity = Drawable(settings.Neuron.Membrane, current) is { } of ? make(random, of) : null;
        return settings with
        {
            Neuron = settings.Neuron with { Current = current, Heterogeneity = random.NextInt(3) == 0 ? null : heterogeneity },
        };
    }

    /// <summary>The decays that neurons may differ in, because they do not share a trained one; null for none.</summary>
    public static HeterogeneousDecays? Drawable(Membrane membrane, Current current) =>
        (membrane is TrainedMembrane { PerNeuron: false }, current is TrainedCurrent { PerNeuron: false }) switch
        {
            (false, false) => HeterogeneousDecays.Both,
            (true, false) => HeterogeneousDecays.Current,
            (false, true) => HeterogeneousDecays.Voltage,
            _ => null,
        };
}
