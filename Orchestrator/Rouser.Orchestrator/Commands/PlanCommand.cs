using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Sweeps;
using Rouser.Orchestrator.Sessions;
using Spectre.Console;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser plan SPEC</c>: what would be trained, and how long it would take.</summary>
internal static class PlanCommand
{
    public static Command Build()
    {
        Argument<string> spec = Options.Spec();
        Option<string[]> set = Options.Set();
        Option<string?> data = Options.Data();
        Option<bool> json = Options.Json();
        Option<int?> slots = Options.Slots();
        var command = new Command("plan", "Shows what a sweep would train; trains nothing.") { spec, set, data, slots, json };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(spec), parsed.GetValue(set) ?? [], parsed.GetValue(data), parsed.GetValue(slots), parsed.GetValue(json)));
        return command;
    }

    private static int Execute(string path, string[] overrides, string? dataFolder, int? slots, bool json)
    {
        Result<SweepFile> file = SyntheticData.Read(path, overrides, ref dataFolder);
        var data = new DataSource(Environment.CurrentDirectory, dataFolder is null ? null : Path.GetFullPath(dataFolder));
        Result<Plan> planned = file.Then(f => f.Plan(data));
        if (!planned.IsOk) return Terminal.Complain(planned.Mistakes);
        Plan plan = planned.Value;
        if (json)
        {
            Terminal.Line(PlanJson.Write(plan));
            return ExitCode.Ok;
        }
        return Show(file.Value.Spec, plan, data, SlotsAndThreads.Choose(slots, null, plan.Trials.Count));
    }

    private static int Show(SweepSpec spec, Plan plan, DataSource data, SlotsAndThreads shape)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("study").AddColumn("arms").AddColumn(Right("settings")).AddColumn(Right("seeds")).AddColumn(Right("cells")).AddColumn(Right("own trials")).AddColumn(Right("shared"));
        var seen = new HashSet<TrialId>();
        foreach (Study study in spec.Studies)
        {
            Cell[] cells = [.. plan.Cells.Where(c => c.Study == study.Name)];
            int own = cells.Count(c => seen.Add(c.Trial));
            table.AddRow(
                Markup.Escape(study.Name),
                Markup.Escape(string.Join(", ", study.Arms)),
                Number(cells.Select(c => c.Setting).Distinct().Count()),
                Number(study.Seeds.Count),
                Number(cells.Length),
                Number(own),
                Number(cells.Length - own));
        }
        Terminal.Table(table);

        TimeSpan total = TimeSpan.Zero;
        long events = 0;
        foreach (IGrouping<DatasetSettings, PlannedTrial> group in plan.Trials.GroupBy(t => t.Settings.Dataset))
        {
            Result<Dataset> loaded = data.Load(group.Key, CancellationToken.None);
            if (!loaded.IsOk) return Terminal.Complain(loaded.Mistakes);
            Dataset set = loaded.Value;
            long perEpoch = set.Train.Sum(s => (long)s.Raster.SpikeCount) + set.Test.Sum(s => (long)s.Raster.SpikeCount);
            Terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"data: {set.Name}{(set.Synthetic ? " (synthetic)" : "")}, {set.Train.Count:N0} train and {set.Test.Count:N0} test samples, {perEpoch:N0} events, digest {set.Digest[..12]}"));
            events += group.Sum(t => perEpoch * t.Settings.Epochs);
            total += TimeEstimate.Of([.. group], set, shape.Threads);
        }
        Terminal.Line($"trials: {Words.Count(plan.Trials.Count, "trial")} for {Words.Count(plan.Cells.Count, "cell")}");
        Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"events read: {events:N0}"));
        Terminal.Line($"estimated time: {Words.Duration(total / shape.Slots)} with {shape} (timed on this machine with a few batches, untrained)");
        return ExitCode.Ok;
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
