using Rouser.Snn.Thresholds;
using Rouser.Testing;

namespace Rouser.Sweeps.Tests;

public class SweepFilesTests
{
    /// <summary>File, distinct trials, cells.</summary>
    [Theory]
    [InlineData("quickstart.yaml", 48, 48)]
    [InlineData("figure11-nmnist.yaml", 6, 6)]
    [InlineData("table3-nmnist.yaml", 6, 6)]
    [InlineData("figure5-nmnist.yaml", 18, 18)]
    [InlineData("reproduce.yaml", 84, 96)]
    [InlineData("reproduce-subset.yaml", 24, 36)]
    [InlineData("reproduce-digits.yaml", 98, 126)]
    [InlineData("reproduce-small.yaml", 140, 160)]
    [InlineData("conventions-nmnist.yaml", 144, 144)]
    [InlineData("methods-nmnist.yaml", 84, 84)]
    [InlineData("methods-shd.yaml", 84, 84)]
    [InlineData("methods-dvs128.yaml", 84, 84)]
    [InlineData("methods-small.yaml", 123, 123)]
    [InlineData("table1-nmnist.yaml", 12, 12)]
    [InlineData("table1-dvs128.yaml", 12, 12)]
    [InlineData("table1-shd.yaml", 12, 12)]
    [InlineData("figure3-nmnist.yaml", 15, 15)]
    [InlineData("figure3-dvs128.yaml", 15, 15)]
    [InlineData("figure4-nmnist.yaml", 12, 12)]
    [InlineData("figure4-dvs128.yaml", 12, 12)]
    [InlineData("recipe-nmnist.yaml", 10, 10)]
    [InlineData("simulated-nmnist.yaml", 10, 10)]
    [InlineData("robustness.yaml", 240, 240)]
    [InlineData("ingredients.yaml", 95, 95)]
    [InlineData("equal-budget.yaml", 300, 300)]
    [InlineData("mechanism.yaml", 140, 140)]
    [InlineData("conv-digits.yaml", 3, 3)]
    [InlineData("conv-nmnist.yaml", 5, 5)]
    [InlineData("methods-speech.yaml", 288, 288)]
    public void Shipped_sweep_is_read_and_planned(string file, int trials, int cells)
    {
        Result<SweepSpec> spec = SpecReader.Read(file, File.ReadAllText(Repository.Path("sweeps", file)), []);
        Assert.Empty(spec.Errors);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), spec.Value.Name);
        Plan plan = Planner.Create(spec.Value, _ => "digest", _ => "test/1").Value;
        Assert.Equal(trials, plan.Trials.Count);
        Assert.Equal(cells, plan.Cells.Count);
    }

    [Fact]
    public void Every_shipped_sweep_is_tested()
    {
        string[] tested =
        [
            .. typeof(SweepFilesTests)
                .GetMethod(nameof(Shipped_sweep_is_read_and_planned))!
                .GetCustomAttributesData()
                .Where(a => a.AttributeType == typeof(InlineDataAttribute))
                .Select(a =>
                    (string)
                        ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[
                            0
                        ].Value!
                ),
        ];
        Assert.Equal(tested.Order(), Directory.GetFiles(Repository.Path("sweeps"), "*.yaml").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Figure_11_varies_what_the_paper_varies()
    {
        SweepSpec spec = SpecReader.Read("x", File.ReadAllText(Repository.Path("sweeps", "figure11-nmnist.yaml")), []).Value;
        Plan plan = Planner.Create(spec, _ => "digest", _ => "test/1").Value;
        Assert.Equal(
            [
                (1.25, 3.75, 1.5, 0.0),
                (1.25, 3.75, 1.5, 0.001),
                (1.25, 3.75, 1.5, 0.01),
                (0.25, 3.0, 3.0, 0.0),
                (0.25, 3.0, 3.0, 0.001),
                (0.25, 3.0, 3.0, 0.01),
            ],
            plan.Trials.Select(t =>
                (
                    t.Settings.Threshold.Init,
                    t.Settings.Surrogate.Tau,
                    t.Settings.Surrogate.Scale,
                    (t.Settings.Threshold as TrainedThreshold)?.LearningRate ?? 0
                )
            )
        );
        Assert.Equal(
            "threshold.init=1.25 surrogate.tau=3.75 surrogate.scale=1.5 threshold.learning_rate=0",
            plan.Cells[0].Setting
        );
        Assert.All(
            plan.Trials,
            t =>
                Assert.Equal(
                    ("[500, 500]", false, "nmnist"),
                    ($"{t.Parameters.Find("network.hidden")}", t.Settings.Weights.Normalize, t.Settings.Dataset.Name)
                )
        );
    }

    [Theory]
    [InlineData("sweep-file.md")]
    [InlineData("sweep.schema.json")]
    public void A_reference_is_what_the_tables_say(string file)
    {
        string made = file.EndsWith(".md", StringComparison.Ordinal) ? SweepFileGuide.Markdown() : SweepFileSchema.Json();
        string path = Repository.Path("docs", "reference", file);
        if (Snapshot.Rewrite)
            File.WriteAllText(path, made);
        Assert.Equal(made, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_guides_example_is_valid()
    {
        string page = SweepFileGuide.Markdown();
        int start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;
        Assert.Empty(SpecReader.Read("guide", page[start..page.IndexOf("```", start, StringComparison.Ordinal)], []).Errors);
    }
}
