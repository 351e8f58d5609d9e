using System.Security.Cryptography;
using System.Text;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Tests;

/// <summary>
/// <c>neuron.current_factor</c> was <c>neuron.current_decay</c> until November 2026. What was written before is read as
/// before, and a trial is the trial that it was.
/// </summary>
public class FormerNamesTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    [Theory]
    [InlineData("base: {neuron.NAME: 0.5}")]
    [InlineData("base: {neuron: {NAME: 0.5}}")]
    [InlineData("base.neuron.NAME: 0.5")]
    [InlineData("arms: {a: {neuron.NAME: 0.5}}")]
    [InlineData("studies: {s: {points: [{neuron.NAME: 0.5}]}}")]
    [InlineData("studies: {s: {base: {neuron: {NAME: 0.5}}}}")]
    [InlineData("studies: {s: {over: {neuron.NAME: [0.5, 0.75]}}}")]
    public void Sweep_file_with_a_former_name_is_the_same_sweep(string body)
    {
        SweepSpec former = Read(body.Replace("NAME", "current_decay", StringComparison.Ordinal)),
            current = Read(body.Replace("NAME", "current_factor", StringComparison.Ordinal));
        Plan before = PlanOf(former),
            now = PlanOf(current);
        Assert.Equal(now.Fingerprint, before.Fingerprint);
        Assert.Equal(now.Cells, before.Cells);
        Assert.Contains(now.Trials, t => t.Parameters.Find("neuron.current_factor") == new ParameterValue.Real(0.5));
        Assert.Empty(current.Notes);
        Assert.Equal(
            "x.yaml:3: neuron.current_decay is now called neuron.current_factor; its values mean the same, and the old name is still read",
            Assert.Single(former.Notes).ToString()
        );
    }

    [Theory]
    [InlineData("base.neuron.current_decay=0.5")]
    [InlineData("base.neuron={current_decay: 0.5}")]
    [InlineData("base.neuron.current_factor=0.5")]
    public void Override_goes_over_either_name(string set)
    {
        foreach (string name in new[] { "current_decay", "current_factor" })
        {
            SweepSpec spec = Read($"base: {{neuron.{name}: 0.25}}", set);
            Assert.Equal(new ParameterValue.Real(0.5), spec.Base.Find("neuron.current_factor"));
        }
    }

    [Fact]
    public void Both_names_at_once_are_refused() =>
        Assert.Equal(
            "x.yaml:5: neuron.current_factor is given twice, first at x.yaml:4; keep one",
            Assert
                .Single(
                    SpecReader
                        .Read("x.yaml", Head + "base:\n  neuron.current_factor: 0.5\n  neuron.current_decay: 0.5", [])
                        .Errors
                )
                .ToString()
        );

    [Fact]
    public void Fingerprint_has_the_former_name_as_in_runs_of_before()
    {
        Plan plan = PlanOf(Read("studies: {s: {over: {neuron.voltage_factor: [0.5]}}}"));
        string line = $"s\tbase\tneuron.voltage_decay=0.5\t0\t{Assert.Single(plan.Trials).Id}\n";
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line))), plan.Fingerprint);
    }

    [Fact]
    public void Plan_of_before_is_the_plan_of_today()
    {
        Plan plan = PlanOf(
            Read(
                "arms: {a: {}, b: {threshold.rule: learned, threshold.learning_rate: 0.1}}\n"
                    + "studies: {s: {over: {neuron.current_factor: [0.5, 0.75]}}}"
            )
        );
        string before = PlanJson
            .Write(plan)
            .Replace("current_factor", "current_decay", StringComparison.Ordinal)
            .Replace("voltage_factor", "voltage_decay", StringComparison.Ordinal);
        Plan read = PlanJson.Read("plan.json", before).Value;
        Assert.Equal(plan.Fingerprint, read.Fingerprint);
        Assert.Equal(plan.Cells, read.Cells);
        foreach ((PlannedTrial expected, PlannedTrial actual) in plan.Trials.Zip(read.Trials))
            Assert.Equal(expected.Parameters.Values, actual.Parameters.Values);
    }

    private static SweepSpec Read(string body, params string[] overrides) =>
        SpecReader.Read("x.yaml", Head + body, overrides).Value;

    private static Plan PlanOf(SweepSpec spec) => Planner.Create(spec, _ => "digest", _ => "test/1").Value;
}
