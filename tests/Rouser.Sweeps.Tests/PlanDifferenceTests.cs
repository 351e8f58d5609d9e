namespace Rouser.Sweeps.Tests;

/// <summary>
/// What is said to somebody who runs a changed sweep into the folder of the first: what differs, and a way on that
/// deletes nothing.
/// </summary>
public class PlanDifferenceTests
{
    private const string Kept = "base: {epochs: 2}\nseeds: [0, 1]";

    [Theory]
    [InlineData("seeds: [0, 1, 2]", "has the seeds 0, 1, this sweep asks for 2 as well", "--set \"seeds=[2]\" --out OTHER")]
    [InlineData("seeds: [5, 0, 1, 3]", "this sweep asks for 3, 5 as well", "--set \"seeds=[3, 5]\" --out OTHER")]
    [InlineData(
        "seeds: [0, 1, 2, 3, 4, 5, 6, 7]",
        "this sweep asks for 2, 3, 4, 5, … as well",
        "--set \"seeds=[2, 3, 4, 5, 6, 7]\" --out OTHER"
    )]
    public void More_seeds_are_trained_elsewhere_and_reported_with_the_first(string seeds, string what, string remedy)
    {
        string words = Words("base: {epochs: 2}\n" + seeds);
        Assert.Contains(what, words, StringComparison.Ordinal);
        Assert.Contains(remedy, words, StringComparison.Ordinal);
        Assert.EndsWith("then report both with rouser report 'a run' OTHER --out FOLDER", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_seeds_are_no_difference_that_has_to_be_trained() =>
        Assert.Equal(
            "the folder was made for 2 trials or other studies, this sweep asks for 1 of them; run it in another folder with --out",
            Words("base: {epochs: 2}\nseeds: [1]")
        );

    [Theory]
    [InlineData("base: {epochs: 3}\nseeds: [0, 1]", "2 of this one's 2 trials are not in it (epochs 3 instead of 2)")]
    [InlineData(
        "base: {epochs: 2, batch_size: 7}\nseeds: [0, 1]",
        "2 of this one's 2 trials are not in it (batch_size 7 instead of 32)"
    )]
    [InlineData("base: {epochs: 2}\nseeds: [1, 2]", "1 of this one's 2 trials are not in it (seed 1, 2 instead of 0, 1)")]
    [InlineData(
        "base: {epochs: 2}\nseeds: [0, 1]\narms: {a: {}, b: {surrogate.tau: 3}}",
        "2 of this one's 4 trials are not in it (surrogate.tau 3, 3.75 instead of 3.75)"
    )]
    [InlineData(
        "base: {epochs: 3, batch_size: 7, surrogate.tau: 2, surrogate.scale: 2}\nseeds: [0, 1]",
        "(batch_size 7 instead of 32; epochs 3 instead of 2; surrogate.scale 2 instead of 1.5; 1 more parameters)"
    )]
    public void Another_sweep_is_told_by_what_it_asks_for(string asked, string what)
    {
        string words = Words(asked);
        Assert.StartsWith("the folder's run is of another sweep: ", words, StringComparison.Ordinal);
        Assert.True(words.Contains(what, StringComparison.Ordinal), words);
        Assert.EndsWith("; choose another folder with --out", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_data_under_the_same_name_is_told() =>
        Assert.Contains(
            "(data bbbbbbbb instead of aaaaaaaa)",
            PlanDifference.Describe("r", PlanOf(Kept, new string('a', 64)), PlanOf(Kept, new string('b', 64))),
            StringComparison.Ordinal
        );

    private static string Words(string asked) => PlanDifference.Describe("'a run'", PlanOf(Kept, "d"), PlanOf(asked, "d"));

    private static Plan PlanOf(string body, string data) =>
        Planner
            .Create(SpecReader.Read("x.yaml", "schema: rouser/sweep/v1\nname: x\n" + body, []).Value, _ => data, _ => "test/1")
            .Value;
}
