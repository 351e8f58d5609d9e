using Rouser.Reports.Model;
using Rouser.Reports.Sensitivity;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Sensitivity;

public sealed class DesignTests
{
    [Fact]
    public void Parameters_that_change_together_are_one_factor()
    {
        Design design = Of(
            new RunTables { Arms = ["rouser"] }
                .Add("rouser", "threshold.init=1.25 surrogate.tau=3.75 optimizer.learning_rate=0.01", 0, 0.5)
                .Add("rouser", "threshold.init=0.25 surrogate.tau=3 optimizer.learning_rate=0.01", 0, 0.5)
                .Add("rouser", "threshold.init=1.25 surrogate.tau=3.75 optimizer.learning_rate=0.1", 0, 0.5)
                .Add("rouser", "threshold.init=0.25 surrogate.tau=3 optimizer.learning_rate=0.1", 0, 0.5)
        );
        Assert.Equal(["Th, τ", "lr"], design.Factors.Select(f => f.Name));
        Assert.Equal(["0.25, 3", "1.25, 3.75"], design.Factors[0].Levels);
        Assert.Equal([1, 0], design.Points[0].Levels);
    }

    [Fact]
    public void Study_of_one_thing_at_a_time_has_the_levels_that_its_settings_do_not_name()
    {
        Design design = Of(SweepStudy("one-by-one"));
        Assert.Equal(["arm", "Th", "τ", "lr"], design.Factors.Select(f => f.Name));
        Assert.Equal(["0.25", "0.75", "1.25"], design.Factors[1].Levels);
        Assert.Equal(["0.0001", "0.001", "0.01"], design.Factors[3].Levels);
    }

    [Fact]
    public void What_does_not_vary_is_no_factor() =>
        Assert.Empty(Of(new RunTables().Add("slayer", "threshold.init=1", 0, 0.5)).Factors);

    internal static StudyResults SweepStudy(string name) =>
        ReportModel.From(SweepRun.Build()).Value.Studies.Single(s => s.Name == name);

    private static Design Of(RunTables run) => Of(ReportModel.From(run.Build()).Value.Studies.Single());

    private static Design Of(StudyResults study) => Design.Of(study);
}
