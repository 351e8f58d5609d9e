using System.Diagnostics;
using System.Text.RegularExpressions;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// The scripts of <see cref="SharedCases"/>, run as they stand with <c>rouser</c> on the path, and what a person then
/// reads. Only where a script waits by the clock, it waits for what it means here.
/// </summary>
public class SharedCaseScriptTests
{
    private const string BothClasses = "classes (train + test): a 4 + 2, b 4 + 2";

    /// <summary>
    /// Of each case, the exit codes that its script prints, in their order, and words of what is said. A case that is
    /// not here fails.
    /// </summary>
    private static readonly Dictionary<string, (string Codes, string[] Says)> Expected = new()
    {
        ["add-a-seed"] = (
            "2",
            [
                "run: the run has another plan than this sweep: 4 trials kept, 2 new, 0 dropped (seed 0, 1, 2 instead of 0, 1)",
                "--yes has the run go on with it",
                "--out NEW",
            ]
        ),
        ["csv-bracket-units"] = ("0", [BothClasses]),
        ["csv-empty-field"] = ("0", [BothClasses]),
        ["csv-five-columns"] = ("2", ["0.csv:1: holds 5 columns without names", "dataset.columns"]),
        ["csv-pandas-index"] = ("0", [BothClasses]),
        ["csv-quoted-values"] = ("0", [BothClasses]),
        ["csv-seconds"] = ("0", ["warning: times are read in s, as their column's name says", BothClasses]),
        ["dvs128-train-test-overlap"] = ("2", ["names user01_led.aedat, which trials_to_train.txt names too"]),
        ["events-macosx-class"] = ("0", [BothClasses]),
        ["few-open-files"] = ("2", ["the limit of open files is 128"]),
        ["label-csv-bom"] = ("0", ["data: dvs128, 11 train and 11 test samples"]),
        ["nmnist-empty-class"] = ("0", ["warning: no training sample of class 7: it cannot be learned"]),
        ["nmnist-uppercase-extension"] = ("0", ["per class 2 2 2 2 2 2 2 2 2 2"]),
        ["npz-absolute-time"] = ("2", ["dataset.start: first_event"]),
        ["plan-diverges-lr"] = ("0", ["leaves the finite numbers in its first batches", "estimated time"]),
        // Who is late loses; who is so late that the other has ended finds the sweep trained.
        ["race-new-folder"] = ("0 0|0 2|2 0", []),
        ["signal-data-preparation"] = ("4", ["go on with: rouser"]),
        ["signal-long-batch-run"] = ("4", ["stopped and saved; go on with: rouser resume run", "ended: "]),
        ["stdout-closed"] = ("0", []),
    };

    public static TheoryData<string> Cases => [.. Expected.Keys];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task A_case_says_what_is_right(string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the cases are scripts for Linux");
        string source = SharedCases.Folder(name);
        using var folder = new TemporaryFolder();
        Copy(source, folder.Path);
        string script = folder.Write("cmd.sh", Conditions(File.ReadAllText(Path.Combine(source, "cmd.sh"))));
        string program = Path.Combine(AppContext.BaseDirectory, "rouser.dll");
        Directory.CreateDirectory(folder["bin"]);
        string link = folder.Write(Path.Combine("bin", "rouser"), $"#!/bin/sh\nexec dotnet exec '{program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(link, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("/bin/sh", ["cmd.sh"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["ROUSER_CACHE"] = folder["cache"];
        using Process process = Process.Start(start)!;
        Finished done = await RouserProcess.WaitAsync(process);

        string said = done.Output + done.Errors;
        (string codes, string[] words) = Expected[name];
        string found = string.Join(
            ' ',
            Regex.Matches(said, @"^exit code (\d+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value)
        );
        Assert.True(codes.Split('|').Contains(found), $"exit codes {found}, expected {codes}:\n{said}");
        foreach (string word in words)
            Assert.Contains(word, said, StringComparison.Ordinal);
        foreach (string never in (string[])["Exception", "internal error", "the disk refused", "is denied", "delete this"])
            Assert.DoesNotContain(never, said, StringComparison.Ordinal);
        if (found.Contains('2', StringComparison.Ordinal) && name == "race-new-folder")
            Assert.Matches(@"rouser: run: another rouser \(pid \d+\) is running this sweep", said);
    }

    /// <summary>Guards against a new case that nothing runs.</summary>
    [SkippableFact]
    public void Every_case_that_is_there_is_run()
    {
        Skip.If(SharedCases.Names.Count == 0, "../shared/cases (beside the repository) is missing");
        Assert.Empty(SharedCases.Names.Except(Expected.Keys));
    }

    /// <summary>Waits for what the script's author waited for, on a machine of any speed.</summary>
    private static string Conditions(string script) =>
        script
            .Replace("sleep 40", "until grep -qs assigned run/rouser.log; do sleep 0.1; done", StringComparison.Ordinal)
            // The last digit of the caught signals is odd once SIGHUP is caught, and the others with it.
            .Replace(
                "sleep 2\n",
                "until grep -qs 'SigCgt:.*[13579bdf]$' /proc/$p/status; do sleep 0.1; done\n",
                StringComparison.Ordinal
            );

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
