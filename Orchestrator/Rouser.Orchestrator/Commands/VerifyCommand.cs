using System.CommandLine;
using Rouser.Core;
using Rouser.Orchestrator.Exports;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Store;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser verify BUNDLE</c>: whether a bundle is whole, and its trials give the same bytes here.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var bundle = new Argument<string>("BUNDLE")
        {
            Description = "A bundle that 'rouser bundle' made: a zip file or a folder.",
        };
        var sample = new Option<int>("--sample")
        {
            Description = "How many trials are trained again, drawn at random (default: 2).",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        sample.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
                result.AddError("--sample takes a number of trials, 0 or more");
        });
        Option<string?> data = Options.Data();
        Option<int?> threads = Options.Threads();
        var command = new Command(
            "verify",
            "Check every file of a bundle, train some of its trials again, and compare the bytes of all that was measured."
        )
        {
            bundle,
            sample,
            data,
            threads,
        };
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(signals =>
                    ExecuteAsync(
                        parsed.GetRequiredValue(bundle),
                        parsed.GetValue(sample),
                        new StoreVerification(
                            parsed.GetValue(data) is { } folder ? Path.GetFullPath(folder) : null,
                            parsed.GetValue(threads) ?? Environment.ProcessorCount,
                            signals.Stop
                        )
                    )
                )
        );
        return command;
    }

    private static async Task<int> ExecuteAsync(string path, int sample, StoreVerification verification)
    {
        string temporary = Directory.CreateTempSubdirectory("rouser-verify-").FullName;
        try
        {
            Result<string> folder = RunBundle.Open(path, temporary);
            Result<int> files = folder.Then(ResearchCrate.Check);
            if (!files.IsOk)
                return Terminal.WriteError(files.Errors);
            Terminal.Line($"{path}: {DisplayText.Count(files.Value, "file")}, each with the bytes that the bundle says");
            return await TrainAsync(new ResultStore(Path.Combine(folder.Value, RunBundle.ResultsName)), sample, verification)
                .ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static async Task<int> TrainAsync(ResultStore results, int sample, StoreVerification verification)
    {
        IReadOnlyList<FileInfo> all = results.Files(),
            drawn = StoreVerification.Draw(all, sample);
        int unread = 0;
        (int same, int skipped) = await verification
            .TrainAgainAsync(
                drawn.Select(Read).OfType<StoredResult>(),
                (result, why) => Terminal.Line($"{result.Trial.Short}: {why}")
            )
            .ConfigureAwait(false);
        Terminal.Line(
            $"{same} of {DisplayText.Count(drawn.Count, "trial")} trained again to the same bytes; the bundle has {all.Count}"
        );
        return same == drawn.Count ? ExitCode.Ok
            : skipped + unread > 0 ? ExitCode.UserError
            : ExitCode.SomeTrialsFailed;

        StoredResult? Read(FileInfo file)
        {
            if (results.Read(file.FullName) is { } result)
                return result;
            unread++;
            Terminal.Line($"{file.Name[..8]}: not trained again: it is of another version of rouser");
            return null;
        }
    }
}
