using System.Diagnostics;

namespace Rouser.Orchestrator.Tests;

/// <summary>
/// A disk that fills up during a run stops it with one line; with room again it goes on and ends as if nothing had
/// been.
/// </summary>
public class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_stops_the_run_and_resume_goes_on()
    {
        using var folder = new TemporaryFolder();
        string spec = folder.Write("small.yaml", SmallSweep.Yaml);
        Directory.CreateDirectory(folder["disk"]);
        Assert.Equal(0, (await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", "undisturbed", "--quiet")).ExitCode);

        using var disk = new SmallDisk(folder["disk"], kilobytes: 1200);
        Finished full = await RouserProcess.RunAsync(folder.Path, "run", spec, "--out", "disk/run", "--quiet");
        Assert.True(full.ExitCode == 2, $"exit code {full.ExitCode}: {full.Output}{full.Errors}");
        Assert.StartsWith("rouser: ", Assert.Single(full.ErrorLines), StringComparison.Ordinal);

        disk.Grow(kilobytes: 100_000);
        Finished resumed = await RouserProcess.RunAsync(
            folder.Path,
            Directory.Exists(folder["disk", "run"])
                ? ["resume", "disk/run", "--quiet"]
                : ["run", spec, "--out", "disk/run", "--quiet"]
        );
        Assert.True(resumed.ExitCode == 0, resumed.Errors);
        Assert.Equal(RunTables.Results(folder["undisturbed"]), RunTables.Results(folder["disk", "run"]));
    }
}

/// <summary>A file system of a given size, held in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    public SmallDisk(string path, int kilobytes)
    {
        _path = path;
        Assert.True(Call("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path), "The disk could not be mounted.");
    }

    public static bool IsPossible { get; } = Probe();

    public void Grow(int kilobytes) => Assert.True(Call("mount", "-o", $"remount,size={kilobytes}k", _path));

    public void Dispose() => Call("umount", "-l", _path);

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return false;
        string path = Directory.CreateTempSubdirectory("rouser-disk-").FullName;
        bool mounted = Call("mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", path);
        if (mounted)
            Call("umount", path);
        Directory.Delete(path);
        return mounted;
    }

    private static bool Call(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program) { RedirectStandardError = true };
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that mounts a small disk; skipped, with a line that says so, where that is not possible.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.IsPossible ? null : "mounting a small disk needs Linux and root";
}
