using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Tests;

/// <summary>What a sweep file is told of settings that probably fail, and what <c>auto</c> bounds become.</summary>
public class GradientCheckTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    [Fact]
    public void Threshold_above_the_bound_of_its_surrogate_is_told_of() =>
        Assert.Equal(
            "x.yaml: arm base: threshold.init 3 is above 1.97, the bound of this surrogate: each step back through the "
                + "reset can make the gradient 2.03 times larger, over 300 steps; training may leave the finite numbers. Lower "
                + "it, or set neuron.reset_gradient: threshold",
            Assert.Single(Notes("base: {threshold.init: 3, surrogate.tau: 3, surrogate.scale: 3}"))
        );

    [Theory]
    [InlineData("threshold.init: 3, neuron.reset_gradient: threshold")]
    [InlineData("threshold.init: 3, neuron.reset_gradient: none")]
    [InlineData("threshold.init: 1.9")]
    [InlineData("threshold.init: 3, bptt.window: 5")]
    [InlineData("threshold.init: 3, engine: noop")]
    public void Where_nothing_grows_far_nothing_is_told(string setting) =>
        Assert.Empty(Notes($"base: {{surrogate.tau: 3, surrogate.scale: 3, {setting}}}"));

    [Fact]
    public void Arms_and_settings_that_fail_alike_share_a_line()
    {
        string note = Assert.Single(
            Notes(
                """
                base: {neuron.reset: hard}
                arms:
                  fixed: {threshold.rule: fixed}
                  learned: {threshold.rule: learned}
                  slayer: {threshold.rule: fixed, neuron.reset_gradient: none}
                studies:
                  s: {over: {threshold.init: [0.25, 1.25]}}
                """
            )
        );
        Assert.StartsWith("x.yaml:9: ", note, StringComparison.Ordinal);
        Assert.Contains("arms fixed, learned: a hard reset with the full gradient: ", note, StringComparison.Ordinal);
        Assert.EndsWith("(the first of 2 such settings)", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("threshold.ceiling: 1", "above threshold.ceiling (1)")]
    [InlineData("threshold.floor: 1.5", "below threshold.floor (1.5)")]
    public void Start_outside_the_bounds_is_told_of(string bound, string expected) =>
        Assert.Contains(
            expected,
            Assert.Single(Notes($"base: {{threshold.rule: learned, threshold.init: 1.25, {bound}}}")),
            StringComparison.Ordinal
        );

    /// <summary>0.01 and 0.99 of (1 + 0.97)·3/3.</summary>
    [Fact]
    public void Trial_with_auto_bounds_is_the_trial_with_their_numbers()
    {
        const string Setting = "threshold.rule: learned, surrogate.tau: 3, surrogate.scale: 3";
        Plan byWord = PlanOf($"base: {{{Setting}, threshold.floor: auto, threshold.ceiling: auto}}"),
            byNumber = PlanOf($"base: {{{Setting}, threshold.floor: 0.0197, threshold.ceiling: 1.9503}}"),
            unbounded = PlanOf($"base: {{{Setting}, threshold.floor: none}}"),
            plain = PlanOf($"base: {{{Setting}}}");
        ParameterSet used = byWord.Trials[0].Parameters;
        Assert.Equal(0.0197, used.FindReal(ParameterSchema.Declared("threshold.floor"))!.Value, 12);
        Assert.Equal(1.9503, used.FindReal(ParameterSchema.Declared("threshold.ceiling"))!.Value, 12);
        Assert.Equal(byNumber.Trials.Select(t => t.Id), byWord.Trials.Select(t => t.Id));
        Assert.Equal(plain.Trials.Select(t => t.Id), unbounded.Trials.Select(t => t.Id));
        Assert.NotEqual(plain.Trials[0].Id, byWord.Trials[0].Id);
        Assert.Equal(byWord.Trials[0].Settings.Threshold.Bounds, byNumber.Trials[0].Settings.Threshold.Bounds);
    }

    [Fact]
    public void Auto_ceiling_is_no_bound_where_the_threshold_makes_nothing_grow()
    {
        Plan plan = PlanOf("base: {threshold.rule: learned, threshold.ceiling: auto, neuron.reset_gradient: none}");
        Assert.Null(plan.Trials[0].Parameters.Find("threshold.ceiling"));
        Assert.False(plan.Trials[0].Settings.Threshold.Bounds.Any);
    }

    private static string[] Notes(string body) => [.. Read(body).Notes.Select(note => note.ToString())];

    private static SweepSpec Read(string body) => SpecReader.Read("x.yaml", Head + body, []).Value;

    private static Plan PlanOf(string body) => Planner.Create(Read(body), _ => "digest", _ => "test/1").Value;
}
