namespace Rouser.Sweeps.Tests;

/// <summary>A run goes on with a changed sweep file, and no trial that it has is asked for twice.</summary>
public class PlanGrowthTests
{
    private const string Two = "seeds: [0, 1]",
        Three = "seeds: [0, 1, 2]",
        Studies = "arms: {a: {}, b: {surrogate.tau: 2}}\nseeds: [0]\nstudies: {one: {arms: [a], priority: 1}, two: {arms: [b]}}";

    [Fact]
    public void The_same_plan_is_no_growth() => Assert.Null(PlanGrowth.Of(PlanOf(Two), PlanOf(Two)));

    [Fact]
    public void A_seed_more_keeps_every_trial()
    {
        PlanGrowth growth = PlanGrowth.Of(PlanOf(Two), PlanOf(Three))!;
        Assert.Equal((2, 0), (growth.Kept, growth.Dropped.Count));
        Assert.Equal([2L], growth.Added.Select(t => t.Seed));
        Assert.Empty(growth.Plan.History!.Dropped);
    }

    [Fact]
    public void What_is_not_asked_for_any_more_is_remembered_until_it_is_again()
    {
        PlanGrowth smaller = PlanGrowth.Of(PlanOf(Three), PlanOf(Two))!;
        Assert.Equal([2L], smaller.Dropped.Select(t => t.Seed));
        Assert.Equal(smaller.Dropped.Select(t => t.Id), smaller.Plan.History!.Dropped);
        PlanGrowth other = PlanGrowth.Of(smaller.Plan, PlanOf("seeds: [1, 5]"))!;
        Assert.Equal(2, other.Plan.History!.Dropped.Count);
        PlanGrowth back = PlanGrowth.Of(other.Plan, PlanOf(Three))!;
        Assert.Equal([5L], back.Dropped.Select(t => t.Seed));
        Assert.Equal(back.Dropped.Select(t => t.Id), back.Plan.History!.Dropped);
        Assert.Equal(
            (PlanOf(Three).Fingerprint, PlanOf(Three).Fingerprint, 3),
            (back.Plan.Origin, back.Plan.Fingerprint, back.Plan.Revision)
        );
    }

    [Fact]
    public void Another_priority_or_name_asks_for_no_other_trials()
    {
        foreach (
            (string before, string after) in new[] { ("priority: 1", "priority: -1"), ("a: {}", "fixed: {}"), ("two:", "2nd:") }
        )
        {
            string changed = Studies
                .Replace(before, after, StringComparison.Ordinal)
                .Replace("[a]", after == "fixed: {}" ? "[fixed]" : "[a]");
            PlanGrowth growth = PlanGrowth.Of(PlanOf(Studies), PlanOf(changed))!;
            Assert.Equal((2, false), (growth.Kept, growth.ChangesTrials));
        }
    }

    [Fact]
    public void Another_priority_is_another_order() =>
        Assert.Equal(
            PlanOf(Studies).Trials.Select(t => t.Id).Reverse(),
            PlanGrowth
                .Of(PlanOf(Studies), PlanOf(Studies.Replace("priority: 1", "priority: -1", StringComparison.Ordinal)))!
                .Plan.Trials.Select(t => t.Id)
        );

    [Fact]
    public void Recordings_that_lie_elsewhere_now_are_found_there_and_ask_for_no_training()
    {
        PlanGrowth moved = PlanGrowth.Of(
            PlanOf("base: {dataset: {name: nmnist, root: here}}\nseeds: [0]"),
            PlanOf("base: {dataset: {name: nmnist, root: there}}\nseeds: [0]")
        )!;
        Assert.Equal((1, false), (moved.Kept, moved.ChangesTrials));
        Assert.Equal("there", moved.Plan.Trials[0].Settings.Dataset.Root);
    }

    [Fact]
    public void A_plan_that_has_grown_is_read_as_it_was_written()
    {
        Plan grown = PlanGrowth.Of(PlanOf(Three), PlanOf("seeds: [1, 5]"))!.Plan;
        string json = PlanJson.Write(grown);
        Plan read = PlanJson.Read("plan.json", json).Value;
        Assert.Equal(grown.History!.Dropped, read.History!.Dropped);
        Assert.Equal((grown.Origin, grown.Revision, grown.Fingerprint), (read.Origin, read.Revision, read.Fingerprint));
        Assert.Equal(json, PlanJson.Write(read));
        // A program that knows nothing of dropped trials says that it is too old.
        Assert.StartsWith("""{"schema":"rouser/plan/v2",""", json, StringComparison.Ordinal);
        Assert.StartsWith("""{"schema":"rouser/plan/v1",""", PlanJson.Write(PlanOf(Three)), StringComparison.Ordinal);
    }

    internal static Plan PlanOf(string body, string data = "d") =>
        Planner
            .Create(SpecReader.Read("x.yaml", "schema: rouser/sweep/v1\nname: x\n" + body, []).Value, _ => data, _ => "test/1")
            .Value;
}
