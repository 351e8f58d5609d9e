using System.Collections.Concurrent;

namespace Rouser.Sweeps.Sequential;

/// <summary>
/// A two-sided t-test of paired differences that looks at them several times while more come in, and errs with
/// probability α over all looks together: a group-sequential design (Jennison and Turnbull 2000).
/// </summary>
/// <remarks>
/// <para>The looks are after <c>from</c> pairs, then after a quarter more each time, up to <c>to</c>. Their bounds are
/// of the family of Wang and Tsiatis 1987 with Δ = 0.4: cₖ = C (nₖ/to)^(Δ − ½), that is, nearly the same at each look
/// and a little stricter early. O'Brien and Fleming's (Δ = 0) are so strict early that five seeds never decide,
/// whatever they show.</para>
/// <para>Student's t is held against the bound's level, 2Φ(−cₖ). C is such that the error is α for normal differences of
/// unknown variance, which few seeds need: with C for a known variance it is 5.5 % in place of 5 %. The error is the
/// probability of a union, and found with the importance sampling of Naiman and Priebe 2001: P(∪ Aₖ) = Σ P(Aₖ) E[1/M |
/// Aₖ], where M is how many looks of a path are beyond their bounds. It takes few paths however small α is, and they
/// come from a fixed stream, so that a design is the same on every machine.</para>
/// </remarks>
public sealed class GroupSequentialDesign
{
    private const double Growth = 1.25,
        Delta = 0.4;

    private const int PathsPerLook = 512,
        PathsOfPower = 2_000;

    // To find one takes a tenth of a second, and a sweep is opened often.
    private static readonly ConcurrentDictionary<(int From, int To, double Alpha), GroupSequentialDesign> Known = new();

    private readonly double[] _critical;

    private GroupSequentialDesign(int from, int to, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        Looks = LooksOf(from, to);
        // A single look has this C; each further one raises it.
        double low = NormalDistribution.Quantile(1 - (alpha / 2)),
            high = NormalDistribution.Quantile(1 - (alpha / 2 / Looks.Count));
        while (Looks.Count > 1 && high - low > 1e-4)
        {
            double middle = (low + high) / 2;
            if (ErrorWith(LevelsWith(middle)) > alpha)
                low = middle;
            else
                high = middle;
        }
        LastBound = high;
        Levels = LevelsWith(high);
        _critical = CriticalOf(Levels);
    }

    /// <summary>The design of these numbers.</summary>
    /// <param name="from">Pairs at the first look, at least 3.</param>
    /// <param name="to">Pairs at the last one.</param>
    /// <param name="alpha">The error over all looks.</param>
    public static GroupSequentialDesign Of(int from, int to, double alpha) =>
        Known.GetOrAdd((from, to, alpha), key => new GroupSequentialDesign(key.From, key.To, key.Alpha));

    /// <summary>How many pairs there are at each look, ascending.</summary>
    public IReadOnlyList<int> Looks { get; }

    /// <summary>The two-sided level of the test at each look.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>C, the last look's bound of a standard normal statistic.</summary>
    public double LastBound { get; }

    /// <summary>What |t| has to exceed at a look.</summary>
    public double Critical(int look) => _critical[look];

    /// <summary>
    /// The share of comparisons that are found different by each look, by simulation from a fixed stream. Futility,
    /// which ends some before, is part of it.
    /// </summary>
    /// <param name="effect">The true difference in standard deviations of the paired differences.</param>
    public IReadOnlyList<double> PowerBy(double effect)
    {
        RandomStream random = new(0, "sequential/power");
        double[] found = new double[Looks.Count];
        double[] differences = new double[Looks[^1]];
        for (int path = 0; path < PathsOfPower; path++)
        {
            for (int i = 0; i < differences.Length; i++)
                differences[i] = effect + random.NextGaussian();
            int look = 0;
            SequentialLook judged = SequentialTest.Judge(this, look, differences[..Looks[look]]);
            while (judged.Verdict == SequentialVerdict.Open)
                judged = SequentialTest.Judge(this, ++look, differences[..Looks[look]]);
            if (judged.Verdict is SequentialVerdict.Higher or SequentialVerdict.Lower)
                found[look] += 1.0 / PathsOfPower;
        }
        for (int look = 1; look < found.Length; look++)
            found[look] += found[look - 1];
        return found;
    }

    private static int[] LooksOf(int from, int to)
    {
        List<int> looks = [from];
        while (looks[^1] < to)
            looks.Add(Math.Min(to, Math.Max(looks[^1] + 1, (int)Math.Ceiling(looks[^1] * Growth))));
        return [.. looks];
    }

    private double[] LevelsWith(double c) =>
        [
            .. Looks.Select(n =>
                2 * NormalDistribution.Cumulative(-c * PortableMath.Exp((Delta - 0.5) * PortableMath.Log((double)n / Looks[^1])))
            ),
        ];

    private double[] CriticalOf(IReadOnlyList<double> levels) =>
        [.. Looks.Select((n, look) => StudentT.Quantile(1 - (levels[look] / 2), n - 1))];

    private double ErrorWith(double[] levels)
    {
        double[] critical = CriticalOf(levels),
            differences = new double[Looks[^1]];
        double error = 0;
        for (int look = 0; look < Looks.Count; look++)
        {
            // The same stream for each C, so that the error falls as C rises.
            RandomStream random = new(look, "sequential/error");
            double sum = 0;
            for (int path = 0; path < PathsPerLook; path++)
            {
                DrawBeyond(random, levels[look], Looks[look], differences);
                sum += 1.0 / CountBeyond(differences, critical, look);
            }
            error += levels[look] * sum / PathsPerLook;
        }
        return error;
    }

    /// <summary>
    /// Normal differences of mean 0, given that the t of the first <paramref name="n"/> is beyond a bound of that level.
    /// </summary>
    /// <remarks>
    /// t depends only on the direction of the first n as a vector. Its length, its angle to (1, …, 1), which is t, and
    /// what is left of its direction are independent.
    /// </remarks>
    private static void DrawBeyond(RandomStream random, double level, int n, double[] differences)
    {
        for (int i = 0; i < differences.Length; i++)
            differences[i] = random.NextGaussian();
        double t = StudentT.Quantile(1 - (level * (1 - random.NextDouble()) / 2), n - 1),
            mean = 0,
            length = 0,
            across = 0;
        for (int i = 0; i < n; i++)
        {
            mean += differences[i] / n;
            length += differences[i] * differences[i];
        }
        for (int i = 0; i < n; i++)
            across += (differences[i] - mean) * (differences[i] - mean);
        double cosine = t / Math.Sqrt((t * t) + n - 1),
            sine = Math.Sqrt(1 - (cosine * cosine));
        for (int i = 0; i < n; i++)
            differences[i] = Math.Sqrt(length) * ((cosine / Math.Sqrt(n)) + (sine * (differences[i] - mean) / Math.Sqrt(across)));
    }

    // The path was drawn to be beyond the bound at one look; its t there may round to the bound itself.
    private int CountBeyond(double[] differences, double[] critical, int drawnAt)
    {
        int count = 0,
            n = 0;
        double sum = 0,
            squares = 0;
        for (int look = 0; look < critical.Length; look++)
        {
            for (; n < Looks[look]; n++)
            {
                sum += differences[n];
                squares += differences[n] * differences[n];
            }
            double variance = (squares - (sum * sum / n)) / (n - 1);
            if (look == drawnAt || sum * sum > critical[look] * critical[look] * variance * n)
                count++;
        }
        return count;
    }
}
