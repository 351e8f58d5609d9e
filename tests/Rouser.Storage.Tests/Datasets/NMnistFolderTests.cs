using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

public sealed class NMnistFolderTests : IDisposable
{
    private readonly NMnistFixture _folder = new();

    private DatasetSettings Settings => new("nmnist", _folder.Root, Steps: 20, StepMilliseconds: 1, null, null, Seed: 0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recordings_come_by_id_whatever_their_class()
    {
        Dataset set = Load(Settings);
        // Digit d has the ids 1 + (7d mod 10), so ids 1, 2, 3, … belong to 0, 3, 6, ….
        int[] byId = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
        Assert.Equal([.. byId, .. byId, .. byId], set.Train.Select(s => s.Label));
        Assert.Equal(Enumerable.Range(0, 10), set.Test.Select(s => s.Label));
        Assert.Equal((2312, 10, 20, false, "nmnist"), (set.InputCount, set.ClassCount, set.StepCount, set.Synthetic, set.Name));
    }

    [Fact]
    public void A_recording_is_binned_as_its_events_say()
    {
        // Id 14 is digit 9's second recording (k = 1): ON events along row 28.
        SpikeRaster raster = Load(Settings).Train[13].Raster;
        for (int t = 0; t < 20; t++)
            Assert.Equal([(ushort)((34 * 34) + (28 * 34) + t)], raster.At(t).ToArray());
    }

    [Fact]
    public void A_smaller_set_is_a_prefix_of_a_larger_one()
    {
        Dataset all = Load(Settings),
            some = Load(Settings with { TrainSamples = 12, TestSamples = 4 });
        Assert.Equal((12, 4), (some.Train.Count, some.Test.Count));
        Assert.Equal(all.Train.Take(12).Select(Spikes), some.Train.Select(Spikes));
    }

    [Fact]
    public void The_digest_is_known_without_loading()
    {
        foreach (
            DatasetSettings settings in new[]
            {
                Settings,
                Settings with
                {
                    TrainSamples = 7,
                },
                Settings with
                {
                    StepMilliseconds = 0.5,
                },
            }
        )
            Assert.Equal(DatasetLoader.Digest(settings).Value, Load(settings).Digest);
    }

    [Fact]
    public void The_digest_follows_content_names_number_and_binning_but_not_the_place()
    {
        string digest = DatasetLoader.Digest(Settings).Value;
        using NMnistFixture copy = new();
        Assert.Equal(digest, DatasetLoader.Digest(Settings with { Root = copy.Root }).Value);

        HashSet<string> digests = [digest];
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { Steps = 21 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { StepMilliseconds = 2 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { TrainSamples = 29 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { TestSamples = 9 }).Value));
        copy.Write("Test/4/00005.bin", NMnistFixture.Recording(4, 8));
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { Root = copy.Root }).Value));
        File.Move(copy.PathOf("Test/4/00005.bin"), copy.PathOf("Test/4/00055.bin"));
        Assert.True(digests.Add(DatasetLoader.Digest(Settings with { Root = copy.Root }).Value));
    }

    [Fact]
    public void Files_of_file_managers_are_passed_over()
    {
        string digest = DatasetLoader.Digest(Settings).Value;
        _folder.Write("Train/.DS_Store", [1]);
        _folder.Write("Train/3/Thumbs.db", [1]);
        _folder.Write("Train/3/._00022.bin", [1]);
        Directory.CreateDirectory(_folder.PathOf("Train/.cache"));
        Assert.Equal(digest, DatasetLoader.Digest(Settings).Value);
    }

    public static TheoryData<string, string, string> Damages =>
        new()
        {
            { "missing root", "", "no such folder; set dataset.root to the folder that holds N-MNIST's Train and Test" },
            { "missing Test", "Test", "no such folder; unpack N-MNIST's Test.zip into " },
            { "missing class", "Train/7", "no such folder; Train holds the folders 0 to 9, so unpack Train.zip again" },
            { "no files", "Train", "holds no recordings; unpack N-MNIST's Train.zip into " },
            { "stray class", "Train/10", "is no class of N-MNIST; Train holds the folders 0 to 9, so move it away" },
            { "stray file", "Train/3/copy.bin", "is no N-MNIST recording; those are named by a number, so move it away" },
            { "truncated file", "Train/3/00002.bin", "byte 95 is truncated: the record holds 4 of 5 bytes" },
            { "outside the sensor", "Test/9/00010.bin", "byte 50 has coordinates (200, 27) outside the 34×34 sensor" },
            { "empty file", "Train/0/00001.bin", "holds no events" },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_folder_gives_one_mistake_that_names_place_and_remedy(string damage, string place, string message)
    {
        Damage(damage, place);
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.Equal(place.Length == 0 ? _folder.Root : _folder.PathOf(place), mistake.Location);
        Assert.StartsWith(message, mistake.Message, StringComparison.Ordinal);
        if (damage == "missing root")
            Directory.CreateDirectory(_folder.Root);
    }

    [Fact]
    public void Of_several_damaged_files_the_first_is_named()
    {
        foreach (string file in new[] { "Train/3/00012.bin", "Train/3/00002.bin", "Train/0/00021.bin" })
            _folder.Write(file, [1, 2, 3]);
        for (int repeat = 0; repeat < 20; repeat++)
            Assert.Equal(
                _folder.PathOf("Train/3/00002.bin"),
                Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors).Location
            );
    }

    [Fact]
    public void More_samples_than_there_are_is_a_mistake()
    {
        UserError mistake = Assert.Single(DatasetLoader.Digest(Settings with { TrainSamples = 31 }).Errors);
        Assert.Equal("holds 30 recordings, but dataset.train_samples asks for 31; lower it or leave it out", mistake.Message);
    }

    [Fact]
    public void A_cancelled_load_throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => DatasetLoader.Load(Settings, new CancellationToken(canceled: true)));

    [SharedDataFact]
    public void The_real_recordings_load_with_their_classes()
    {
        Dataset set = Load(new("nmnist", SharedData.Path("nmnist"), Steps: 300, StepMilliseconds: 1, null, null, Seed: 0));
        Assert.Equal(
            [87, 106, 89, 83, 95, 82, 84, 107, 77, 90],
            Enumerable.Range(0, 10).Select(d => set.Train.Count(s => s.Label == d))
        );
        Assert.All(Enumerable.Range(0, 10), d => Assert.Equal(10, set.Test.Count(s => s.Label == d)));
        Assert.Equal(10, set.Train.Take(50).Select(s => s.Label).Distinct().Count());
        // Trials of earlier versions are named by it.
        Assert.Equal("9f4bfd4ee69444cc0bf28da8fa49b4be2778ea20472b7062795e0168a4cb4f4f", set.Digest);
        Assert.Equal(DatasetLoader.Digest(new("nmnist", SharedData.Path("nmnist"), 300, 1, null, null, 0)).Value, set.Digest);
    }

    private void Damage(string damage, string place)
    {
        string path = _folder.PathOf(place);
        switch (damage)
        {
            case "missing root" or "missing Test" or "missing class":
                Directory.Delete(path, recursive: true);
                break;
            case "no files":
                foreach (string file in Directory.GetFiles(path, "*.bin", SearchOption.AllDirectories))
                    File.Delete(file);
                break;
            case "stray class":
                Directory.CreateDirectory(path);
                break;
            case "truncated file":
                _folder.Write(place, NMnistFixture.Recording(3, 0)[..^1]);
                break;
            case "outside the sensor":
                byte[] bytes = NMnistFixture.Recording(9, 0);
                bytes[50] = 200;
                _folder.Write(place, bytes);
                break;
            default:
                _folder.Write(place, []);
                break;
        }
    }

    private static Dataset Load(DatasetSettings settings)
    {
        Result<Dataset> result = DatasetLoader.Load(settings, CancellationToken.None);
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private static string Spikes(Sample sample) => $"{sample.Label}: {string.Join(' ', sample.Raster.Neurons.ToArray())}";
}
