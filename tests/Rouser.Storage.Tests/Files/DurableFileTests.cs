using System.Text;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Tests.Files;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_replaced_whole()
    {
        DurableFile.WriteText(_folder["a"], "a long first text, ü");
        DurableFile.WriteText(_folder["a"], "second");
        Assert.Equal("second", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failure_in_the_middle_leaves_the_old_file_and_nothing_else()
    {
        DurableFile.WriteText(_folder["a"], "old");
        Assert.Throws<InvalidOperationException>(() =>
            DurableFile.Write(
                _folder["a"],
                stream =>
                {
                    stream.Write("half of the ne"u8);
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_written_over()
    {
        File.WriteAllText(_folder["a" + DurableFile.TemporarySuffix], "half of something longer than what follows");
        DurableFile.WriteText(_folder["a"], "new");
        Assert.Equal("new", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Each_refusal_of_the_disk_has_a_line_with_a_remedy()
    {
        Assert.Equal(
            "x: the disk is read-only; make it writable, or choose a folder on another disk",
            Say(new IOException("Read-only file system : '/mnt/x'", 30))
        );
        Assert.Equal(
            "x: you may not do that there; change the permissions, or choose another folder",
            Say(new UnauthorizedAccessException())
        );
        Assert.Contains(
            "the disk refused (Input/output error); check",
            Say(new IOException("Input/output error.")),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', Say(new IOException("two\nlines")));
    }

    [LinuxFact]
    public void A_full_disk_is_told_from_other_failures()
    {
        IOException e = Assert.Throws<IOException>(() =>
        {
            using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            full.Write(Encoding.UTF8.GetBytes("text"));
            full.Flush(flushToDisk: true);
        });
        Assert.Equal("x: the disk is full; free some space and try again", Say(e));
    }

    private static string Say(Exception e)
    {
        Assert.True(DiskProblem.IsOne(e));
        UserError mistake = DiskProblem.ToUserError("x", e);
        return mistake.ToString();
    }
}

/// <summary>A test that needs a device of Linux'.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Skips the test elsewhere.</summary>
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs Linux";
}
