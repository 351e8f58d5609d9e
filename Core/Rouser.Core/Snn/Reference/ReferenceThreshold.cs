using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Snn.Reference;

/// <summary>What a threshold's rule does to a layer after a batch, in double precision. The rules' files have the equations.</summary>
internal sealed class ReferenceThreshold
{
    private readonly ThresholdRule _rule;
    private readonly ReferenceLayer _layer;
    private readonly ReferenceAdam? _adam;
    private readonly double[] _p = [];

    /// <summary>Starts from the layer's thresholds.</summary>
    public ReferenceThreshold(TrainingSettings settings, ReferenceLayer layer)
    {
        (_rule, _layer) = (settings.Threshold, layer);
        if (_rule is not TrainedThreshold trained) return;
        _p = [.. (trained.PerLayer ? layer.Th.Take(1) : layer.Th).Select(trained.Parameter)];
        _adam = new ReferenceAdam(settings.Adam, trained.LearningRate, _p.Length);
    }

    /// <summary>∂L/∂p from ∂L/∂Th, one for each p; none where nothing is trained.</summary>
    public double[] Gradient(double[] gTh)
    {
        if (_rule is not TrainedThreshold trained) return [];
        double[] g = trained.PerLayer ? [gTh.Sum()] : [.. gTh];
        for (int k = 0; k < g.Length; k++) g[k] *= trained.IsDirect ? 1 : trained.Slope(_p[k]);
        return g;
    }

    /// <summary>Moves the layer's thresholds.</summary>
    /// <param name="gTh">∂L/∂Th of the mean loss, <c>[out]</c>.</param>
    /// <param name="traces">What the layer did on each sample of the batch.</param>
    public void Update(double[] gTh, IReadOnlyList<ReferenceTrace> traces)
    {
        double[] Th = _layer.Th;
        switch (_rule)
        {
            case TrainedThreshold trained:
                // Directly trained thresholds may have been set from outside since.
                if (trained.IsDirect) Th.AsSpan(0, _p.Length).CopyTo(_p);
                _adam!.Update(_p, Gradient(gTh));
                for (int i = 0; i < Th.Length; i++) Th[i] = trained.Threshold(_p[trained.PerLayer ? 0 : i]);
                break;
            case LeeThreshold lee:
                double[] n = [.. Enumerable.Range(0, Th.Length).Select(i => traces.Sum(trace => Enumerable.Range(0, trace.S.GetLength(0)).Sum(t => trace.S[t, i])))];
                for (int i = 0; i < Th.Length; i++) Th[i] = Math.Max(0, Th[i] + (lee.Rho / traces.Count * ((n.Length * n[i]) - n.Sum())));
                break;
            case AnnealedThreshold annealed:
                for (int i = 0; i < Th.Length; i++) Th[i] += annealed.Rate * (annealed.Final - Th[i]);
                break;
            case DsAtgoThreshold adaptive:
                BatchStatistics statistics = traces[0].Statistics;
                for (int t = 0; t < _layer.Running.Length; t++)
                {
                    if (statistics.HasSpread[t]) _layer.Running[t] = (adaptive.Momentum * _layer.Running[t]) + ((1 - adaptive.Momentum) * statistics.Th[t]);
                }
                break;
        }
    }
}
