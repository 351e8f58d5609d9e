namespace Rouser.Sweeps.Tests;

public class PlanJsonTests
{
    private static readonly Plan Plan = Planner
        .Create(
            SpecReader
                .Read(
                    "x.yaml",
                    """
                    schema: rouser/sweep/v1
                    name: x
                    base: {dataset.root: "däta, 'x' \\ folder"}
                    arms:
                      slayer: {}
                      rouser: {threshold.rule: learned, threshold.learning_rate: 1e-7}
                      rate: {loss.kind: spike_rate, weights.normalize: true}
                    seeds: [0, 9223372036854775807]
                    studies: {s: {over: {network.hidden: [[3], [4, 5]], dataset.name: [nmnist, saccade-digits]}}, t: {}}
                    """,
                    []
                )
                .Value,
            d => $"digest of {d.Name}",
            _ => "test/1"
        )
        .Value;

    [Fact]
    public void Plan_survives_the_round_trip()
    {
        Plan read = PlanJson.Read("plan.json", PlanJson.Write(Plan)).Value;
        Assert.Equal((Plan.SweepName, Plan.Fingerprint), (read.SweepName, read.Fingerprint));
        Assert.Equal(Plan.Cells, read.Cells);
        Assert.Equal(Plan.Trials.Count, read.Trials.Count);
        foreach ((PlannedTrial expected, PlannedTrial actual) in Plan.Trials.Zip(read.Trials))
        {
            Assert.Equal(expected.Parameters.Values, actual.Parameters.Values);
            Assert.Equal(expected.Settings.Hidden, actual.Settings.Hidden);
            Assert.Equal(expected.Settings with { Hidden = [] }, actual.Settings with { Hidden = [] });
            Assert.Equal(
                (expected.Id, expected.Seed, expected.DataDigest, expected.Synthetic),
                (actual.Id, actual.Seed, actual.DataDigest, actual.Synthetic)
            );
        }
        Assert.Equal(PlanJson.Write(Plan), PlanJson.Write(read));
    }

    [Theory]
    [InlineData("", "is no plan or damaged")]
    [InlineData("[]", "is no plan or damaged")]
    [InlineData("{}", "is no plan or damaged")]
    [InlineData("{\"schema\": null}", "is no plan or damaged")]
    [InlineData(
        "{\"schema\": \"rouser/plan/v3\"}",
        "has the schema 'rouser/plan/v3', this program reads 'rouser/plan/v1' and 'rouser/plan/v2'"
    )]
    public void What_is_no_plan_is_a_mistake(string json, string start)
    {
        UserError mistake = Assert.Single(PlanJson.Read("plan.json", json).Errors);
        Assert.StartsWith("plan.json: " + start, mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_plan_is_a_mistake()
    {
        string json = PlanJson.Write(Plan).Replace("\"t\",\"rouser\"", "\"t\",\"mouser\"", StringComparison.Ordinal);
        Assert.Contains("fingerprint", Assert.Single(PlanJson.Read("plan.json", json).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_damage_makes_it_throw()
    {
        string json = PlanJson.Write(Plan);
        for (long seed = 0; seed < 500; seed++)
        {
            RandomStream random = new(seed, "plan damage");
            char[] damaged = json[..(1 + random.NextInt(json.Length))].ToCharArray();
            if (random.NextInt(2) == 0)
                damaged = json.ToCharArray();
            damaged[random.NextInt(damaged.Length)] = "0{}[]\"x,:-"[random.NextInt(10)];
            try
            {
                PlanJson.Read("plan.json", new string(damaged));
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }
    }
}
