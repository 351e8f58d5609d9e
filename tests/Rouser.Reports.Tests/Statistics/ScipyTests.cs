using System.Globalization;
using System.Text.Json.Nodes;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Statistics;

/// <summary>
/// The report's statistics beside SciPy's, or written out in NumPy where SciPy has none; skipped where it is missing.
/// </summary>
public sealed class ScipyTests
{
    private static readonly double[] Values = [71.2, 68.4, 74.9, 70.3, 69.9, 77.1, 65.0];

    [SkippableFact]
    public void Interval_of_a_mean_is_that_of_Students_t()
    {
        double[] expected = Python("t.interval(0.95, len(x) - 1, numpy.mean(x), sem(x))", Values);
        Estimate estimate = Estimate.Of(Values);
        AssertClose(expected, estimate.Low!.Value, estimate.High!.Value);
    }

    [SkippableFact]
    public void Interval_of_a_ratio_is_that_of_its_logarithm()
    {
        double[] ratios = [1.4, 2.1, 0.9, 1.7, 1.2],
            expected = Python(
                "[gmean(x), *numpy.exp(t.interval(0.95, len(x) - 1, numpy.mean(numpy.log(x)), sem(numpy.log(x))))]",
                ratios
            );
        Estimate estimate = Estimate.OfRatios(ratios);
        AssertClose(expected, estimate.Value, estimate.Low!.Value, estimate.High!.Value);
    }

    [SkippableFact]
    public void Sign_flip_p_is_that_of_a_permutation_test_of_all_patterns()
    {
        double[] differences = [3.1, -0.4, 2.2, 5.0, 1.7, 0.9, -2.8, 0.3];
        AssertClose(
            Python(
                "[permutation_test((x, numpy.zeros(len(x))), lambda a, b: numpy.mean(a - b), permutation_type='samples', "
                    + "n_resamples=numpy.inf).pvalue]",
                differences
            ),
            SignFlip.P(differences)
        );
    }

    [SkippableFact]
    public void McNemar_p_is_that_of_a_binomial_test()
    {
        (int, int)[] counts = [(12, 4), (0, 6), (30, 31), (3, 19), (150, 101), (1, 0)];
        AssertClose(
            Python(
                "[binomtest(int(b), int(b + c)).pvalue for b, c in zip(x[::2], x[1::2])]",
                [.. counts.SelectMany(c => (double[])[c.Item1, c.Item2])]
            ),
            [.. counts.Select(c => McNemar.P(c.Item1, c.Item2))]
        );
    }

    // The mean squares of a two-way analysis of variance, from sums over the table.
    [SkippableFact]
    public void Difference_over_seeds_and_samples_has_the_variance_of_two_crossed_factors()
    {
        const int seeds = 4,
            samples = 40;
        int[][] d =
        [
            .. Enumerable
                .Range(0, seeds)
                .Select(s =>
                    Enumerable
                        .Range(0, samples)
                        .Select(i =>
                            (7 * s + 5 * i + s * i) % 11 > 6 ? 1
                            : (3 * i + s) % 7 == 0 ? -1
                            : 0
                        )
                        .ToArray()
                ),
        ];
        double[] expected = Python(
            $"""
            (lambda d, S, N: (lambda a, b: (lambda r: (lambda v: (lambda f:
                [d.mean(), t.ppf(.975, N - 1) * b ** .5, v, t.ppf(.975, f) * v ** .5])
                (max(S - 1, min(N - 1, int(v * v / (a * a / (S - 1) + b * b / (N - 1)))))))
                (max(a + b - r, a, b)))
                (((d - d.mean(1, keepdims=True) - d.mean(0, keepdims=True) + d.mean()) ** 2).sum() / ((S - 1) * (N - 1) * S * N)))
                (d.mean(1).var(ddof=1) / S, d.mean(0).var(ddof=1) / N))
                (numpy.array(x).reshape({seeds}, {samples}), {seeds}, {samples})
            """.ReplaceLineEndings(" "),
            [.. d.SelectMany(row => row.Select(v => (double)v))]
        );
        PairedSamples paired = PairedSamples.Of(d);
        AssertClose(
            [expected[0], expected[1], expected[3]],
            paired.OverBoth.Value,
            paired.OverSamples.HalfWidth!.Value,
            paired.OverBoth.HalfWidth!.Value
        );
        Assert.Equal(Estimate.Of([.. d.Select(row => row.Average())]).HalfWidth!.Value, paired.OverSeeds.HalfWidth!.Value, 12);
        Assert.True(paired.OverBoth.HalfWidth > paired.OverSeeds.HalfWidth);
    }

    // The area under the survival curve up to the epochs that were trained.
    [SkippableFact]
    public void Restricted_mean_is_the_area_under_the_survival_curve()
    {
        RunTables run = new() { Reach = [0.8] };
        run.Add("slayer", "", 0, 0.2, 0.85, 0.9, 0.9, 0.9, 0.9)
            .Add("slayer", "", 1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
            .Add("slayer", "", 2, 0.2, 0.3, 0.4, 0.85, 0.9, 0.95);
        StudyResults study = ReportModel.From(run.Build()).Value.Studies.Single();
        ReportCell cell = Reach.Epochs(study.Rows.Single(), 0.8, new Footnotes());
        AssertClose(
            Python("[sum(numpy.mean(numpy.array(x) > k) for k in range(6))]", [2, double.PositiveInfinity, 4]),
            cell.Value!.Value.Value
        );
        Assert.Equal("2 of 3 reach it", cell.Aside);
    }

    private static void AssertClose(double[] expected, params double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-9 * Math.Max(1, Math.Abs(expected[i])));
    }

    private static double[] Python(string expression, double[] x)
    {
        string? python = ToolProcess.PythonWith("scipy.stats");
        Skip.If(python is null, "no Python with scipy");
        string list = string.Join(
            ',',
            x.Select(v => double.IsPositiveInfinity(v) ? "float('inf')" : v.ToString("R", CultureInfo.InvariantCulture))
        );
        (int code, string output, string errors) = ToolProcess.Run(
            python!,
            "-c",
            $"import json, numpy; from scipy.stats import *; x = [{list}]; print(json.dumps([float(v) for v in {expression}]))"
        );
        Assert.True(code == 0, errors);
        return [.. JsonNode.Parse(output)!.AsArray().Select(n => n!.GetValue<double>())];
    }
}
