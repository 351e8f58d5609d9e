using Rouser.Snn.Normalizations;

namespace Rouser.Snn.Reference;

/// <summary>
/// The normalisation of a layer's input in double precision; <see cref="TdbnNormalization"/> has the equations.
/// </summary>
internal sealed class ReferenceBatchNormalization
{
    private readonly TdbnNormalization _tdbn;
    private readonly double _scale;
    private readonly ReferenceOptimizer _gain,
        _bias;
    private double[] _mean = [],
        _variance = [];
    private int _count;

    /// <summary>Starts from λ = 1, β = 0 and running statistics of 0 and 1.</summary>
    public ReferenceBatchNormalization(TrainingSettings settings, TdbnNormalization tdbn, int neurons)
    {
        (_tdbn, _scale) = (tdbn, tdbn.Alpha * settings.Threshold.Init);
        (Gain, Bias) = ([.. Enumerable.Repeat(1.0, neurons)], new double[neurons]);
        (RunningMean, RunningVariance) = (new double[neurons], [.. Enumerable.Repeat(1.0, neurons)]);
        (_gain, _bias) = (settings.Optimizer.ForReference(neurons), settings.Optimizer.ForReference(neurons));
    }

    /// <summary>λ.</summary>
    public double[] Gain { get; }

    /// <summary>β.</summary>
    public double[] Bias { get; }

    /// <summary>run_m.</summary>
    public double[] RunningMean { get; }

    /// <summary>run_v.</summary>
    public double[] RunningVariance { get; }

    /// <summary>∂L/∂λ of the last batch.</summary>
    public double[] GainGradient { get; private set; } = [];

    /// <summary>∂L/∂β.</summary>
    public double[] BiasGradient { get; private set; } = [];

    /// <summary>
    /// y of all samples, <c>[T × N]</c> each, from z. What the last batch that trained showed is kept for the way back and
    /// the update.
    /// </summary>
    public double[][,] Forward(double[][,] z, bool isTraining)
    {
        (double[] m, double[] v) = (RunningMean, RunningVariance);
        if (isTraining)
        {
            int steps = z[0].GetLength(0);
            _count = steps * z.Length;
            (_mean, _variance) = (new double[Gain.Length], new double[Gain.Length]);
            for (int i = 0; i < Gain.Length; i++)
            {
                double[] column = [.. z.SelectMany(x => Enumerable.Range(0, steps).Select(t => x[t, i]))];
                double mean = column.Average();
                (_mean[i], _variance[i]) = (mean, column.Average(x => (x - mean) * (x - mean)));
            }
            (m, v) = (_mean, _variance);
        }
        return [.. z.Select(sample => Map(sample, (x, i) => (Gain[i] * _scale * (x - m[i]) / Deviation(v[i])) + Bias[i]))];
    }

    /// <summary>gz of all samples from gy; keeps the gradients of λ and β.</summary>
    public double[][,] Backward(double[][,] z, double[][,] gy)
    {
        (GainGradient, BiasGradient) = (new double[Gain.Length], new double[Gain.Length]);
        double[] along = new double[Gain.Length];
        for (int s = 0; s < z.Length; s++)
        {
            for (int k = 0; k < z[s].Length; k++)
            {
                (int t, int i) = Math.DivRem(k, Gain.Length);
                BiasGradient[i] += gy[s][t, i];
                along[i] += gy[s][t, i] * Hat(z[s][t, i], i);
            }
        }
        for (int i = 0; i < Gain.Length; i++)
            GainGradient[i] = _scale * along[i];
        double[][,] gz = [.. z.Select(x => new double[x.GetLength(0), Gain.Length])];
        for (int s = 0; s < z.Length; s++)
        {
            for (int k = 0; k < z[s].Length; k++)
            {
                (int t, int i) = Math.DivRem(k, Gain.Length);
                gz[s][t, i] =
                    Gain[i]
                    * _scale
                    / Deviation(_variance[i])
                    * (gy[s][t, i] - (BiasGradient[i] / _count) - (Hat(z[s][t, i], i) * along[i] / _count));
            }
        }
        return gz;
    }

    /// <summary>Moves λ and β against their gradients, and the running statistics.</summary>
    public void Update(double clip, double rateFactor)
    {
        double rate = _tdbn.LearningRate * rateFactor;
        _gain.Update(Gain, [.. GainGradient.Select(g => clip * g)], rate);
        _bias.Update(Bias, [.. BiasGradient.Select(g => clip * g)], rate);
        double unbiased = _count > 1 ? _count / (_count - 1.0) : 1;
        for (int i = 0; i < Gain.Length; i++)
        {
            RunningMean[i] = (_tdbn.Momentum * RunningMean[i]) + ((1 - _tdbn.Momentum) * _mean[i]);
            RunningVariance[i] = (_tdbn.Momentum * RunningVariance[i]) + ((1 - _tdbn.Momentum) * _variance[i] * unbiased);
        }
    }

    private double Hat(double z, int i) => (z - _mean[i]) / Deviation(_variance[i]);

    private static double Deviation(double variance) => Math.Sqrt(variance + TdbnNormalization.Epsilon);

    private static double[,] Map(double[,] x, Func<double, int, double> f)
    {
        double[,] y = new double[x.GetLength(0), x.GetLength(1)];
        for (int k = 0; k < x.Length; k++)
        {
            (int t, int i) = Math.DivRem(k, x.GetLength(1));
            y[t, i] = f(x[t, i], i);
        }
        return y;
    }
}
