using Rouser.Core;
using Rouser.Core.Metrics;
using Rouser.Storage.Files;
using Rouser.Storage.Parquet;
using static Rouser.Storage.Tests.Parquet.TestTables;

namespace Rouser.Storage.Tests.Parquet;

public sealed class TableFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TableFiles _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_come_back_and_replace_each_other()
    {
        string metrics = _folder.File("run", "metrics");
        foreach (ResultTables tables in (ResultTables[])[Tables(seed: 1, rows: 30), Tables(seed: 2, rows: 10)])
        {
            _files.Write(metrics, tables);
            ResultTables read = _files.Read(metrics).Value;
            AssertSame(tables.Trials, read.Trials);
            AssertSame(tables.Epochs, read.Epochs);
            AssertSame(tables.Layers, read.Layers);
            Assert.Equal(("trials", "epochs", "layers"), (read.Trials.Name, read.Epochs.Name, read.Layers.Name));
        }
        Assert.Equal(["epochs.parquet", "layers.parquet", "trials.parquet"], Names(metrics));
    }

    // It deleted what a run was writing when someone asked for a report at that moment, and the run then failed.
    [Fact]
    public void What_another_process_is_writing_is_left_to_it()
    {
        string metrics = _folder.File("run", "metrics");
        _files.Write(metrics, Tables(seed: 1, rows: 3));
        string theirs = Path.Combine(metrics, "trials.parquet" + DurableFile.TemporarySuffix);
        using FileStream writing = new(theirs, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.ThrowsAny<IOException>(() => _files.Write(metrics, Tables(seed: 2, rows: 3)));
        Assert.True(File.Exists(theirs));
    }

    [Fact]
    public void Every_missing_table_is_a_mistake_with_its_path()
    {
        string metrics = _folder.File("nowhere");
        Assert.Equal(
            [Path.Combine(metrics, "trials.parquet"), Path.Combine(metrics, "epochs.parquet"), Path.Combine(metrics, "layers.parquet")],
            _files.Read(metrics).Mistakes.Select(m => m.Place));
    }

    [Fact]
    public void A_damaged_table_is_a_mistake_with_its_path()
    {
        string metrics = _folder.File("metrics");
        _files.Write(metrics, Tables(seed: 1, rows: 30));
        string epochs = Path.Combine(metrics, "epochs.parquet");
        File.WriteAllBytes(epochs, File.ReadAllBytes(epochs)[..^5]);
        Mistake mistake = Assert.Single(_files.Read(metrics).Mistakes);
        Assert.Equal($"{epochs}: the file is cut off: it does not end with PAR1", mistake.ToString());
    }

    [Fact]
    public void A_folder_where_a_table_should_be_is_a_mistake()
    {
        string metrics = _folder.File("metrics");
        _files.Write(metrics, Tables(seed: 1, rows: 3));
        File.Delete(Path.Combine(metrics, "layers.parquet"));
        Directory.CreateDirectory(Path.Combine(metrics, "layers.parquet"));
        Assert.Equal(Path.Combine(metrics, "layers.parquet"), Assert.Single(_files.Read(metrics).Mistakes).Place);
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_old_table_and_nothing_else()
    {
        string metrics = _folder.File("metrics");
        ResultTables old = Tables(seed: 1, rows: 30);
        _files.Write(metrics, old);
        Assert.Throws<IOException>(() => new TableFiles(new FillsUp(ParquetFormats.BuiltIn)).Write(metrics, Tables(seed: 2, rows: 30)));
        Assert.Equal(["epochs.parquet", "layers.parquet", "trials.parquet"], Names(metrics));
        AssertSame(old.Trials, _files.Read(metrics).Value.Trials);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_io_exception()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.ThrowsAny<IOException>(() => _files.Write(_folder.File("file", "metrics"), Tables(seed: 1, rows: 1)));
        Assert.Equal(["file"], Names(_folder.File()));
    }

    [Fact]
    public void A_table_that_cannot_be_replaced_is_an_exception_and_leaves_no_temporary_file()
    {
        string metrics = _folder.File("metrics");
        Directory.CreateDirectory(Path.Combine(metrics, "trials.parquet", "full"));
        Exception failure = Record.Exception(() => _files.Write(metrics, Tables(seed: 1, rows: 1)))!;
        Assert.True(failure is IOException or UnauthorizedAccessException, failure.ToString());
        Assert.Equal(["trials.parquet"], Names(metrics));
    }

    private static ResultTables Tables(int seed, int rows) =>
        new(Named("trials", seed, rows), Named("epochs", seed + 1, rows * 3), Named("layers", seed + 2, rows * 5));

    private static Table Named(string name, int seed, int rows) => TestTables.Random(seed, rows) with { Name = name };

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Writes a part of the file, then fails as the operating system does when there is no room.</summary>
    private sealed class FillsUp(IParquetFormat inner) : IParquetFormat
    {
        public string Name => inner.Name;

        public void Write(Stream stream, Table table)
        {
            using var whole = new MemoryStream();
            inner.Write(whole, table);
            stream.Write(whole.GetBuffer().AsSpan(0, (int)whole.Length / 2));
            if (File.Exists("/dev/full"))
            {
                using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                inner.Write(full, table);
            }
            throw new IOException("No space left on device");
        }

        public Result<Table> Read(Stream stream, string name) => inner.Read(stream, name);
    }
}
