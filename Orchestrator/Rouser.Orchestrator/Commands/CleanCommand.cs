using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Files;
using Rouser.Storage.Store;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser clean</c>: what Rouser keeps on the disk, and room made of it.</summary>
internal static class CleanCommand
{
    private const string Runs = "runs";

    public static Command Build()
    {
        var what = new Argument<string[]>("WHAT")
        {
            Description = "What to free: caches, store, models or runs; several at once. Without it, nothing is deleted.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        what.AcceptOnlyFromAmong([.. DiskUse.Names]);
        var runs = new Option<string>("--runs")
        {
            Description = "The folder that holds the run folders.",
            HelpName = "DIR",
            DefaultValueFactory = _ => Runs,
        };
        Option<string?> store = Options.Store();
        Option<bool> yes = Options.Yes();
        yes.Description = "Delete without being asked.";
        var command = new Command(
            "clean",
            "Show what runs, caches, models and the results store take on the disk, and free what is named."
        )
        {
            what,
            runs,
            store,
            yes,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    Task.FromResult(
                        Execute(
                            parsed.GetValue(what) ?? [],
                            parsed.GetRequiredValue(runs),
                            ResultStore.OfUser(parsed.GetValue(store), Terminal.Notice),
                            parsed.GetValue(yes),
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static int Execute(string[] what, string runs, ResultStore? store, bool yes, CancellationToken stop)
    {
        // Who has never run a sweep has no such folder, and who names one has.
        if (runs != Runs && !Directory.Exists(runs))
            return Terminal.WriteError([new UserError(runs, "there is no such folder; name the one that holds the run folders")]);
        try
        {
            IReadOnlyList<DiskUse> all = DiskUse.Measure(runs, store);
            if (what.Length == 0)
                return Show(all);
            // Models go with their runs.
            DiskUse[] wanted =
            [
                .. all.Where(use => what.Contains(use.Name) && !(use.Name == DiskUse.Models && what.Contains(DiskUse.Runs))),
            ];
            return wanted.All(use => use.Items.Count == 0) ? NothingToFree()
                : yes || Terminal.CanAsk ? Free(wanted, yes, stop)
                : Terminal.WriteError([
                    new UserError(
                        "clean",
                        $"deletes {ByteSize.Text(wanted.Sum(use => use.Bytes))} only if you say so; give --yes"
                    ),
                ]);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return Terminal.WriteError([DiskProblem.ToUserError(runs, e)]);
        }
    }

    private static int Show(IReadOnlyList<DiskUse> all)
    {
        foreach (DiskUse use in all)
        {
            Terminal.Line($"{use.Name, -7} {ByteSize.Text(use.Bytes), 8}");
            foreach (DiskItem item in use.Items)
                Terminal.Line($"        {ByteSize.Text(item.Bytes), 8}  {item.Place}");
        }
        Terminal.Line("models are part of their runs; name what is to be freed: caches, store, models, runs");
        return ExitCode.Ok;
    }

    private static int NothingToFree()
    {
        Terminal.Line("nothing to free");
        return ExitCode.Ok;
    }

    private static int Free(DiskUse[] wanted, bool yes, CancellationToken stop)
    {
        foreach (DiskUse use in wanted.Where(use => use.Items.Count > 0))
        {
            Terminal.Line($"{use.Name}, {ByteSize.Text(use.Bytes)}: {use.Loss}");
            foreach (DiskItem item in use.Items)
                Terminal.Line($"  {ByteSize.Text(item.Bytes), 8}  {item.Place}");
        }
        if (!yes && !Terminal.Confirms("Delete all of this?", stop))
        {
            Terminal.Line("nothing was deleted");
            return ExitCode.Ok;
        }
        long freed = 0;
        int code = ExitCode.Ok;
        foreach (DiskItem item in wanted.SelectMany(use => use.Items))
        {
            if (item.Free() is { } kept)
                code = Terminal.WriteError([kept]);
            else
                freed += item.Bytes;
        }
        Terminal.Line($"freed {ByteSize.Text(freed)}");
        return code;
    }
}
