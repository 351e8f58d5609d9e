using Rouser.Data.Formats;
using Rouser.Data.Recordings;
using Rouser.Data.Tests.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests;

public class MnistSaccadesTests
{
    [Fact]
    public void The_same_image_and_seed_give_the_same_bytes_in_every_version_and_on_every_machine()
    {
        // If this fails after a change to the camera, raise MnistSaccades.Version with the constant.
        MnistSaccades camera = new(seed: 7);
        Assert.Equal(1, MnistSaccades.Version);
        Assert.Equal(
            "bd3f925c2951802a7ad8de9148a53d2177f1bda1e41bc0087bacd55b3489756f",
            GeneratorHash.Of((split, i) => camera.Record(Ring(i), split, i))
        );
    }

    [Fact]
    public void Events_depend_on_image_seed_split_and_index_alone_and_lie_on_the_sensor()
    {
        MnistSaccades camera = new(3);
        SensorEvent[] fifth = camera.Record(Ring(5), DatasetSplit.Train, 5);
        camera.Record(Ring(6), DatasetSplit.Train, 6);
        Assert.Equal(fifth, camera.Record(Ring(5), DatasetSplit.Train, 5));
        Assert.Equal(fifth, new MnistSaccades(3).Record(Ring(5), DatasetSplit.Train, 5));
        Assert.NotEqual(fifth, camera.Record(Ring(4), DatasetSplit.Train, 5));
        Assert.NotEqual(fifth, camera.Record(Ring(5), DatasetSplit.Test, 5));
        Assert.NotEqual(fifth, camera.Record(Ring(5), DatasetSplit.Train, 6));
        Assert.NotEqual(fifth, new MnistSaccades(4).Record(Ring(5), DatasetSplit.Train, 5));
        Assert.True(fifth.All(e => e is { X: < 34, Y: < 34, Microseconds: >= 0 and < 315_000 }));
        Assert.True(fifth.Zip(fifth.Skip(1)).All(pair => pair.First.Microseconds <= pair.Second.Microseconds));
    }

    [Fact]
    public void Ink_up_to_the_rim_and_none_at_all_are_recorded()
    {
        MnistSaccades camera = new(0);
        byte[] black = [.. Enumerable.Repeat((byte)255, IdxFile.ImageSize * IdxFile.ImageSize)];
        Assert.True(camera.Record(black, DatasetSplit.Train, 0).All(e => e is { X: < 34, Y: < 34 }));
        // Background events alone.
        Assert.InRange(camera.Record(new byte[black.Length], DatasetSplit.Train, 0).Length, 1, 200);
    }

    /// <summary>The values are in the remarks of <see cref="MnistSaccades"/>.</summary>
    [SharedDataFact]
    public void The_statistics_are_close_to_those_of_the_real_recordings()
    {
        RecordingStatistics real = new(),
            simulated = new();
        foreach (string file in NMnistDecoderTests.Files("Train").Concat(NMnistDecoderTests.Files("Test")))
            real.Add(NMnistDecoderTests.Read(file));
        using FileStream images = File.OpenRead(SharedData.Path("mnist", "t10k-images-idx3-ubyte.gz"));
        MnistSaccades camera = new(0);
        byte[][] pictures = IdxFile.Images(images, "images", null).Value;
        for (int i = 0; i < pictures.Length; i++)
            simulated.Add(camera.Record(pictures[i], DatasetSplit.Test, i));
        string both =
            $"real: {real}; simulated: {simulated}; time {simulated.TimeDistanceTo(real):F3}, place {simulated.PlaceDistanceTo(real):F3}";

        Assert.True(Math.Abs((simulated.MeanCount / real.MeanCount) - 1) < 0.05, both);
        Assert.True(Math.Abs((simulated.CountDeviation / real.CountDeviation) - 1) < 0.2, both);
        Assert.True(Math.Abs(simulated.OnShare - real.OnShare) < 0.01, both);
        Assert.True(Math.Abs((simulated.SpreadX / real.SpreadX) - 1) < 0.05, both);
        Assert.True(Math.Abs((simulated.SpreadY / real.SpreadY) - 1) < 0.05, both);
        Assert.True(simulated.TimeDistanceTo(real) < 0.1, both);
        Assert.True(simulated.PlaceDistanceTo(real) < 0.14, both);
    }

    /// <summary>A ring of ink, of a radius that grows with the number.</summary>
    private static byte[] Ring(int number)
    {
        byte[] image = new byte[IdxFile.ImageSize * IdxFile.ImageSize];
        for (int i = 0; i < image.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, IdxFile.ImageSize);
            int distance =
                ((row - 14) * (row - 14)) + ((column - 14) * (column - 14)) - ((4 + (number % 6)) * (4 + (number % 6)));
            image[i] = Math.Abs(distance) < 14 ? (byte)(250 - (10 * Math.Abs(distance))) : (byte)0;
        }
        return image;
    }
}
