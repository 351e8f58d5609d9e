using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Orchestrator.Progress;
using Rouser.Orchestrator.Sessions;
using Rouser.Sweeps;
using Rouser.Worker;
using Spectre.Console;

namespace Rouser.Orchestrator.Tests.Progress;

/// <summary>The line that says how far a sweep is.</summary>
public sealed class ProgressViewTests : ISweepView
{
    private readonly ProgressView _view;

    public ProgressViewTests()
    {
        SweepFile file = SweepFile.Parse("small.yaml", SmallSweep.Yaml, []).Value;
        _view = new ProgressView(this, Planner.Create(file.Spec, _ => "d1", _ => "fused/2").Value, TimeProvider.System);
    }

    IReadOnlyDictionary<LeaseKey, TrialProgress>? ISweepView.Progress => null;

    Task<T> ISweepView.Query<T>(Func<CoordinatorState, T> read) => throw new NotSupportedException("It is only drawn.");

    [Fact]
    public void The_time_left_is_that_of_the_epochs_left_at_the_pace_so_far()
    {
        Assert.DoesNotContain("left", Line(0, epochs: 0), StringComparison.Ordinal);
        Assert.EndsWith(", about 30 s left", Line(10, epochs: 4), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_sweep_says_so_and_shows_no_time_left()
    {
        Line(0, epochs: 0);
        string paused = Line(10, epochs: 4, isPaused: true);
        Assert.EndsWith("4.0 of 16 epochs, paused", paused, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_pause_took_does_not_count_as_pace()
    {
        Line(0, epochs: 0);
        Line(10, epochs: 4, isPaused: true);
        Line(3600, epochs: 4, isPaused: true);
        Assert.DoesNotContain("left", Line(3601, epochs: 4), StringComparison.Ordinal);
        Assert.EndsWith(", about 10 s left", Line(3606, epochs: 8), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_trials_count_as_trials_without_a_result() =>
        Assert.Contains("1 of 4 trials, 1 without a result", Line(1, epochs: 0, cancelled: 1), StringComparison.Ordinal);

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void Each_trial_in_work_is_one_line_of_the_terminal(int width)
    {
        const string point = "{surrogate.tau: 3.75, surrogate.scale: 1.5, optimizer.learning_rate: 0.001}";
        string yaml = SmallSweep.Yaml.Replace(
            "{arms: [slayer, rouser]}",
            $"{{arms: [slayer, rouser], points: [{point}]}}",
            StringComparison.Ordinal
        );
        SweepFile file = SweepFile.Parse("small.yaml", yaml, []).Value;
        Plan plan = Planner.Create(file.Spec, _ => "d1", _ => "fused/2").Value;
        RunningTrial[] running = [.. plan.Trials.Select((t, i) => new RunningTrial(t.Id, 2, 4, 0.5, i % 2 == 0 ? null : 0.875))];
        Dictionary<TrialState, int> counts = Enum.GetValues<TrialState>().ToDictionary(s => s, _ => 0);
        counts[TrialState.Running] = running.Length;
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(
            new ProgressView(this, plan, TimeProvider.System).Draw(
                new ProgressSnapshot(counts, 3, 16, running),
                TimeSpan.FromSeconds(9),
                width
            )
        );
        string[] lines = [.. text.ToString().Split('\n').Select(l => l.TrimEnd())];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Equal(
            running.Length,
            lines.Count(l => l.Contains("2/4", StringComparison.Ordinal) && l.Contains('━', StringComparison.Ordinal))
        );
        foreach (Cell cell in plan.Cells)
            Assert.Contains(
                lines,
                l => l.Contains(cell.Arm, StringComparison.Ordinal) && l.Contains("2/4", StringComparison.Ordinal)
            );
    }

    private string Line(int seconds, double epochs, bool isPaused = false, int cancelled = 0)
    {
        Dictionary<TrialState, int> counts = Enum.GetValues<TrialState>().ToDictionary(s => s, _ => 0);
        (counts[TrialState.Queued], counts[TrialState.Cancelled]) = (4 - cancelled, cancelled);
        return _view.Line(new ProgressSnapshot(counts, epochs, 16, [], isPaused), TimeSpan.FromSeconds(seconds));
    }
}
