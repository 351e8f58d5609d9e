using Rouser.Core.Parameters;
using Rouser.Orchestrator.Sessions;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Tests;

/// <summary>The paper by one command.</summary>
public class ReproduceTests
{
    private static readonly string[] Small = ["dataset.train_samples=20", "dataset.test_samples=22", "dataset.steps=20"];

    // Without training, so that it takes seconds: what is planned, shown and reported is that of the real one.
    private static readonly string[] Idle =
    [
        .. Settings(
            "base",
            "engine=noop",
            "noop.epoch_ms=1",
            "epochs=2",
            "dataset.train_samples=20",
            "dataset.test_samples=10",
            "dataset.steps=20"
        ),
        .. Settings("studies.nmnist-fixed-thresholds.base", "epochs=2"),
        .. Settings("studies.dvs128.base", Small),
        .. Settings("studies.dvs128-fixed-thresholds.base", [.. Small, "epochs=2"]),
        .. Settings("studies.dvs128-learned-thresholds.base", Small),
        .. Settings("studies.shd.base", Small),
    ];

    private static IEnumerable<string> Settings(string place, params string[] settings) =>
        settings.SelectMany(s => (string[])["--set", $"{place}.{s}"]);

    [Fact]
    public async Task One_command_plans_trains_and_reports_and_again_it_goes_on()
    {
        using var folder = new TemporaryFolder();
        Finished first = await RouserProcess.RunAsync(folder.Path, ["reproduce", "--quiet", .. Idle]);
        Assert.True(first.ExitCode == 0, first.Output + first.Errors);
        Assert.Contains("estimated time: ", first.Output, StringComparison.Ordinal);
        Assert.Contains("dvs128-fixed-thresholds", first.Output, StringComparison.Ordinal);
        string report = await File.ReadAllTextAsync(folder["runs", "reproduce-small", "report", "report.md"]);
        Assert.All(
            (string[])["nmnist", "dvs128", "shd"],
            study => Assert.Contains($"## Study {study}", report, StringComparison.Ordinal)
        );
        // An engine that trains nothing has made up its numbers: they are not set beside the paper's.
        Assert.DoesNotContain("Beside the paper", report, StringComparison.Ordinal);
        Assert.Contains("Synthetic data.", report, StringComparison.Ordinal);

        Finished again = await RouserProcess.RunAsync(folder.Path, ["reproduce", "--quiet", .. Idle]);
        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Contains("of them have ended or need no training", again.Output, StringComparison.Ordinal);
        Assert.Equal(report, await File.ReadAllTextAsync(folder["runs", "reproduce-small", "report", "report.md"]));
    }

    [Theory]
    [InlineData("--scale", "huge")]
    [InlineData("--scale", "subset")]
    public async Task A_scale_that_is_none_or_lacks_its_data_is_one_line(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Finished done = await RouserProcess.RunAsync(folder.Path, ["reproduce", .. arguments]);
        Assert.Equal(2, done.ExitCode);
        Assert.Single(done.ErrorLines);
        Assert.False(Directory.Exists(folder["runs"]));
    }

    // A study may have a data set of its own, which has a generated one of its own.
    [Fact]
    public void Generated_data_takes_the_place_of_recorded_data_in_each_study()
    {
        string? data = "synthetic";
        SweepSpec spec = SyntheticData
            .Choose(
                "x.yaml",
                SweepFile.Parse(
                    "x.yaml",
                    """
                    schema: rouser/sweep/v1
                    name: x
                    base: {dataset: {name: nmnist, root: a}}
                    studies:
                      plain: {}
                      speech: {base: {dataset: {name: shd, root: b}}}
                      gestures: {base: {dataset: {name: gesture-blobs}}}
                    """,
                    []
                ),
                ref data
            )
            .Value.Spec;
        Assert.Null(data);
        Assert.Equal("x-synthetic", spec.Name);
        Assert.Equal("saccade-digits", Name(spec.Base));
        Assert.Equal([null, "spoken-digits", "gesture-blobs"], spec.Studies.Select(s => Name(s.Base)));

        static string? Name(ParameterSet set) => (set.Find("dataset.name") as ParameterValue.Text)?.Value;
    }
}
