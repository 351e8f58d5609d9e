namespace Rouser.Core.Snn.Reference;

/// <summary>The trained decay of a layer's potentials, in double precision. <see cref="MembraneSettings"/> has the equations.</summary>
internal sealed class ReferenceMembrane
{
    private readonly MembraneSettings _settings;
    private readonly ReferenceLayer _layer;
    private readonly ReferenceAdam _adam;
    private readonly double[] _w;

    /// <summary>Starts from the layer's decays.</summary>
    public ReferenceMembrane(TrainingSettings settings, ReferenceLayer layer)
    {
        (_settings, _layer) = (settings.Neuron.Membrane, layer);
        _w = [.. (_settings.PerNeuron ? layer.B : layer.B.Take(1)).Select(_settings.Parameter)];
        _adam = new ReferenceAdam(settings.Adam, _settings.LearningRate, _w.Length);
    }

    /// <summary>∂L/∂w from ∂L/∂b.</summary>
    public double[] Gradient(double[] gB)
    {
        double[] g = _settings.PerNeuron ? [.. gB] : [gB.Sum()];
        for (int k = 0; k < g.Length; k++) g[k] *= _settings.Slope(_layer.B[k]);
        return g;
    }

    /// <summary>Moves the layer's decays against ∂L/∂b of the mean loss, <c>[out]</c>.</summary>
    public void Update(double[] gB)
    {
        if (_settings.Kind == MembraneKind.Plain) return;
        _adam.Update(_w, Gradient(gB));
        if (_settings.Kind == MembraneKind.Leak)
        {
            foreach (ref double w in _w.AsSpan()) w = Math.Clamp(w, 0, 1);
        }
        for (int i = 0; i < _layer.B.Length; i++) _layer.B[i] = _settings.Decay(_w[_settings.PerNeuron ? i : 0]);
    }
}
