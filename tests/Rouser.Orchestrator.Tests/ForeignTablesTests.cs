using System.Diagnostics;
using System.Globalization;
using Rouser.Core;
using Rouser.Storage.Parquet;
using Xunit.Abstractions;

namespace Rouser.Orchestrator.Tests;

/// <summary>Tables that no digest vouches for: of earlier versions, of other programs, damaged.</summary>
public sealed class ForeignTablesTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Parquet", "Fixtures");

    // How the process's own end is told of.
    private static readonly string[] Ended =
    [
        "reading it takes longer",
        "reading it takes more than",
        "reading it breaks the reader",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("built-in")]
    [InlineData("parquet-net")]
    public async Task Tables_of_earlier_versions_are_reported(string writer)
    {
        Finished reported = await RouserProcess.RunAsync(
            _folder.Path,
            "report",
            Path.Combine(Fixtures, writer),
            "--out",
            "report"
        );
        Assert.True(reported.ExitCode == 0, reported.Errors);
        // The same run as the journal tells of it: Fixtures/trials.csv.
        string[] csv = await File.ReadAllLinesAsync(Path.Combine(Fixtures, "trials.csv"));
        string numbers = await File.ReadAllTextAsync(_folder["report", "numbers.csv"]);
        Assert.All(csv[1..], row => Assert.Contains(row.Split(',')[0], numbers, StringComparison.Ordinal));
        Assert.True(File.Exists(_folder["report", "report.html"]));
    }

    // Of the 8 in 10,000 damaged files that Parquet.Net does not refuse by itself, one that takes gigabytes and one
    // that never ends.
    [Theory]
    [InlineData("parquet-net/epochs.parquet", 1, "cannot be read as a table")]
    [InlineData("built-in/all-types.parquet", 954, "reading it takes")]
    [InlineData("foreign/small-v2-snappy.parquet", 3897, "reading it takes longer")]
    public async Task A_damaged_table_ends_the_command_in_one_line(string original, int seed, string message)
    {
        foreach (string name in (string[])["epochs", "layers"])
            File.Copy(Path.Combine(Fixtures, "built-in", name + ".parquet"), _folder[name + ".parquet"]);
        byte[] damaged = Damage(await File.ReadAllBytesAsync(Path.Combine(Fixtures, original)), new Random(seed));
        await File.WriteAllBytesAsync(_folder["trials.parquet"], damaged);

        Finished reported = await RouserProcess.RunAsync(_folder.Path, "report", _folder.Path, "--out", "report");
        Assert.Equal(2, reported.ExitCode);
        string line = Assert.Single(reported.ErrorLines);
        Assert.StartsWith($"rouser: {_folder["trials.parquet"]}: ", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", reported.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["report"]));
    }

    // CONTRIBUTING.md has the command for more of them.
    [Fact]
    public void Whatever_is_damaged_is_read_or_ends_in_one_line_within_its_bounds()
    {
        int files = int.Parse(Environment.GetEnvironmentVariable("ROUSER_DAMAGED_FILES") ?? "300", CultureInfo.InvariantCulture);
        byte[][] whole = [.. Originals()];
        TableProbe probe = new(Reader, patience: TimeSpan.FromSeconds(10));
        Dictionary<string, int> ends = [];
        const int batch = 100;
        for (int first = 0; first < files; first += batch)
        {
            string[] paths =
            [
                .. Enumerable.Range(first, Math.Min(batch, files - first)).Select(seed => _folder[$"{seed}.parquet"]),
            ];
            for (int i = 0; i < paths.Length; i++)
                File.WriteAllBytes(paths[i], Damage(whole[(first + i) % whole.Length], new Random(first + i)));
            IReadOnlyList<Result<string>> digests = probe.Digests(paths);
            Assert.Equal(paths.Length, digests.Count);
            foreach ((string path, Result<string> digest) in paths.Zip(digests))
            {
                string end = "read";
                if (digest.IsOk)
                {
                    using FileStream file = File.OpenRead(path);
                    Assert.Equal(TableDigests.Of(file), digest.Value);
                }
                else
                {
                    UserError mistake = Assert.Single(digest.Errors);
                    Assert.Equal(path, mistake.Location);
                    Assert.DoesNotContain('\n', mistake.Message);
                    Assert.DoesNotContain("   at ", mistake.Message, StringComparison.Ordinal);
                    end = Array.Find(Ended, mistake.Message.StartsWith) ?? "refused by the reader";
                    if (end != "refused by the reader")
                        output.WriteLine($"{path}: {mistake.Message}");
                }
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }
            foreach (string path in paths)
                File.Delete(path);
        }
        foreach ((string end, int count) in ends.OrderByDescending(e => e.Value))
            output.WriteLine($"{count, 6} {end}");
    }

    // What the probe starts in the program.
    private static ProcessStartInfo Reader() =>
        new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "rouser.dll"), "read-tables"]);

    // Tables of today and of November 2026, and DuckDB's without the checksum that would find the damage before any
    // decoder meets it.
    private static IEnumerable<byte[]> Originals()
    {
        foreach (
            string file in Directory.GetFiles(Fixtures, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            byte[] old = File.ReadAllBytes(file);
            yield return old;
            if (Path.GetFileName(file) is not ("trials.parquet" or "epochs.parquet" or "layers.parquet"))
                continue;
            using MemoryStream stream = new(old),
                today = new();
            ParquetTableWriter.Write(today, ParquetTableReader.Read(stream, file).Value, rowGroupRows: 20);
            yield return today.ToArray();
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // Half of them in the last quarter, where the footer is with the numbers that matter most.
            int at = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(bytes.Length - bytes.Length / 4, bytes.Length);
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[at] ^ 1 << random.Next(8)),
                _ => 0xFF,
            };
        }
        return random.Next(8) == 0 ? [.. bytes[..random.Next(bytes.Length)], .. original[^8..]] : bytes;
    }
}
