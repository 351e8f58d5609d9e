using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Files;
using Rouser.Storage.Store;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser store list|prune|verify</c>: the results that runs share.</summary>
internal static class StoreCommand
{
    public static Command Build() =>
        new("store", "The results store: results of completed trials, which all runs of a user share.")
        {
            BuildList(),
            BuildPrune(),
            BuildVerify(),
        };

    private static Command BuildList()
    {
        Option<string?> store = Options.Store();
        var command = new Command("list", "List the results in the store, the one first that was used last.") { store };
        command.SetAction(parsed => WithStore(parsed.GetValue(store), List));
        return command;
    }

    private static Command BuildPrune()
    {
        Option<string?> store = Options.Store();
        var limit = new Option<string?>("--limit")
        {
            Description =
                "How large the store may be from now on, such as 20GB. It is kept with the store (default: 10 GiB, or "
                + "the limit that the store has).",
            HelpName = "SIZE",
        };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && ByteSize.Read(text) is null)
                result.AddError($"--limit takes a size such as 20GB or 500MB, not '{text}'");
        });
        var command = new Command(
            "prune",
            "Drop damaged results, results of other versions, and those used least recently until the store is within its limit."
        )
        {
            limit,
            store,
        };
        command.SetAction(parsed =>
            WithStore(
                parsed.GetValue(store),
                found => Prune(found, parsed.GetValue(limit) is { } size ? ByteSize.Read(size) : null)
            )
        );
        return command;
    }

    private static Command BuildVerify()
    {
        var share = new Option<double>("--share")
        {
            Description = "The share of the results that is trained again, from 0 to 1; at least one result, unless it is 0.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.05,
        };
        share.Validators.Add(result =>
        {
            // Asked for its value, what is no number would throw.
            if (
                result.Tokens is [{ Value: var text }]
                && !(
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    && number is >= 0 and <= 1
                )
            )
                result.AddError($"--share takes a number from 0 to 1, not '{text}'");
        });
        Option<string?> data = Options.Data();
        Option<int?> threads = Options.Threads();
        Option<string?> store = Options.Store();
        var command = new Command(
            "verify",
            "Check every result in the store, train a random share of them again, and compare the bytes. What is damaged or "
                + "differs is dropped."
        )
        {
            share,
            data,
            threads,
            store,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                {
                    Result<ResultStore> found = Find(parsed.GetValue(store));
                    return found.IsOk
                        ? VerifyAsync(
                            found.Value,
                            parsed.GetValue(share),
                            new StoreVerification(
                                parsed.GetValue(data) is { } folder ? Path.GetFullPath(folder) : null,
                                parsed.GetValue(threads) ?? Environment.ProcessorCount,
                                signals.Stop
                            )
                        )
                        : Task.FromResult(Terminal.WriteError(found.Errors));
                })
        );
        return command;
    }

    private static UserError NoStore =>
        new("--store", $"is none, or {ResultStore.Variable} is; name the folder of a results store");

    // A run makes the store that it is given. Whoever looks at one that is not there has mistyped its name.
    private static Result<ResultStore> Find(string? chosen) =>
        ResultStore.OfUser(chosen, Terminal.Notice) is not { } store ? NoStore
        : !string.IsNullOrEmpty(chosen) && !Directory.Exists(store.Folder)
            ? new UserError(chosen, "there is no such folder; name the folder of a results store")
        : store;

    private static int WithStore(string? chosen, Func<ResultStore, int> action)
    {
        Result<ResultStore> found = Find(chosen);
        if (!found.IsOk)
            return Terminal.WriteError(found.Errors);
        ResultStore store = found.Value;
        try
        {
            return action(store);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return Terminal.WriteError([DiskProblem.ToUserError(store.Folder, e)]);
        }
    }

    private static int List(ResultStore store)
    {
        (int results, long bytes) = (0, 0);
        foreach (FileInfo file in store.Files().Reverse())
        {
            StoredResult? result = store.Read(file.FullName);
            // What is damaged was dropped, with a word.
            if (result is null && !File.Exists(file.FullName))
                continue;
            (results, bytes) = (results + 1, bytes + file.Length);
            string used = file.LastWriteTimeUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            Terminal.Line(
                result is null
                    ? $"{file.Name[..8]}  {ByteSize.Text(file.Length), 8}  {used}  of another version"
                    : $"{file.Name[..8]}  {ByteSize.Text(file.Length), 8}  {used}  {Describe(result)}, from {result.Origin.Run}"
            );
        }
        Terminal.Line(
            $"{DisplayText.Count(results, "result")}, {ByteSize.Text(bytes)} of {ByteSize.Text(store.Limit)}, in {store.Folder}"
        );
        return ExitCode.Ok;
    }

    private static string Describe(StoredResult result)
    {
        try
        {
            PlannedTrial trial = result.ReadTrial();
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{trial.Settings.Dataset.Name}, {trial.Settings.Epochs} epochs, seed {trial.Seed}, {trial.Engine}"
            );
        }
        catch (Exception e) when (e is PluginMissingException or JsonException or InvalidDataException)
        {
            return OneLine.Of(e.Message);
        }
    }

    private static int Prune(ResultStore store, long? limit)
    {
        if (limit is { } wanted)
            store.Limit = wanted;
        long before = store.Files().Sum(file => file.Length);
        // Reading drops what is damaged, and says so.
        foreach (FileInfo file in store.Files())
        {
            if (store.Read(file.FullName) is null)
                File.Delete(file.FullName);
        }
        store.Prune(store.Limit);
        IReadOnlyList<FileInfo> left = store.Files();
        long after = left.Sum(file => file.Length);
        Terminal.Line(
            $"freed {ByteSize.Text(before - after)}; {DisplayText.Count(left.Count, "result")} left, {ByteSize.Text(after)} of "
                + $"{ByteSize.Text(store.Limit)}, in {store.Folder}"
        );
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(ResultStore store, double share, StoreVerification verification)
    {
        IReadOnlyList<FileInfo> all = store.Files();
        List<FileInfo> whole = [];
        int dropped = 0;
        foreach (FileInfo file in all)
        {
            if (store.Read(file.FullName) is not null)
                whole.Add(file);
            else if (!File.Exists(file.FullName))
                dropped++;
        }
        (int same, int skipped) = await verification
            .TrainAgainAsync(
                StoreVerification
                    .Draw(whole, (int)Math.Ceiling(share * whole.Count))
                    .Select(file => store.Read(file.FullName))
                    .OfType<StoredResult>(),
                (result, why) =>
                {
                    dropped++;
                    store.Drop(result.Trial, result.Machine, why);
                }
            )
            .ConfigureAwait(false);
        Terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{DisplayText.Count(all.Count, "result")} checked; {same:N0} trained again to the same bytes, {skipped:N0} that cannot be "
                    + $"trained here, {dropped:N0} dropped"
            )
        );
        return dropped == 0 ? ExitCode.Ok : ExitCode.SomeTrialsFailed;
    }
}
