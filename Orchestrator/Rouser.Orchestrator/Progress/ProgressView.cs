using System.Globalization;
using Rouser.Cluster;
using Rouser.Coordination;
using Rouser.Reports.Tables;
using Rouser.Reports.Terminal;
using Rouser.Sweeps;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rouser.Orchestrator.Progress;

/// <summary>
/// Shows how far a sweep is until it is cancelled: a table that redraws itself on a terminal, a plain line every few
/// seconds elsewhere.
/// </summary>
/// <param name="take">Takes a look.</param>
/// <param name="cellOf">The cell that a trial is shown by.</param>
internal sealed class ProgressView(Func<Task<ProgressSnapshot>> take, Func<TrialId, Cell> cellOf, TimeProvider time)
{
    /// <summary>The progress of a sweep of this process.</summary>
    public ProgressView(ISweepView sweep, Plan plan, TimeProvider time)
        : this(() => ProgressSnapshot.TakeAsync(sweep), FirstCells(plan), time) { }

    private static Func<TrialId, Cell> FirstCells(Plan plan)
    {
        Dictionary<TrialId, Cell> cells = plan.FirstCells();
        return trial => cells[trial];
    }

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>A cluster has more slots than a terminal has lines.</summary>
    private const int MostRows = 20;

    private readonly RemainingTime _remaining = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Shows the progress of a sweep while it runs.</summary>
    /// <param name="sweep">The sweep; null to show nothing.</param>
    public static async Task<T> ShowWhileAsync<T>(ISweepView? sweep, Plan plan, Func<Task<T>> run)
    {
        if (sweep is null)
            return await run().ConfigureAwait(false);
        using var shown = new CancellationTokenSource();
        var view = new ProgressView(sweep, plan, TimeProvider.System);
        Task show = Terminal.IsLive ? view.RedrawAsync(shown.Token) : view.PrintLinesAsync(shown.Token);
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            await shown.CancelAsync().ConfigureAwait(false);
            try
            {
                await show.ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The terminal has gone, or the disk behind a redirection is full. That nobody was shown the progress
                // takes nothing from the result.
            }
        }
    }

    /// <summary>One line that says how far the sweep is.</summary>
    internal string Line(ProgressSnapshot now, TimeSpan elapsed)
    {
        TimeSpan? left = _remaining.Estimate(elapsed, now);
        string failed = now.Counts.Where(c => c.Key.EndedWithoutResult()).Sum(c => c.Value) is > 0 and int n
            ? $", {n} without a result"
            : "";
        string eta = left switch
        {
            null => now.IsPaused ? ", paused" : "",
            { TotalSeconds: < 1 } => ", nearly done",
            _ => $", about {DisplayText.Duration(left.Value)} left",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DisplayText.Duration(elapsed)}: {now.Ended} of {now.Total} trials{failed}, {now.RunningCount} running, "
                + $"{now.EpochsDone:F1} of {now.EpochsTotal} epochs{eta}"
        );
    }

    private async Task PrintLinesAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LineInterval, time, stop).ConfigureAwait(false);
                Terminal.Line(Line(await take().ConfigureAwait(false), time.GetElapsedTime(_start)));
            }
        }
        catch (OperationCanceledException)
        {
            // The sweep has ended.
        }
    }

    private Task RedrawAsync(CancellationToken stop) =>
        AnsiConsole
            .Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async display =>
            {
                try
                {
                    while (true)
                    {
                        display.UpdateTarget(
                            Draw(await take().ConfigureAwait(false), time.GetElapsedTime(_start), AnsiConsole.Profile.Width)
                        );
                        await Task.Delay(RedrawInterval, time, stop).ConfigureAwait(false);
                    }
                }
                catch (OperationCanceledException)
                {
                    // The sweep has ended.
                }
            });

    /// <summary>The trials in work, in a line each, and how far the sweep is.</summary>
    /// <param name="width">Columns of the terminal. Where they are few, the trial's identity goes first, then the
    /// setting's middle, then the arm's.</param>
    internal Rows Draw(ProgressSnapshot now, TimeSpan elapsed, int width)
    {
        RunningTrial[] shown = [.. now.Running.Take(MostRows)];
        // Seed, epoch, the shortest bar and the accuracy, with a blank beside each.
        int room = width - Numbers;
        int arm = Longest("arm", cell => cell.Arm),
            setting = Longest("setting", SettingOf);
        bool hasId = room >= arm + setting + TrialColumn;
        room -= hasId ? TrialColumn : 0;
        setting = Math.Min(setting, Math.Max(ShortestName, room - arm - 2));
        arm = Math.Min(arm, Math.Max(ShortestName, room - setting - 2));
        Table table = new Table().Border(TableBorder.None);
        if (hasId)
            table.AddColumn(new TableColumn("trial").NoWrap());
        table
            .AddColumn(new TableColumn("arm").NoWrap())
            .AddColumn(new TableColumn("setting").NoWrap())
            .AddColumn(new TableColumn("seed").RightAligned().NoWrap())
            .AddColumn(new TableColumn("epoch").RightAligned().NoWrap())
            .AddColumn("")
            .AddColumn(new TableColumn("test").RightAligned().NoWrap());
        foreach (RunningTrial trial in shown)
        {
            Cell cell = cellOf(trial.Trial);
            IRenderable[] cells =
            [
                new Text(trial.Trial.Short),
                new Text(TextTable.Cut(cell.Arm, arm)),
                new Text(TextTable.Cut(SettingOf(cell), setting)),
                new Text(cell.Seed.ToString(CultureInfo.InvariantCulture)),
                new Text($"{trial.Epoch}/{trial.Epochs}"),
                new ProgressBar(trial.Epoch == 0 ? 0 : (trial.Epoch - 1 + trial.Share) / trial.Epochs),
                new Text(trial.TestAccuracy?.ToString("P1", CultureInfo.InvariantCulture) ?? "-"),
            ];
            table.AddRow(hasId ? cells : cells[1..]);
        }
        int others = now.RunningCount - shown.Length;
        string rest = others > 0 ? $"and {DisplayText.Count(others, "more trial")}" : "";
        return new Rows(table, new Text(rest), new Text(Line(now, elapsed)));

        int Longest(string header, Func<Cell, string> text) =>
            shown.Select(trial => text(cellOf(trial.Trial)).Length).Append(header.Length).Max();
    }

    private static string SettingOf(Cell cell) => cell.Setting.Length == 0 ? "" : SettingLabel.Short(cell.Setting);

    private const int TrialColumn = 10,
        Numbers = 32,
        ShortestName = 7;
}
