using System.Globalization;
using CsCheck;

namespace Rouser.Sweeps.Tests;

/// <summary>What holds of the plan of any sweep.</summary>
public class PlanPropertiesTests
{
    private static readonly Gen<string[]> Thresholds = Values("0.25", "0.5", "0.50", "1", "1.0", "1.25");

    private static readonly Gen<Grid> Grids = Gen.Select(
        Thresholds,
        Values("1", "2", "3"),
        Gen.OneOf("a", "b", "c").Array[1, 3].Select(arms => arms.Distinct().ToArray()),
        Gen.Int[0, 5].Array[1, 4].Select(seeds => seeds.Distinct().ToArray()),
        (thresholds, taus, arms, seeds) => new Grid(thresholds, taus, arms, seeds)
    );

    [Fact]
    public void Each_content_is_trained_once_and_every_cell_has_its_trial() =>
        Grids.Sample(grid =>
        {
            Plan plan = PlanOf(grid.Yaml());
            HashSet<TrialId> trials = [.. plan.Trials.Select(t => t.Id)];
            Assert.Equal(trials.Count, plan.Trials.Count);
            Assert.Equal(trials, [.. plan.Cells.Select(c => c.Trial)]);
            Assert.Equal(
                plan.Trials.Count,
                plan.Trials.Select(t => $"{t.Settings.Threshold.Init} {t.Settings.Surrogate.Tau} {t.Settings.BatchSize} {t.Seed}")
                    .Distinct()
                    .Count()
            );
        });

    [Fact]
    public void The_order_in_which_values_are_written_changes_no_trial() =>
        Grids.Sample(grid => Assert.Equal(Ids(grid), Ids(grid.Backwards())));

    // A run that grows keeps its results by this.
    [Fact]
    public void One_seed_more_adds_trials_and_changes_none() =>
        Grids.Sample(grid => Assert.ProperSubset(Ids(grid with { Seeds = [.. grid.Seeds, 99] }), Ids(grid)));

    [Fact]
    public void What_is_kept_of_a_plan_is_all_of_it() =>
        Grids.Sample(grid =>
        {
            string written = PlanJson.Write(PlanOf(grid.Yaml()));
            Assert.Equal(written, PlanJson.Write(PlanJson.Read("plan.json", written).Value));
        });

    // A value stands once, however it is spelt.
    private static Gen<string[]> Values(params string[] values) =>
        Gen.OneOf(values)
            .Array[1, 4]
            .Select(drawn => drawn.DistinctBy(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray());

    private static HashSet<TrialId> Ids(Grid grid) => [.. PlanOf(grid.Yaml()).Trials.Select(t => t.Id)];

    private static Plan PlanOf(string yaml)
    {
        Result<SweepSpec> spec = SpecReader.Read("x.yaml", yaml, []);
        Assert.True(spec.IsOk, spec.IsOk ? "" : $"{string.Join('\n', spec.Errors)}\n{yaml}");
        return Planner.Create(spec.Value, _ => "digest", _ => "test/1").Value;
    }

    /// <summary>A sweep of one study over two parameters; each arm has a batch size of its own.</summary>
    private sealed record Grid(string[] Thresholds, string[] Taus, string[] Arms, int[] Seeds)
    {
        public Grid Backwards() => new([.. Thresholds.Reverse()], [.. Taus.Reverse()], [.. Arms.Reverse()], [.. Seeds.Reverse()]);

        public string Yaml() =>
            $"""
                schema: rouser/sweep/v1
                name: x
                arms:
                {Lines(Arms.Select(arm => $"{arm}: {{batch_size: {arm[0] - 'a' + 1}}}"))}
                seeds: [{string.Join(", ", Seeds.Select(s => s.ToString(CultureInfo.InvariantCulture)))}]
                studies:
                  s:
                    over:
                      threshold.init: [{string.Join(", ", Thresholds)}]
                      surrogate.tau: [{string.Join(", ", Taus)}]
                """;

        private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => "  " + line));
    }
}
