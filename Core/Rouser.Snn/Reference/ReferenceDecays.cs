using Rouser.Snn.Membranes;

namespace Rouser.Snn.Reference;

/// <summary>
/// The decays of a layer's potentials or currents in double precision, if they are trained.
/// <see cref="ITrainedDecay"/>'s kinds have the equations.
/// </summary>
internal sealed class ReferenceDecays
{
    private readonly ITrainedDecay? _trained;
    private readonly double[] _decays,
        _w = [];
    private readonly ReferenceOptimizer? _optimizer;

    /// <summary>Starts from the layer's decays, which it moves.</summary>
    public ReferenceDecays(TrainingSettings settings, ITrainedDecay? trained, double[] decays)
    {
        (_trained, _decays) = (trained, decays);
        if (trained is null)
            return;
        _w = [.. (trained.PerNeuron ? decays : decays.Take(1)).Select(trained.Parameter)];
        _optimizer = settings.Optimizer.ForReference(_w.Length);
    }

    /// <summary>∂L/∂w from that by the decays; empty where they are not trained.</summary>
    public double[] Gradient(double[] byDecay)
    {
        if (_trained is null)
            return [];
        double[] g = _trained.PerNeuron ? [.. byDecay] : [byDecay.Sum()];
        for (int k = 0; k < g.Length; k++)
            g[k] *= _trained.Slope(_decays[k]);
        return g;
    }

    /// <summary>Moves the decays against their gradient of the mean loss, <c>[out]</c>.</summary>
    public void Update(double[] byDecay, double rateFactor)
    {
        if (_trained is null)
            return;
        _optimizer!.Update(_w, Gradient(byDecay), _trained.LearningRate * rateFactor);
        foreach (ref double w in _w.AsSpan())
            w = _trained.Bounded(w);
        for (int i = 0; i < _decays.Length; i++)
            _decays[i] = _trained.Decay(_w[_trained.PerNeuron ? i : 0]);
    }
}
