using Rouser.Snn.Membranes;

namespace Rouser.Snn.Reference;

/// <summary>
/// The trained decay of a layer's potentials, in double precision. <see cref="TrainedMembrane"/> has the equations.
/// </summary>
internal sealed class ReferenceMembrane
{
    private readonly TrainedMembrane? _membrane;
    private readonly ReferenceLayer _layer;
    private readonly ReferenceOptimizer? _optimizer;
    private readonly double[] _w = [];

    /// <summary>Starts from the layer's decays.</summary>
    public ReferenceMembrane(TrainingSettings settings, ReferenceLayer layer)
    {
        (_membrane, _layer) = (settings.Neuron.Membrane as TrainedMembrane, layer);
        if (_membrane is null)
            return;
        _w = [.. (_membrane.PerNeuron ? layer.B : layer.B.Take(1)).Select(_membrane.Parameter)];
        _optimizer = settings.Optimizer.ForReference(_w.Length);
    }

    /// <summary>∂L/∂w from ∂L/∂b; empty where the decay is not trained.</summary>
    public double[] Gradient(double[] gB)
    {
        if (_membrane is null)
            return [];
        double[] g = _membrane.PerNeuron ? [.. gB] : [gB.Sum()];
        for (int k = 0; k < g.Length; k++)
            g[k] *= _membrane.Slope(_layer.B[k]);
        return g;
    }

    /// <summary>Moves the layer's decays against ∂L/∂b of the mean loss, <c>[out]</c>.</summary>
    public void Update(double[] gB, double rateFactor)
    {
        if (_membrane is null)
            return;
        _optimizer!.Update(_w, Gradient(gB), _membrane.LearningRate * rateFactor);
        foreach (ref double w in _w.AsSpan())
            w = _membrane.Bounded(w);
        for (int i = 0; i < _layer.B.Length; i++)
            _layer.B[i] = _membrane.Decay(_w[_membrane.PerNeuron ? i : 0]);
    }
}
