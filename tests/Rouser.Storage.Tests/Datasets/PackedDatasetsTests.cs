using System.Buffers.Binary;
using System.Security.Cryptography;
using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

public sealed class PackedDatasetsTests : IDisposable
{
    private static readonly DatasetSettings Digits = new(
        "saccade-digits",
        Root: null,
        Steps: 50,
        StepMilliseconds: 6,
        23,
        7,
        Seed: 3
    );
    private static readonly Dataset Original = DatasetLoader.Load(Digits, CancellationToken.None).Value;

    private readonly PackedDatasets _packed = new(Directory.CreateTempSubdirectory("rouser-packed-").FullName);

    public void Dispose() => Directory.Delete(_packed.Folder, recursive: true);

    [Fact]
    public void Whoever_looks_on_is_told_of_every_sample_of_each_part_of_the_work()
    {
        System.Collections.Concurrent.ConcurrentBag<DatasetProgress> told = [];
        DatasetLoader.Load(Digits, _packed, CancellationToken.None, told.Add);
        Assert.Equal(
            ["generating saccade-digits, test", "generating saccade-digits, train", "packing saccade-digits"],
            told.Select(p => p.Work).Distinct().Order(StringComparer.Ordinal)
        );
        foreach (IGrouping<string, DatasetProgress> work in told.GroupBy(p => p.Work))
        {
            Assert.Equal(Enumerable.Range(1, work.First().Total), work.Select(p => p.Done).Order());
            Assert.Single(work.Select(p => p.Total).Distinct());
        }
        Assert.Equal(2 * (Original.Train.Count + Original.Test.Count), told.Count);

        // What is packed is opened without a word.
        told.Clear();
        DatasetLoader.Load(Digits, _packed, CancellationToken.None, told.Add);
        Assert.Empty(told);
    }

    [Fact]
    public void A_set_is_the_same_after_packing()
    {
        AssertSame(Original, _packed.Add(Original).Value);
        AssertSame(Original, new PackedDatasets(_packed.Folder).Open(Original.Digest).Value);
    }

    [Fact]
    public void The_file_grows_with_the_events_and_the_same_set_gives_the_same_bytes()
    {
        _packed.Add(Original);
        byte[] first = File.ReadAllBytes(_packed.PathOf(Original.Digest));
        int samples = 30,
            spikes = Original.Train.Concat(Original.Test).Sum(s => s.Raster.SpikeCount);
        Assert.Equal(176 + (8 * (samples + 1)) + (4 * samples) + (4 * samples * 51) + (2 * spikes) + 32, first.Length);
        _packed.Add(_packed.Open(Original.Digest).Value);
        Assert.Equal(first, File.ReadAllBytes(_packed.PathOf(Original.Digest)));
    }

    [Fact]
    public void Sets_without_samples_or_spikes_are_sets()
    {
        SpikeRaster silent = new(3, new int[5], []);
        Dataset odd = Original with { InputCount = 3, ClassCount = 2, StepCount = 4, Train = [], Test = [new(silent, 1)] };
        AssertSame(odd, _packed.Add(odd).Value);
    }

    [Fact]
    public void Every_flipped_byte_and_every_cut_is_noticed()
    {
        Dataset small = Original with { Train = [.. Original.Train.Take(1)], Test = [] };
        _packed.Add(small);
        string path = _packed.PathOf(small.Digest);
        byte[] good = File.ReadAllBytes(path);
        var random = new RandomStream(1, "packed/damage");
        for (int round = 0; round < 400; round++)
        {
            byte[] bad = (byte[])good.Clone();
            // Every byte of the header once, then the rest by chance.
            int at = round < 176 ? round : random.NextInt(bad.Length);
            if (round % 4 == 3)
                bad = bad[..random.NextInt(bad.Length)];
            else
                bad[at] ^= (byte)(1 << random.NextInt(8));
            Replace(path, bad);
            Result<Dataset> opened = _packed.Open(small.Digest);
            Assert.False(opened.IsOk, $"round {round}, byte {at}");
            Assert.StartsWith(path, Assert.Single(opened.Errors).Location, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_with_a_right_checksum_and_impossible_contents_is_refused()
    {
        _packed.Add(Original);
        string path = _packed.PathOf(Original.Digest);
        byte[] good = File.ReadAllBytes(path);
        int starts = 176,
            labels = starts + (8 * 31),
            steps = labels + (4 * 30),
            neurons = steps + (4 * 30 * 51);
        // The first sample's end, its label, its second step, and two neurons: each made impossible, and the checksum
        // made to fit.
        (int At, int Value)[] lies =
        [
            (starts + 8, -1),
            (starts + 8, int.MaxValue),
            (labels, 10),
            (labels, -1),
            (steps + 4, int.MaxValue),
            (steps + 4, -5),
            (neurons, -1),
        ];
        foreach ((int at, int value) in lies)
        {
            byte[] bad = (byte[])good.Clone();
            BinaryPrimitives.WriteInt32LittleEndian(bad.AsSpan(at), value);
            SHA256.HashData(SHA256.HashData(bad.AsSpan(..^32))).CopyTo(bad, bad.Length - 32);
            Replace(path, bad);
            Assert.Contains(
                "holds a sample that is no raster",
                Assert.Single(_packed.Open(Original.Digest).Errors).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_damaged_file_is_made_again()
    {
        DatasetLoader.Load(Digits, _packed, CancellationToken.None);
        string path = _packed.PathOf(Original.Digest);
        byte[] good = File.ReadAllBytes(path);
        Replace(path, good[..^1]);
        AssertSame(Original, DatasetLoader.Load(Digits, _packed, CancellationToken.None).Value);
        Assert.Equal(good, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_only_the_packing()
    {
        string file = Path.Combine(_packed.Folder, "file");
        File.WriteAllText(file, "");
        AssertSame(
            Original,
            DatasetLoader.Load(Digits, new PackedDatasets(Path.Combine(file, "below")), CancellationToken.None).Value
        );
    }

    [Fact]
    public void What_is_not_there_is_a_mistake_and_no_digest_leads_out_of_the_folder()
    {
        Assert.Contains("is not there", Assert.Single(_packed.Open(Original.Digest).Errors).Message, StringComparison.Ordinal);
        foreach (
            string path in new[]
            {
                "",
                "../../etc/passwd",
                new string('A', 64),
                Original.Digest[..63] + "/",
                Original.Digest + "0",
            }
        )
            Assert.Throws<ArgumentException>(() => _packed.PathOf(path));
    }

    [Fact]
    public void Many_writers_and_readers_of_one_set_do_not_meet()
    {
        Parallel.For(
            0,
            24,
            i =>
            {
                PackedDatasets mine = new(_packed.Folder);
                AssertSame(
                    Original,
                    i % 3 == 0 ? mine.Add(Original).Value : DatasetLoader.Load(Digits, mine, CancellationToken.None).Value
                );
            }
        );
        // The set, and what was seen of its recordings; nothing half-written.
        string set = _packed.PathOf(Original.Digest);
        Assert.Equal(
            [Path.ChangeExtension(set, ".findings.json"), set],
            Directory.GetFiles(_packed.Folder).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Half_written_files_of_killed_processes_go_after_a_day()
    {
        string old = Path.Combine(_packed.Folder, "a.tmp"),
            recent = Path.Combine(_packed.Folder, "b.tmp");
        foreach (string path in new[] { old, recent })
            File.WriteAllText(path, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-25));
        _packed.Add(Original);
        Assert.Equal([recent], Directory.GetFiles(_packed.Folder, "*.tmp"));
    }

    [Fact]
    public void A_set_is_taken_from_a_stream_that_goes_on_after_it()
    {
        byte[] file = Packed();
        using var from = new TricklingStream([.. file, 1, 2, 3]);
        AssertSame(Original, _packed.Import(Original.Digest, from, file.Length, CancellationToken.None).Value);
        Assert.Equal(file.Length, from.Position);
        Assert.Equal(file, File.ReadAllBytes(_packed.PathOf(Original.Digest)));
    }

    [Fact]
    public void What_is_not_the_set_is_not_taken()
    {
        byte[] file = Packed(),
            flipped = (byte[])file.Clone();
        flipped[^5000] ^= 1;
        string other = new('0', 64);
        Assert.Contains("another data set", Refused(other, file, file.Length), StringComparison.Ordinal);
        Assert.Contains("more than the", Refused(Original.Digest, file, file.Length - 1), StringComparison.Ordinal);
        Assert.Contains("damaged on its way", Refused(Original.Digest, flipped, file.Length), StringComparison.Ordinal);
        Assert.Contains("damaged on its way", Refused(Original.Digest, file[..^1], file.Length), StringComparison.Ordinal);
        Assert.Contains("cut short", Refused(Original.Digest, file[..^1000], file.Length), StringComparison.Ordinal);
        Assert.Contains("ends in its header", Refused(Original.Digest, file[..100], file.Length), StringComparison.Ordinal);
        Assert.Contains("is no packed data set", Refused(Original.Digest, new byte[1000], file.Length), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_packed.Folder));
        using var stream = new MemoryStream(file);
        Assert.Throws<OperationCanceledException>(() =>
            _packed.Import(Original.Digest, stream, file.Length, new CancellationToken(canceled: true))
        );
        Assert.Empty(Directory.GetFiles(_packed.Folder));

        string Refused(string digest, byte[] bytes, long most)
        {
            using var from = new MemoryStream(bytes);
            return Assert.Single(_packed.Import(digest, from, most, CancellationToken.None).Errors).Message;
        }
    }

    [Fact]
    public void Recordings_are_read_once_until_they_change()
    {
        using NMnistFixture folder = new();
        DatasetSettings settings = new("nmnist", folder.Root, Steps: 20, StepMilliseconds: 1, null, null, Seed: 0);
        foreach (string file in Directory.GetFiles(folder.Root, "*.bin", SearchOption.AllDirectories))
            Age(file);
        string digest = DatasetLoader.Digest(settings, _packed, CancellationToken.None).Value;
        Assert.Equal(DatasetLoader.Digest(settings).Value, digest);
        Dataset first = DatasetLoader.Load(settings, _packed, CancellationToken.None).Value;
        Assert.Equal(digest, first.Digest);

        // Nothing shows that a file of the same length and time is another one, so this tells whether it was read.
        string changed = folder.PathOf("Train/3/00002.bin");
        DateTime time = File.GetLastWriteTimeUtc(changed);
        folder.Write("Train/3/00002.bin", NMnistFixture.Recording(4, 1));
        File.SetLastWriteTimeUtc(changed, time);
        Assert.Equal(digest, DatasetLoader.Digest(settings, _packed, CancellationToken.None).Value);
        AssertSame(first, DatasetLoader.Load(settings, _packed, CancellationToken.None).Value);

        File.SetLastWriteTimeUtc(changed, time.AddMinutes(1));
        string next = DatasetLoader.Digest(settings, _packed, CancellationToken.None).Value;
        Assert.NotEqual(digest, next);
        Assert.Equal(DatasetLoader.Digest(settings).Value, next);
        Assert.Equal(next, DatasetLoader.Load(settings, _packed, CancellationToken.None).Value.Digest);

        static void Age(string file) => File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
    }

    [Fact]
    public void Recordings_that_changed_just_now_are_read_again()
    {
        using NMnistFixture folder = new();
        DatasetSettings settings = new("nmnist", folder.Root, Steps: 20, StepMilliseconds: 1, null, null, Seed: 0);
        string digest = DatasetLoader.Digest(settings, _packed, CancellationToken.None).Value;
        string changed = folder.PathOf("Train/3/00002.bin");
        DateTime time = File.GetLastWriteTimeUtc(changed);
        folder.Write("Train/3/00002.bin", NMnistFixture.Recording(4, 1));
        File.SetLastWriteTimeUtc(changed, time);
        Assert.NotEqual(digest, DatasetLoader.Digest(settings, _packed, CancellationToken.None).Value);
    }

    [SharedDataFact]
    public void The_real_recordings_are_the_same_after_packing()
    {
        DatasetSettings settings = new("nmnist", SharedData.Path("nmnist"), Steps: 300, StepMilliseconds: 1, null, null, Seed: 0);
        Dataset read = DatasetLoader.Load(settings, _packed, CancellationToken.None).Value;
        AssertSame(DatasetLoader.Load(settings, CancellationToken.None).Value, read);
        AssertSame(read, DatasetLoader.Load(settings, _packed, CancellationToken.None).Value);
    }

    /// <summary>Under a new name, as every writer does it: the old file may be mapped.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        File.WriteAllBytes(path + ".new", bytes);
        File.Move(path + ".new", path, overwrite: true);
    }

    private byte[] Packed()
    {
        _packed.Add(Original);
        byte[] file = File.ReadAllBytes(_packed.PathOf(Original.Digest));
        foreach (string written in Directory.GetFiles(_packed.Folder))
            File.Delete(written);
        return file;
    }

    private static void AssertSame(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.TrainOrigins, actual.TrainOrigins);
        // What was seen of the recordings is no part of a packed file.
        Assert.Equal(
            expected with
            {
                Train = actual.Train,
                Test = actual.Test,
                TrainOrigins = actual.TrainOrigins,
                Findings = null,
            },
            actual with
            {
                Findings = null,
            }
        );
        foreach (
            (IReadOnlyList<Sample> wanted, IReadOnlyList<Sample> got) in new[]
            {
                (expected.Train, actual.Train),
                (expected.Test, actual.Test),
            }
        )
        {
            Assert.Equal(wanted.Count, got.Count);
            foreach ((Sample a, Sample b) in wanted.Zip(got))
            {
                Assert.Equal((a.Label, a.Raster.NeuronCount), (b.Label, b.Raster.NeuronCount));
                Assert.True(a.Raster.StepOffsets.SequenceEqual(b.Raster.StepOffsets));
                Assert.True(a.Raster.Neurons.SequenceEqual(b.Raster.Neurons));
            }
        }
    }

    /// <summary>Gives few bytes at a time, as a network does.</summary>
    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1021));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1021)]);
    }
}
