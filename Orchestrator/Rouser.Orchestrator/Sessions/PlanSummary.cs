using System.Globalization;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Sweeps;
using Spectre.Console;

namespace Rouser.Orchestrator.Sessions;

/// <summary>What a plan would train, and how long that would take, on the console.</summary>
internal static class PlanSummary
{
    /// <summary>Notes on settings that diverge; of more, the number.</summary>
    private const int MostNotes = 20;

    /// <summary>How long a plan may try its settings for divergence.</summary>
    private static readonly TimeSpan MostTrying = TimeSpan.FromSeconds(10);

    /// <summary>The studies, and which of their cells share trials.</summary>
    public static void ShowStudies(SweepSpec spec, Plan plan)
    {
        var table = new Table()
            .Border(TableBorder.Simple)
            .AddColumn("study")
            .AddColumn("arms")
            .AddColumn(Right("settings"))
            .AddColumn(Right("seeds"))
            .AddColumn(Right("cells"))
            .AddColumn(Right("own trials"))
            .AddColumn(Right("shared"));
        var seen = new HashSet<TrialId>();
        foreach (Study study in spec.Studies)
        {
            Cell[] cells = [.. plan.Cells.Where(c => c.Study == study.Name)];
            int own = cells.Count(c => seen.Add(c.Trial));
            table.AddRow(
                Markup.Escape(study.Name),
                Markup.Escape(string.Join(", ", study.Arms)),
                study.Search is { } search
                    ? $"{Number(search.Count)} of {Number(search.Pool.Count)}"
                    : Number(cells.Select(c => c.Setting).Distinct().Count()),
                study.Budget is { } budget ? $"{Number(budget.From)} to {Number(budget.To)}" : Number(study.Seeds.Count),
                Number(cells.Length),
                Number(own),
                Number(cells.Length - own)
            );
        }
        Terminal.Table(table);
    }

    /// <summary>The data, the trials, and the time they would take.</summary>
    /// <param name="trials">Those of its trials that are to be trained.</param>
    /// <param name="deferred">How many more of them results may ask for.</param>
    /// <param name="data">Finds their data.</param>
    /// <param name="shape">How the cores are shared out.</param>
    public static Result<Plan> ShowWork(
        Plan plan,
        IReadOnlyList<PlannedTrial> trials,
        int deferred,
        DataSource data,
        SlotsAndThreads shape
    )
    {
        foreach (IGrouping<Plugin, PlannedTrial> users in trials.SelectMany(Uses).GroupBy(use => use.Plugin, use => use.Trial))
            Terminal.Line(
                $"plug-in: {users.Key.Identity} {users.Key.Version}, used by {DisplayText.Count(users.Count(), "trial")}"
            );
        TimeSpan total = TimeSpan.Zero;
        long events = 0;
        EarlyDivergence divergence = new(MostTrying);
        foreach (IGrouping<DatasetSettings, PlannedTrial> group in trials.GroupBy(t => t.Settings.Dataset))
        {
            Result<Dataset> loaded = data.Load(group.Key, data.Stop);
            if (!loaded.IsOk)
                return Result<Plan>.Failed(loaded.Errors);
            Dataset set = loaded.Value;
            long perEpoch = set.Train.Sum(s => (long)s.Raster.SpikeCount) + set.Test.Sum(s => (long)s.Raster.SpikeCount);
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"data: {set.Name}{DatasetCatalog.MarkOf(set.Name, set.Synthetic)}, {set.Train.Count:N0} train"
                        + $"{Validation(group.Key)} and {set.Test.Count:N0} test samples, "
                        + $"{perEpoch:N0} events, digest {set.Digest[..12]}"
                )
            );
            foreach (string line in set.Findings?.Lines() ?? [])
                Terminal.Line($"  {line}");
            events += group.Sum(t => perEpoch * t.Settings.Epochs);
            total += TimeEstimate.Of([.. group], set, shape.Threads);
            data.Stop.ThrowIfCancellationRequested();
            divergence.Try([.. group], set, shape.Threads);
            data.Stop.ThrowIfCancellationRequested();
        }
        Show(divergence, plan);
        int endedCount = plan.Trials.Count - deferred - trials.Count;
        string ended = endedCount > 0 ? $", {Number(endedCount)} of them have ended or need no training" : "";
        string optional = deferred > 0 ? $", {Number(deferred)} of them only if results ask for them" : "";
        Terminal.Line(
            $"trials: {DisplayText.Count(plan.Trials.Count, "trial")} for {DisplayText.Count(plan.Cells.Count, "cell")}{ended}{optional}"
        );
        if (trials.Count == 0)
            return plan;
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"events read: {events:N0}"));
        Terminal.Line(
            $"estimated time: {DisplayText.Duration(total / shape.Slots)} with {shape} (timed on this machine with a few batches, untrained)"
        );
        return plan;
    }

    private static string Validation(DatasetSettings settings) =>
        settings.Validation is { } rule ? $" (of them {rule.Text} for validation)" : "";

    private static void Show(EarlyDivergence divergence, Plan plan)
    {
        foreach ((PlannedTrial trial, string how) in divergence.Found.Take(MostNotes))
        {
            Cell cell = plan.Cells.First(c => c.Trial == trial.Id);
            string setting = cell.Setting.Length > 0 ? $", {cell.Setting}" : "";
            Terminal.Line(
                $"note: trial {trial.Id.Short} ({cell.Arm}{setting}) leaves the finite numbers in its first batches ({how}); it would fail"
            );
        }
        if (divergence.Found.Count > MostNotes)
            Terminal.Line($"note: and so do {DisplayText.Count(divergence.Found.Count - MostNotes, "more setting")}");
        if (divergence.NotTriedCount > 0)
            Terminal.Line(
                $"note: {DisplayText.Count(divergence.NotTriedCount, "setting")} of lower learning rates not tried for divergence, which may take "
                    + $"{MostTrying.TotalSeconds:F0} s"
            );
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<(Plugin Plugin, PlannedTrial Trial)> Uses(PlannedTrial trial) =>
        TrialEngine.UsedBy(trial.Parameters).Select(plugin => (plugin, trial));
}
