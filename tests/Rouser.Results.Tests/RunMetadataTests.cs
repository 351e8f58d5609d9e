using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;
using Rouser.Testing;

namespace Rouser.Results.Tests;

public class RunMetadataTests
{
    private static readonly Table Trials = ResultTables.Build(Sweeps.Spec, Samples.Plan(3, 1), [], Sweeps.Environment).Trials;

    [Fact]
    public void What_is_written_is_read_again()
    {
        RunMetadata read = RunMetadata.Read(Trials).Value;
        RunMetadata written = RunMetadata.Of(Sweeps.Spec, Samples.Plan(3, 1), Sweeps.Environment);
        Assert.Equal(written.Write(), read.Write());
        Assert.Equal(["slayer", "rouser, learned"], read.Arms);
        Assert.Equal(["first", "second"], read.Studies);
        Assert.Equal([0.8, 0.925], read.Report.Reach);
        Assert.Equal(["grey"], read.Report.Colors);
        Assert.Equal(
            (written.Metric, written.Environment, 3, 3),
            (read.Metric, read.Environment, read.PlannedTrials, read.PlannedCells)
        );
    }

    [Fact]
    public void The_sweep_file_and_the_packages_are_read_again_and_may_be_unknown()
    {
        RunEnvironment environment = Sweeps.Environment with
        {
            RouserVersion = "0.1.0+4f2a.dirty",
            Packages = "NLog 6.2.0, Npgsql 10.0.0",
        };
        SweepSource source = SweepSource.Of("name: x\n", ["base.epochs=3"]);
        RunMetadata read = RunMetadata
            .Read(ResultTables.Build(Sweeps.Spec, Samples.Plan(1, 1), [], environment, source).Trials)
            .Value;
        Assert.Equal(environment, read.Environment);
        Assert.Equal(("4f2a", true), (read.Environment.Commit, read.Environment.IsDirty));
        // echo 'name: x' | sha256sum
        Assert.Equal("a2a79ea37edb1963efaae29281523ab441a8a99df048d204f22f3f413e325afc", read.Source!.Sha256);
        Assert.Equal(["base.epochs=3"], read.Source.Overrides);

        RunMetadata plain = RunMetadata.Read(Trials).Value;
        Assert.Equal(
            (null, null, "abc", false),
            (plain.Source, plain.Environment.Packages, plain.Environment.Commit, plain.Environment.IsDirty)
        );
        Assert.Null((Sweeps.Environment with { RouserVersion = "0.1.0" }).Commit);
    }

    [Fact]
    public void Budgets_of_seeds_are_read_again_and_nonsense_is_refused()
    {
        SeedBudgets budgets = new(
            Sweeps.Spec.Metric,
            "slayer",
            new Dictionary<string, SeedBudget> { ["first"] = new(5, 30, true), ["second"] = new(3, 4, false) }
        );
        SweepSpec spec = Sweeps.Spec with { Run = Sweeps.Spec.Run with { Budgets = budgets } };
        Table trials = ResultTables.Build(spec, Samples.Plan(1, 1), [], Sweeps.Environment).Trials;
        Assert.Equal(budgets.OfStudy, RunMetadata.Read(trials).Value.Budgets);
        Assert.Empty(RunMetadata.Read(Trials).Value.Budgets);

        foreach (
            string nonsense in (string[])["x", "[{}]", "[null]", """[{"Study":"a","From":9,"To":5,"ErrorPerSweep":false}]"""]
        )
        {
            Dictionary<string, string> metadata = new(trials.Metadata) { ["rouser.seed_budgets"] = nonsense };
            UserError mistake = Assert.Single(RunMetadata.Read(trials with { Metadata = metadata }).Errors);
            Assert.Contains("rouser.seed_budgets makes no sense", mistake.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_was_seen_of_the_data_is_read_again_and_may_be_unknown()
    {
        string[] seen = ["data: events, 6 train samples", "warning: \"quoted\", and so on"];
        Assert.Equal(
            seen,
            RunMetadata
                .Read(ResultTables.Build(Sweeps.Spec, Samples.Plan(1, 1), [], Sweeps.Environment, null, seen).Trials)
                .Value.Data
        );
        Assert.Empty(RunMetadata.Read(Trials).Value.Data);
    }

    [Fact]
    public void Names_of_classes_are_read_again_and_may_be_unknown()
    {
        Dictionary<string, IReadOnlyList<string>> classes = new() { ["d2"] = ["clap", "wave"], ["d1"] = ["0"] };
        Table trials = ResultTables.Build(Sweeps.Spec, Samples.Plan(1, 1), [], Sweeps.Environment, null, null, classes).Trials;
        Assert.Equal("""{"d1":["0"],"d2":["clap","wave"]}""", trials.Metadata["rouser.classes"]);
        Assert.Equal(["clap", "wave"], RunMetadata.Read(trials).Value.Classes["d2"]);
        Assert.Empty(RunMetadata.Read(Trials).Value.Classes);
    }

    [Fact]
    public void Tables_of_schema_1_are_read() =>
        Assert.True(
            RunMetadata
                .Read(Trials with { Metadata = new Dictionary<string, string>(Trials.Metadata) { ["rouser.schema"] = "1" } })
                .IsOk
        );

    [Fact]
    public void A_sweep_that_compares_with_no_arm_reads_so()
    {
        SweepSpec spec = Sweeps.Spec with { Report = new ReportSettings(null, []) };
        ReportSettings read = RunMetadata
            .Read(ResultTables.Build(spec, Samples.Plan(1, 1), [], Sweeps.Environment).Trials)
            .Value.Report;
        Assert.Null(read.CompareTo);
        Assert.Empty(read.Reach);
    }

    [Theory]
    [InlineData("rouser.schema", "3", "schema 3")]
    [InlineData("rouser.schema", "0", "schema 0")]
    [InlineData("rouser.schema", null, "lacks rouser.schema")]
    [InlineData("rouser.arms", "[slayer", "rouser.arms makes no sense")]
    [InlineData("rouser.arms", "null", "rouser.arms makes no sense")]
    [InlineData("rouser.classes", "{\"d1\": [null]}", "rouser.classes makes no sense")]
    [InlineData("rouser.classes", "[]", "rouser.classes makes no sense")]
    [InlineData("rouser.metric.goal", "more", "rouser.metric.goal makes no sense")]
    [InlineData("rouser.environment.cores", "many", "rouser.environment.cores makes no sense")]
    public void Metadata_that_cannot_be_read_names_the_key(string key, string? value, string message)
    {
        Dictionary<string, string> keys = new(Trials.Metadata);
        if (value is null)
            keys.Remove(key);
        else
            keys[key] = value;
        UserError mistake = Assert.Single(RunMetadata.Read(Trials with { Metadata = keys }).Errors);
        Assert.Equal("trials", mistake.Location);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_table_says_which_run_it_belongs_to()
    {
        ResultTables tables = ResultTables.Build(Sweeps.Spec, Samples.Plan(1, 1), [], Sweeps.Environment);
        Assert.All(
            new[] { tables.Trials, tables.Epochs, tables.Layers },
            table => Assert.Equal("f1a9", table.Metadata["rouser.fingerprint"])
        );
    }
}
