using System.IO.Compression;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

public sealed class MnistFolderTests : IDisposable
{
    private const int Pixels = IdxFile.ImageSize * IdxFile.ImageSize;

    private readonly string _root = Directory.CreateTempSubdirectory("rouser-mnist-").FullName;

    private DatasetSettings Settings => new("mnist-saccades", _root, Steps: 100, StepMilliseconds: 1, null, null, Seed: 1);

    public MnistFolderTests()
    {
        WriteSplit("train", [3, 1, 4, 1]);
        WriteSplit("t10k", [9, 2]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Images_are_recorded_by_the_camera_of_the_seed_and_say_that_they_are_simulated()
    {
        Dataset set = Load(Settings);
        Assert.Equal([3, 1, 4, 1], set.Train.Select(s => s.Label));
        Assert.Equal([9, 2], set.Test.Select(s => s.Label));
        Assert.Equal((2312, 10, 100, true), (set.InputCount, set.ClassCount, set.StepCount, set.Synthetic));
        Assert.Equal(" (simulated from MNIST)", DatasetCatalog.MarkOf(set.Name, set.Synthetic));
        SpikeRaster expected = Settings.Binning().Bin(new MnistSaccades(1).Record(Image(4), DatasetSplit.Train, 2)).Raster;
        Assert.Equal(Spikes(expected), Spikes(set.Train[2].Raster));
        Assert.NotEqual(Spikes(expected), Spikes(Load(Settings with { Seed = 2 }).Train[2].Raster));
    }

    [Fact]
    public void A_smaller_set_is_a_prefix_of_a_larger_one()
    {
        Dataset all = Load(Settings),
            some = Load(Settings with { TrainSamples = 2, TestSamples = 1 });
        Assert.Equal((2, 1), (some.Train.Count, some.Test.Count));
        Assert.Equal(all.Train.Take(2).Select(s => Spikes(s.Raster)), some.Train.Select(s => Spikes(s.Raster)));
    }

    [Fact]
    public void The_digest_is_known_without_loading_and_tells_files_seeds_and_numbers_apart()
    {
        string digest = DatasetLoader.Digest(Settings).Value;
        Assert.Equal(digest, Load(Settings).Digest);
        Assert.NotEqual(digest, DatasetLoader.Digest(Settings with { Seed = 2 }).Value);
        Assert.NotEqual(digest, DatasetLoader.Digest(Settings with { TrainSamples = 2 }).Value);
        Assert.NotEqual(digest, DatasetLoader.Digest(Settings with { Steps = 50 }).Value);
        WriteSplit("t10k", [9, 3]);
        Assert.NotEqual(digest, DatasetLoader.Digest(Settings).Value);
    }

    [Fact]
    public void Packed_files_are_read_too()
    {
        string labels = Path.Combine(_root, "t10k-labels-idx1-ubyte");
        using (GZipStream gzip = new(File.Create(labels + ".gz"), CompressionLevel.Optimal))
            gzip.Write(File.ReadAllBytes(labels));
        File.Delete(labels);
        Assert.Equal([9, 2], Load(Settings).Test.Select(s => s.Label));
    }

    [Fact]
    public void What_is_wrong_with_a_folder_is_said_in_one_line()
    {
        Assert.Contains("dataset.root is missing", Wrong(Settings with { Root = null }));
        Assert.Contains("no such folder", Wrong(Settings with { Root = Path.Combine(_root, "none") }));
        Assert.Contains("holds 4 images, but the sweep asks for 5", Wrong(Settings with { TrainSamples = 5 }));
        Write("train-labels-idx1-ubyte", [.. IdxBytes.Header(0x801, 3), 3, 1, 4]);
        Assert.Contains("holds 3 labels for 4 images", Wrong(Settings));
        File.Delete(Path.Combine(_root, "train-labels-idx1-ubyte"));
        Assert.Contains("train-labels-idx1-ubyte no such file", Wrong(Settings));
    }

    private static string Wrong(DatasetSettings settings)
    {
        Result<Dataset> loaded = DatasetLoader.Load(settings, CancellationToken.None);
        Assert.False(loaded.IsOk);
        return Assert.Single(loaded.Errors).ToString().Replace(": ", " ", StringComparison.Ordinal);
    }

    private static Dataset Load(DatasetSettings settings) => DatasetLoader.Load(settings, CancellationToken.None).Value;

    private static ushort[] Spikes(SpikeRaster raster) =>
        [.. Enumerable.Range(0, raster.StepCount).SelectMany(t => raster.At(t).ToArray())];

    private void WriteSplit(string name, byte[] labels)
    {
        Write($"{name}-images-idx3-ubyte", [.. IdxBytes.Header(0x803, (uint)labels.Length, 28, 28), .. labels.SelectMany(Image)]);
        Write($"{name}-labels-idx1-ubyte", [.. IdxBytes.Header(0x801, (uint)labels.Length), .. labels]);
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_root, name), bytes);

    /// <summary>A bar whose place says the label.</summary>
    private static byte[] Image(byte label) =>
        [.. Enumerable.Range(0, Pixels).Select(i => (byte)(i % IdxFile.ImageSize / 2 == label + 2 ? 255 : 0))];
}
