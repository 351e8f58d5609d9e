using Rouser.Snn.Connections;

namespace Rouser.Snn.Reference;

/// <summary>The delays of a layer's weights in double precision. <see cref="SynapticDelays"/> has the equations.</summary>
internal sealed class ReferenceSynapses
{
    private readonly SynapticDelays _delays;
    private readonly int? _window;
    private readonly bool _isSoft;
    private readonly int _lag;
    private readonly ReferenceOptimizer _optimizer;

    /// <summary>Draws them.</summary>
    /// <param name="layer">From 1.</param>
    /// <param name="lag">Steps from a spike without a delay to the current.</param>
    /// <param name="isSoft">As <see cref="ReferenceDelays"/> has it.</param>
    public ReferenceSynapses(TrainingSettings settings, SynapticDelays delays, int layer, int lag, bool isSoft)
    {
        (_delays, _window, _isSoft, _lag) = (delays, settings.GradientWindow, isSoft, lag);
        Neurons = settings.LayerSizes[layer - 1];
        D = delays.Draw(settings.Seed, layer, settings.ConnectionOf(layer).Inputs * Neurons);
        _optimizer = settings.Optimizer.ForReference(D.Length);
    }

    /// <summary>d, <c>[in × N]</c>.</summary>
    public double[] D { get; }

    private int Neurons { get; }

    /// <summary>Adds to z, <c>[T × N]</c>, what the spikes below bring.</summary>
    public void Drive(double[,] w, double[,] S, double[,] z)
    {
        foreach ((int j, int i, int k, double f) in All())
        {
            for (int t = 0; t < z.GetLength(0); t++)
                z[t, i] += w[j, i] * (((1 - f) * At(S, t - k, j)) + (f * At(S, t - k - 1, j)));
        }
    }

    /// <summary>Adds to ∂L/∂w and ∂L/∂S, and returns ∂L/∂d, from ∂L/∂z.</summary>
    public double[] Backward(double[,] w, double[,] S, double[,] gZ, double[,] gW, double[,] gS)
    {
        double[] gD = new double[D.Length];
        foreach ((int j, int i, int k, double f) in All())
        {
            for (int t = 0; t < S.GetLength(0); t++)
            {
                double first = At(S, t - k, j),
                    second = At(S, t - k - 1, j);
                gW[j, i] += gZ[t, i] * (((1 - f) * first) + (f * second));
                gD[(j * Neurons) + i] += w[j, i] * gZ[t, i] * (second - first);
                gS[t, j] += w[j, i] * (((1 - f) * Passed(gZ, t, k, i)) + (f * Passed(gZ, t, k + 1, i)));
            }
        }
        return gD;
    }

    /// <summary>Moves the delays against their gradient of the mean loss, <c>[in × N]</c>.</summary>
    public void Update(double[] gD, double rateFactor)
    {
        _optimizer.Update(D, gD, _delays.LearningRate * rateFactor);
        foreach (ref double d in D.AsSpan())
            d = _delays.Bounded(d);
    }

    /// <summary>Each weight with the steps that a spike takes, and the part of it that takes one more.</summary>
    private IEnumerable<(int Below, int Neuron, int Steps, double Part)> All()
    {
        for (int n = 0; n < D.Length; n++)
        {
            (int k, double f) = _isSoft ? ((int)Math.Floor(D[n]), D[n] - Math.Floor(D[n])) : (_delays.Steps(D[n]), 0);
            yield return (n / Neurons, n % Neurons, k + _lag, f);
        }
    }

    private static double At(double[,] x, int t, int i) => t < 0 ? 0 : x[t, i];

    /// <summary>What passes back from step t + k to step t.</summary>
    private double Passed(double[,] g, int t, int k, int i) =>
        t + k >= g.GetLength(0) || (_window is { } n && t / n != (t + k) / n) ? 0 : g[t + k, i];
}
