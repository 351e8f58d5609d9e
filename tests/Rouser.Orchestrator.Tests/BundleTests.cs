using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Rouser.Orchestrator.Tests;

/// <summary>A run in one file, for others to read and to train again.</summary>
public sealed class BundleTests
{
    [SkippableFact]
    public async Task A_bundle_is_the_same_bytes_again_names_nothing_of_the_machine_and_proves_right_anywhere()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder);
        string bundle = folder["tiny.zip"];
        // By its whole path, which must not get into the bundle.
        Finished first = await RouserProcess.RunAsync(folder.Path, "bundle", folder["tiny"], "--license", "CC0-1.0"),
            second = await RouserProcess.RunAsync(folder.Path, "bundle", "tiny", "--license", "CC0-1.0", "--out", "again.zip");
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(bundle), await File.ReadAllBytesAsync(folder["again.zip"]));

        string unpacked = folder["unpacked"];
        await ZipFile.ExtractToDirectoryAsync(bundle, unpacked);
        foreach (string file in Directory.GetFiles(unpacked, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(
                folder.Path,
                Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)),
                StringComparison.Ordinal
            );

        // With another width of vectors, which the processor may have.
        Finished verified = await VerifyAsync(folder, "tiny.zip", ("DOTNET_EnableAVX2", "0"));
        Assert.True(verified.ExitCode == 0, verified.Errors);
        Assert.Contains(
            "2 of 2 trials trained again to the same bytes; the bundle has 2",
            verified.Output,
            StringComparison.Ordinal
        );

        // What the crate says of its files, by another program.
        JsonArray entities = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(unpacked, "ro-crate-metadata.json")))![
            "@graph"
        ]!.AsArray();
        string sums = string.Concat(
            entities.Where(e => (string?)e!["@type"] == "File").Select(e => $"{(string?)e!["sha256"]}  {(string?)e["@id"]}\n")
        );
        await File.WriteAllTextAsync(Path.Combine(unpacked, "sums"), sums);
        Skip.If(OperatingSystem.IsWindows(), "Windows has no sha256sum");
        using Process check = Process.Start(
            new ProcessStartInfo("sha256sum", ["--check", "--strict", "--quiet", "sums"]) { WorkingDirectory = unpacked }
        )!;
        await check.WaitForExitAsync();
        Assert.Equal(0, check.ExitCode);
        Assert.Equal("CC0-1.0", (string?)entities.Single(e => (string?)e!["@id"] == "./")!["license"]);
    }

    [Fact]
    public async Task Files_that_are_changed_missing_or_added_are_each_named()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder);
        Finished made = await RouserProcess.RunAsync(folder.Path, "bundle", "tiny", "--out", "crate");
        Assert.True(made.ExitCode == 0, made.Errors);
        await File.AppendAllTextAsync(folder["crate", "sweep.yaml"], "\n");
        File.Delete(folder["crate", "plan.json"]);
        await File.WriteAllTextAsync(folder["crate", "more.txt"], "");

        Finished refused = await VerifyAsync(folder, "crate");
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(
            [
                "rouser: plan.json: is missing from the bundle",
                "rouser: sweep.yaml: has other bytes than the bundle says",
                "rouser: more.txt: is not named by the bundle",
            ],
            refused.ErrorLines
        );

        foreach (string none in (string[])["tiny", "tiny.yaml", "nowhere"])
        {
            Finished done = await VerifyAsync(folder, none);
            Assert.Equal(2, done.ExitCode);
            Assert.StartsWith($"rouser: {none}: ", Assert.Single(done.ErrorLines), StringComparison.Ordinal);
        }
    }

    private static async Task RunAsync(TemporaryFolder folder)
    {
        folder.Write(
            "tiny.yaml",
            """
            schema: rouser/sweep/v1
            name: tiny
            base:
              dataset: {name: saccade-digits, train_samples: 20, test_samples: 10, steps: 30}
              network.hidden: [8]
              epochs: 2
            seeds: [0, 1]
            """
        );
        Finished run = await RouserProcess.RunAsync(folder.Path, "run", "tiny.yaml", "--out", "tiny", "--quiet");
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private static async Task<Finished> VerifyAsync(TemporaryFolder folder, string bundle, params (string, string)[] environment)
    {
        using Process process = RouserProcess.Start(
            folder.Path,
            ["verify", bundle],
            environment.ToDictionary(pair => pair.Item1, pair => pair.Item2)
        );
        return await RouserProcess.WaitAsync(process);
    }
}
