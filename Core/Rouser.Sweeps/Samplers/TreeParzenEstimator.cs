namespace Rouser.Sweeps.Samplers;

/// <summary>A setting that has been trained.</summary>
/// <param name="Candidate">Its place in the pool.</param>
/// <param name="Goodness">Of each seed with a result: more is better, and minus infinity is worst.</param>
public readonly record struct TrainedSetting(int Candidate, IReadOnlyList<double> Goodness);

/// <summary>
/// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011): the settings seen so far are
/// divided into good and other ones, and the candidate with the largest l(x)/g(x) is proposed, where l is the density
/// of the good settings and g that of the others.
/// </summary>
/// <remarks>
/// <para>A density is a mixture of one kernel for each setting and the uniform density. A kernel is a product over the
/// parameters (Falkner, Klein and Hutter 2018), so that it sees how parameters act together: a normal density cut to
/// [0, 1] where values have an order, else that of Aitchison and Aitken 1976.</para>
/// <para>The mean over seeds is only an estimate. So a setting counts as good with the probability Φ((m − y)/e) that its
/// true mean is above the bound y between the good and the others, where m is its mean and e the mean's standard error;
/// with the rest it counts among the others. Few seeds tell little of their own spread, so e comes from the variances of
/// all settings as well: (d·v + Σ(x − m)²)/(d + n − 1) for n seeds, with v the pooled variance and d = 4 (as the
/// moderated variance of Smyth 2004, but with d given).</para>
/// <para>A pure function of its arguments: it draws nothing.</para>
/// </remarks>
public static class TreeParzenEstimator
{
    /// <summary>The good settings are this share of the square root of their number.</summary>
    private const double GoodShare = 0.5;

    /// <summary>Bandwidth of a kernel for one setting and one parameter, in parts of a range.</summary>
    private const double Bandwidth = 0.2;

    /// <summary>Degrees of freedom that the pooled variance is worth.</summary>
    private const double PooledFreedom = 4;

    /// <summary>A kernel of less weight is left out: it changes no ratio in the digits that matter.</summary>
    private const double Negligible = 1e-9;

    private static readonly double RootOfTwoPi = Math.Sqrt(2 * Math.PI);

    /// <summary>The candidate to train next, and its l(x)/g(x); null where none is free.</summary>
    /// <param name="search">The pool and what varies in it.</param>
    /// <param name="seen">The settings that have ended.</param>
    /// <param name="pending">Those in work, which count among the others: their neighbours are to wait for them.</param>
    /// <param name="free">The candidates that may be proposed; of equal ones the first is.</param>
    public static (int Candidate, double Ratio)? Propose(
        SettingSearch search,
        IReadOnlyList<TrainedSetting> seen,
        IReadOnlyCollection<int> pending,
        IEnumerable<int> free
    )
    {
        double[] good = GoodWeights(seen);
        List<(int Candidate, double Weight)> goods = [],
            others = [.. pending.Select(candidate => (candidate, 1.0))];
        for (int i = 0; i < seen.Count; i++)
        {
            if (good[i] > Negligible)
                goods.Add((seen[i].Candidate, good[i]));
            if (good[i] < 1)
                others.Add((seen[i].Candidate, 1 - good[i]));
        }
        Mixture l = new(search, goods),
            g = new(search, others);
        (int Candidate, double Ratio)? best = null;
        foreach (int candidate in free)
        {
            IReadOnlyList<double> x = search.Pool[candidate].Coordinates;
            double ratio = l.DensityAt(x) / g.DensityAt(x);
            if (best is null || ratio > best.Value.Ratio)
                best = (candidate, ratio);
        }
        return best;
    }

    /// <summary>The probability of each setting that it is one of the good ones.</summary>
    internal static double[] GoodWeights(IReadOnlyList<TrainedSetting> seen)
    {
        double[] means = [.. seen.Select(s => s.Goodness.Count == 0 ? double.NegativeInfinity : s.Goodness.Average())];
        double[] sums = [.. seen.Select((s, i) => double.IsFinite(means[i]) ? SumOfSquares(s.Goodness, means[i]) : 0)];
        double[] ranked = [.. means.Where(double.IsFinite).OrderDescending()];
        if (ranked.Length == 0)
            return new double[seen.Count];
        int goodCount = Math.Max(1, (int)Math.Ceiling(GoodShare * Math.Sqrt(ranked.Length)));
        double bound = goodCount < ranked.Length ? (ranked[goodCount - 1] + ranked[goodCount]) / 2 : double.NegativeInfinity;
        double freedom = 0,
            sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            if (!double.IsFinite(means[i]))
                continue;
            freedom += seen[i].Goodness.Count - 1;
            sum += sums[i];
        }
        double pooled = freedom > 0 ? sum / freedom : 0;
        return [.. means.Select(Weight)];

        double Weight(double mean, int i)
        {
            if (!double.IsFinite(mean))
                return 0;
            int n = seen[i].Goodness.Count;
            double error = Math.Sqrt(((PooledFreedom * pooled) + sums[i]) / (PooledFreedom + n - 1) / n);
            return mean == bound ? 0.5
                : error > 0 ? NormalDistribution.Cumulative((mean - bound) / error)
                : mean > bound ? 1
                : 0;
        }
    }

    private static double SumOfSquares(IReadOnlyList<double> values, double mean) =>
        values.Sum(value => (value - mean) * (value - mean));

    /// <summary>A density over settings, in units of the uniform one.</summary>
    private sealed class Mixture
    {
        private readonly SettingSearch _search;
        private readonly (IReadOnlyList<double> Center, double Weight)[] _kernels;
        private readonly double _total,
            _bandwidth;

        public Mixture(SettingSearch search, IReadOnlyList<(int Candidate, double Weight)> parts)
        {
            _search = search;
            _total = parts.Sum(part => part.Weight);
            // Scott's rule for d dimensions: more settings see more detail.
            _bandwidth = Bandwidth * PortableMath.Exp(-PortableMath.Log(Math.Max(1, _total)) / (search.Dimensions.Count + 4));
            _kernels = [.. parts.Select(part => Kernel(search.Pool[part.Candidate].Coordinates, part.Weight))];
        }

        public double DensityAt(IReadOnlyList<double> x)
        {
            // The uniform density weighs as much as one setting.
            double sum = 1;
            foreach ((IReadOnlyList<double> center, double weight) in _kernels)
                sum += weight * KernelAt(center, x);
            return sum / (1 + _total);
        }

        // The part of a kernel that depends on its center alone goes into the weight: a normal density is cut to [0, 1].
        private (IReadOnlyList<double> Center, double Weight) Kernel(IReadOnlyList<double> center, double weight)
        {
            for (int d = 0; d < center.Count; d++)
            {
                if (_search.Dimensions[d].Choices == 0 && !double.IsNaN(center[d]))
                    weight /=
                        NormalDistribution.Cumulative((1 - center[d]) / _bandwidth)
                        - NormalDistribution.Cumulative(-center[d] / _bandwidth);
            }
            return (center, weight);
        }

        private double KernelAt(IReadOnlyList<double> center, IReadOnlyList<double> x)
        {
            double product = 1,
                squares = 0;
            for (int d = 0; d < x.Count; d++)
            {
                (double c, double v) = (center[d], x[d]);
                int choices = _search.Dimensions[d].Choices;
                // That a parameter is there or not is a choice of two words.
                if (double.IsNaN(c) || double.IsNaN(v))
                    product *= WordAt(double.IsNaN(c) == double.IsNaN(v), 2);
                else if (choices > 0)
                    product *= WordAt(c == v, choices);
                else
                {
                    double z = (v - c) / _bandwidth;
                    squares += z * z;
                    product /= _bandwidth * RootOfTwoPi;
                }
            }
            return product * PortableMath.Exp(-squares / 2);
        }

        private double WordAt(bool isSame, int choices) =>
            choices == 1 ? 1
            : isSame ? choices * (1 - _bandwidth)
            : choices * _bandwidth / (choices - 1);
    }
}
