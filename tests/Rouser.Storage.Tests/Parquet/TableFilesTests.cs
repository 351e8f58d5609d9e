using System.Diagnostics;
using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Files;
using Rouser.Storage.Parquet;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

public sealed class TableFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_come_back_and_replace_each_other()
    {
        string metrics = _folder.File("run", "metrics");
        foreach (ResultTables tables in (ResultTables[])[Tables(seed: 1, rows: 30), Tables(seed: 2, rows: 10)])
        {
            TableFiles.Write(metrics, tables);
            ResultTables read = TableFiles.Read(metrics).Value;
            AssertSame(tables.Trials, read.Trials);
            AssertSame(tables.Epochs, read.Epochs);
            AssertSame(tables.Layers, read.Layers);
            Assert.Equal(("trials", "epochs", "layers"), (read.Trials.Name, read.Epochs.Name, read.Layers.Name));
        }
        Assert.Equal(["SHA256SUMS", "epochs.parquet", "layers.parquet", "trials.parquet"], Names(metrics));
    }

    [SkippableFact]
    public void Sha256sum_checks_the_digests()
    {
        Skip.IfNot(File.Exists("/usr/bin/sha256sum"), "sha256sum is missing; it is part of GNU coreutils");
        TableFiles.Write(_folder.File(), Tables(seed: 1, rows: 30));
        Assert.Equal("trials.parquet: OK", Sha256Sum().Order(StringComparer.Ordinal).Last());
        File.AppendAllText(_folder.File("layers.parquet"), "x");
        Assert.Contains("layers.parquet: FAILED", Sha256Sum());
    }

    [Fact]
    public void Tables_without_digests_or_with_those_of_others_are_not_read()
    {
        string metrics = _folder.File("metrics"),
            sums = _folder.File("metrics", TableDigests.FileName);
        TableFiles.Write(metrics, Tables(seed: 1, rows: 3));
        string[] lines = File.ReadAllLines(sums);
        File.WriteAllLines(sums, lines[..2]);
        UserError mistake = Assert.Single(TableFiles.Read(metrics).Errors);
        Assert.Equal(_folder.File("metrics", "trials.parquet"), mistake.Location);
        Assert.Contains("does not name it", mistake.Message, StringComparison.Ordinal);

        File.WriteAllLines(
            sums,
            [
                lines[0],
                lines[1],
                lines[2].ToUpperInvariant().Replace("TRIALS.PARQUET", "trials.parquet", StringComparison.Ordinal),
            ]
        );
        Assert.True(TableFiles.Read(metrics).IsOk);
        File.WriteAllLines(sums, [.. lines, "0123  trials.parquet"]);
        Assert.Equal($"{sums}:4", Assert.Single(TableFiles.Read(metrics).Errors).Location);
        File.Delete(sums);
        Assert.Equal(sums, Assert.Single(TableFiles.Read(metrics).Errors).Location);
        Assert.True(
            TableFiles
                .Read(
                    metrics,
                    new TableDigests(
                        new Dictionary<string, string>(lines.Select(line => KeyValuePair.Create(line[66..], line[..64])))
                    )
                )
                .IsOk
        );
    }

    // It deleted what a run was writing when someone asked for a report at that moment, and the run then failed.
    [Fact]
    public void What_another_process_is_writing_is_left_to_it()
    {
        string metrics = _folder.File("run", "metrics");
        TableFiles.Write(metrics, Tables(seed: 1, rows: 3));
        string theirs = Path.Combine(metrics, "trials.parquet" + DurableFile.TemporarySuffix);
        using FileStream writing = new(theirs, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.ThrowsAny<IOException>(() => TableFiles.Write(metrics, Tables(seed: 2, rows: 3)));
        Assert.True(File.Exists(theirs));
    }

    [Fact]
    public void Every_missing_table_is_a_mistake_with_its_path()
    {
        string metrics = _folder.File("nowhere");
        Assert.Equal(
            [
                Path.Combine(metrics, "trials.parquet"),
                Path.Combine(metrics, "epochs.parquet"),
                Path.Combine(metrics, "layers.parquet"),
            ],
            TableFiles.Read(metrics, new TableDigests(new Dictionary<string, string>())).Errors.Select(m => m.Location)
        );
    }

    // Nothing of a damaged table reaches the Parquet reader, which damage can keep busy for ever.
    [Fact]
    public void Every_flipped_bit_and_every_missing_byte_is_a_mistake_with_the_tables_path()
    {
        string metrics = _folder.File("metrics"),
            epochs = _folder.File("metrics", "epochs.parquet");
        TableFiles.Write(metrics, Tables(seed: 1, rows: 30));
        byte[] whole = File.ReadAllBytes(epochs);
        for (int at = 0; at < whole.Length; at += 97)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 0x10;
            foreach (byte[] damaged in (byte[][])[flipped, whole[..at]])
            {
                File.WriteAllBytes(epochs, damaged);
                UserError mistake = Assert.Single(TableFiles.Read(metrics).Errors);
                Assert.Equal(epochs, mistake.Location);
                Assert.Contains("SHA-256", mistake.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_folder_where_a_table_should_be_is_a_mistake()
    {
        string metrics = _folder.File("metrics");
        TableFiles.Write(metrics, Tables(seed: 1, rows: 3));
        File.Delete(Path.Combine(metrics, "layers.parquet"));
        Directory.CreateDirectory(Path.Combine(metrics, "layers.parquet"));
        Assert.Equal(Path.Combine(metrics, "layers.parquet"), Assert.Single(TableFiles.Read(metrics).Errors).Location);
    }

    [Fact]
    public void A_failure_halfway_leaves_whole_tables_and_no_digests()
    {
        string metrics = _folder.File("metrics");
        ResultTables old = Tables(seed: 1, rows: 30),
            half = Tables(seed: 2, rows: 30);
        TableFiles.Write(metrics, old);
        Assert.Throws<ArgumentException>(() =>
            TableFiles.Write(metrics, half with { Epochs = Of(new Column<string>("text", ["🧠"])) with { Name = "epochs" } })
        );
        Assert.Equal(["epochs.parquet", "layers.parquet", "trials.parquet"], Names(metrics));
        using FileStream trials = File.OpenRead(_folder.File("metrics", "trials.parquet")),
            epochs = File.OpenRead(_folder.File("metrics", "epochs.parquet"));
        AssertSame(half.Trials, ParquetTableReader.Read(trials, "trials").Value);
        AssertSame(old.Epochs, ParquetTableReader.Read(epochs, "epochs").Value);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_io_exception()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.ThrowsAny<IOException>(() => TableFiles.Write(_folder.File("file", "metrics"), Tables(seed: 1, rows: 1)));
        Assert.Equal(["file"], Names(_folder.File()));
    }

    [Fact]
    public void A_table_that_cannot_be_replaced_is_an_exception_and_leaves_no_temporary_file()
    {
        string metrics = _folder.File("metrics");
        Directory.CreateDirectory(Path.Combine(metrics, "trials.parquet", "full"));
        Exception failure = Record.Exception(() => TableFiles.Write(metrics, Tables(seed: 1, rows: 1)))!;
        Assert.True(failure is IOException or UnauthorizedAccessException, failure.ToString());
        Assert.Equal(["trials.parquet"], Names(metrics));
    }

    private static ResultTables Tables(int seed, int rows) =>
        new(Named("trials", seed, rows), Named("epochs", seed + 1, rows * 3), Named("layers", seed + 2, rows * 5));

    private static Table Named(string name, int seed, int rows) => Writable(TestTables.Random(seed, rows)) with { Name = name };

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string[] Sha256Sum()
    {
        ProcessStartInfo start = new("/usr/bin/sha256sum", ["-c", TableDigests.FileName])
        {
            WorkingDirectory = _folder.File(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
