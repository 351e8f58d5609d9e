using System.Security.Cryptography;
using System.Text;
using Rouser.Core.Parameters;
using Rouser.Sweeps.Samplers;

namespace Rouser.Sweeps.Tests.Samplers;

public class SamplerTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    private const string Search =
        Head
        + "studies:\n  search:\n    mode: MODE\n    sampling: {count: 40, seed: 3}\n    over:\n"
        + "      surrogate.tau: {min: 1, max: 10}\n"
        + "      batch_size: {min: 4, max: 64, scale: log}\n"
        + "      threshold.rule: [fixed, learned]\n"
        + "      threshold.learning_rate: {min: 0.001, max: 0.1, scale: log, when: {threshold.rule: learned}}\n";

    /// <summary>
    /// The points of <c>scipy.stats.qmc.Sobol(d=20, scramble=False, bits=32).random(128)</c>, SciPy 1.10.1, times 2^32:
    /// point 37, and the SHA-256 of all as decimal texts, blanks between dimensions and line feeds between points.
    /// </summary>
    [Fact]
    public void Sobols_sequence_is_that_of_SciPy()
    {
        uint[][] points = [.. SobolSampler.Unshifted(20).Take(128)];
        Assert.Equal(
            [
                3959422976,
                2751463424,
                2483027968,
                3959422976,
                3288334336,
                1275068416,
                738197504,
                3422552064,
                2617245696,
                738197504,
                67108864,
                335544320,
                2483027968,
                3690987520,
                469762048,
                2080374784,
                3422552064,
                1811939328,
                201326592,
                603979776,
            ],
            points[37]
        );
        Assert.Equal(
            "53be8a5a8991a4198f320290891f5aceb62b3b252af6a14b73a7a2effaa0868a",
            Convert.ToHexStringLower(
                SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', points.Select(point => string.Join(' ', point)))))
            )
        );
    }

    [Fact]
    public void Of_the_first_2_to_the_k_points_of_Sobol_each_slice_of_every_dimension_holds_one()
    {
        const int Points = 256;
        SobolSampler sampler = new(Seed: 5);
        double[][] points = [.. sampler.Points(sampler.MaxDimensions).Take(Points)];
        for (int d = 0; d < sampler.MaxDimensions; d++)
            Assert.Equal(Enumerable.Range(0, Points), points.Select(p => (int)(p[d] * Points)).Order());
    }

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    public void A_study_draws_its_settings_from_the_ranges_and_the_same_ones_again(string mode)
    {
        IReadOnlyList<ParameterSet> drawn = Points(mode);
        Assert.Equal(40, drawn.Count);
        Assert.Equal(drawn.Select(Text), Points(mode).Select(Text));
        Assert.Equal(40, drawn.Select(Text).Distinct().Count());
        foreach (ParameterSet point in drawn)
        {
            Assert.InRange(Assert.IsType<ParameterValue.Real>(point.Find("surrogate.tau")).Value, 1, 10);
            Assert.InRange(Assert.IsType<ParameterValue.Integer>(point.Find("batch_size")).Value, 4, 64);
            bool learned = point.Find("threshold.rule")!.ToString() == "learned";
            if (learned)
                Assert.InRange(Assert.IsType<ParameterValue.Real>(point.Find("threshold.learning_rate")).Value, 0.001, 0.1);
            else
                Assert.Null(point.Find("threshold.learning_rate"));
        }
        Assert.Contains(drawn, point => point.Find("threshold.rule")!.ToString() == "learned");
        // Evenly on a logarithmic scale: half of the draws lie below the geometric mean of the ends.
        Assert.InRange(drawn.Count(point => ((ParameterValue.Integer)point.Find("batch_size")!).Value < 16), 10, 30);
    }

    [Fact]
    public void More_settings_begin_with_the_fewer()
    {
        string more = Search
            .Replace("MODE", "sobol", StringComparison.Ordinal)
            .Replace("count: 40", "count: 60", StringComparison.Ordinal);
        Assert.Equal(Points("sobol").Select(Text), Read(more).Studies[0].Points.Take(40).Select(Text));
    }

    [Theory]
    [InlineData("{mode: random, over: {epochs: {min: 1, max: 5}}}", "not how many settings to draw")]
    [InlineData(
        "{mode: sobol, sampling: {count: 9}, over: {epochs: {min: 1, max: 5}}}",
        "what over has to draw from, 5 settings"
    )]
    [InlineData("{mode: random, sampling: {count: 9}}", "has mode random, but nothing to vary")]
    [InlineData("{sampling: {count: 9}, over: {epochs: [1, 2]}}", "sampling has no place in mode grid")]
    [InlineData("{over: {epochs: {min: 1, max: 5}}}", "set the mode, or list the values")]
    [InlineData("{mode: random, sampling: {count: 2}, over: {epochs: {min: 5, max: 1}}}", "min (5) must be below max (1)")]
    [InlineData(
        "{mode: random, sampling: {count: 2}, over: {noop.epoch_ms: {min: 0, max: 1, scale: log}}}",
        "must be positive on a scale of logarithms"
    )]
    [InlineData(
        "{mode: random, sampling: {count: 2}, over: {epochs: {min: 1, max: 5, when: {batch_size: 3}}, batch_size: [3, 4]}}",
        "put batch_size above it"
    )]
    [InlineData("{mode: random, sampling: {count: 2}, over: {threshold.rule: {min: 1, max: 5}}}", "is no number; give a list")]
    [InlineData("{mode: random, sampling: {count: 2, sede: 1}, over: {epochs: [1, 2]}}", "did you mean 'seed'?")]
    [InlineData("{mode: tpe, over: {epochs: [1, 2]}}", "not how many settings to draw")]
    [InlineData(
        "{mode: tpe, sampling: {count: 2}, over: {epochs: [1, 2]}}",
        "study 's' would search for settings by test_accuracy; only validation samples may choose: set metric.name: validation_accuracy"
    )]
    [InlineData("{mode: tpe, sampling: {count: 3}, over: {epochs: [1, 2]}}", "what over has to draw from, 2 settings")]
    [InlineData(
        "{mode: tpe, sampling: {count: 2}, points: [{batch_size: 3}], over: {epochs: [1, 2]}}",
        "points has no place in mode tpe"
    )]
    [InlineData("{mode: random, sampling: {count: 2, startup: 1}, over: {epochs: [1, 2]}}", "unknown key 'startup' in sampling")]
    [InlineData(
        "{mode: tpe, sampling: {count: 2}, over: {epochs: [1, 2]}, seeds: {from: 3, to: 5, until: decided}}",
        "mode tpe trains all seeds of a setting that it proposes"
    )]
    public void What_cannot_be_drawn_is_said_with_the_remedy(string study, string expected) =>
        Assert.Contains(
            SpecReader.Read("x.yaml", Head + $"studies:\n  s: {study}\n", []).Errors,
            mistake => mistake.ToString().Contains(expected, StringComparison.Ordinal)
        );

    private static IReadOnlyList<ParameterSet> Points(string mode) =>
        Read(Search.Replace("MODE", mode, StringComparison.Ordinal)).Studies[0].Points;

    private static SweepSpec Read(string yaml)
    {
        Rouser.Core.Result<SweepSpec> spec = SpecReader.Read("x.yaml", yaml, []);
        Assert.Empty(spec.Errors);
        return spec.Value;
    }

    private static string Text(ParameterSet set) => string.Join(' ', set.Values.Select(v => $"{v.Key}={v.Value}"));
}
