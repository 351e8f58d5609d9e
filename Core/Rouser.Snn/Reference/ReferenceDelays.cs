using Rouser.Snn.Connections;

namespace Rouser.Snn.Reference;

/// <summary>The delays of a hidden layer in double precision. <see cref="AxonalDelays"/> has the equations.</summary>
internal sealed class ReferenceDelays
{
    private readonly AxonalDelays _delays;
    private readonly int? _window;
    private readonly bool _isSoft;
    private readonly ReferenceOptimizer _optimizer;

    /// <summary>Draws them.</summary>
    /// <param name="layer">From 1.</param>
    /// <param name="isSoft">Whether spikes are no 0 and 1, as where gradients are checked by finite differences: then parts of
    /// steps count, too.</param>
    public ReferenceDelays(TrainingSettings settings, AxonalDelays delays, int layer, bool isSoft)
    {
        (_delays, _window, _isSoft) = (delays, settings.GradientWindow, isSoft);
        D = delays.Draw(settings.Seed, layer, settings.LayerSizes[layer - 1]);
        _optimizer = settings.Optimizer.ForReference(D.Length);
    }

    /// <summary>d, <c>[N]</c>.</summary>
    public double[] D { get; }

    /// <summary>S' from S, <c>[T × N]</c>.</summary>
    public double[,] Heard(double[,] S)
    {
        double[,] heard = new double[S.GetLength(0), S.GetLength(1)];
        for (int i = 0; i < D.Length; i++)
        {
            (int k, double f) = Split(D[i]);
            for (int t = 0; t < S.GetLength(0); t++)
                heard[t, i] = ((1 - f) * At(S, t - k, i)) + (f * At(S, t - k - 1, i));
        }
        return heard;
    }

    /// <summary>∂L/∂S and ∂L/∂d from ∂L/∂S'.</summary>
    public (double[,] S, double[] D) Backward(double[,] gHeard, double[,] S)
    {
        double[,] gS = new double[S.GetLength(0), S.GetLength(1)];
        double[] gD = new double[D.Length];
        for (int i = 0; i < D.Length; i++)
        {
            (int k, double f) = Split(D[i]);
            for (int t = 0; t < S.GetLength(0); t++)
            {
                gS[t, i] = ((1 - f) * Passed(gHeard, t, k, i)) + (f * Passed(gHeard, t, k + 1, i));
                gD[i] += gHeard[t, i] * (At(S, t - k - 1, i) - At(S, t - k, i));
            }
        }
        return (gS, gD);
    }

    /// <summary>Moves the delays against their gradient of the mean loss, <c>[N]</c>.</summary>
    public void Update(double[] gD, double rateFactor)
    {
        _optimizer.Update(D, gD, _delays.LearningRate * rateFactor);
        foreach (ref double d in D.AsSpan())
            d = _delays.Bounded(d);
    }

    private (int Steps, double Part) Split(double d) => _isSoft ? ((int)Math.Floor(d), d - Math.Floor(d)) : (_delays.Steps(d), 0);

    private static double At(double[,] x, int t, int i) => t < 0 ? 0 : x[t, i];

    /// <summary>What passes back from step t + k to step t.</summary>
    private double Passed(double[,] g, int t, int k, int i) =>
        t + k >= g.GetLength(0) || (_window is { } n && t / n != (t + k) / n) ? 0 : g[t + k, i];
}
