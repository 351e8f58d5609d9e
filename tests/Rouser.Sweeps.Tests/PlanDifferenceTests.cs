namespace Rouser.Sweeps.Tests;

/// <summary>What is said of a sweep file that has changed since its run was made.</summary>
public class PlanDifferenceTests
{
    private const string Kept = "base: {epochs: 2}\nseeds: [0, 1]";

    [Theory]
    [InlineData("base: {epochs: 3}\nseeds: [0, 1]", "epochs 3 instead of 2")]
    [InlineData("base: {epochs: 2, batch_size: 7}\nseeds: [0, 1]", "batch_size 7 instead of 32")]
    [InlineData("base: {epochs: 2}\nseeds: [1, 2]", "seed 1, 2 instead of 0, 1")]
    [InlineData("base: {epochs: 2}\nseeds: [0, 1, 2, 3, 4, 5]", "seed 0, 1, 2, 3, … instead of 0, 1")]
    [InlineData(
        "base: {epochs: 2}\nseeds: [0, 1]\narms: {a: {}, b: {surrogate.tau: 3}}",
        "surrogate.tau 3, 3.75 instead of 3.75"
    )]
    [InlineData(
        "base: {epochs: 3, batch_size: 7, surrogate.tau: 2, surrogate.scale: 2}\nseeds: [0, 1]",
        "batch_size 7 instead of 32; epochs 3 instead of 2; surrogate.scale 2 instead of 1.5; 1 more parameters"
    )]
    [InlineData(Kept, "")]
    public void A_sweep_is_told_by_what_it_asks_for(string asked, string words) =>
        Assert.Equal(words, PlanDifference.Describe(PlanOf(Kept, "d"), PlanOf(asked, "d")));

    [Fact]
    public void Other_data_under_the_same_name_is_told() =>
        Assert.Equal(
            "data bbbbbbbb instead of aaaaaaaa",
            PlanDifference.Describe(PlanOf(Kept, new string('a', 64)), PlanOf(Kept, new string('b', 64)))
        );

    private static Plan PlanOf(string body, string data) => PlanGrowthTests.PlanOf(body, data);
}
