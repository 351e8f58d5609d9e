using System.CommandLine;
using System.Security.Cryptography;
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
        FileInfo[] drawn = [.. results.Files()];
        int all = drawn.Length;
        RandomNumberGenerator.Shuffle<FileInfo>(drawn);
        drawn = drawn[..Math.Min(sample, all)];
        (int same, bool cannot) = (0, false);
        foreach (FileInfo file in drawn)
        {
            if (results.Read(file.FullName) is not { } result)
            {
                Terminal.Line($"{file.Name[..8]}: not trained again: it is of another version of rouser");
                cannot = true;
                continue;
            }
            Result<string?> difference = await verification.TrainAgainAsync(result).ConfigureAwait(false);
            if (!difference.IsOk)
            {
                cannot = true;
                Terminal.Line($"{result.Trial.Short}: not trained again: {difference.Errors[0]}");
            }
            else if (difference.Value is { } what)
            {
                Terminal.Line($"{result.Trial.Short}: trained again, it gave {what}");
            }
            else
            {
                same++;
                Terminal.Line($"{result.Trial.Short}: trained again, the same bytes");
            }
        }
        Terminal.Line(
            $"{same} of {DisplayText.Count(drawn.Length, "trial")} trained again to the same bytes; the bundle has {all}"
        );
        return same == drawn.Length ? ExitCode.Ok
            : cannot ? ExitCode.UserError
            : ExitCode.SomeTrialsFailed;
    }
}
