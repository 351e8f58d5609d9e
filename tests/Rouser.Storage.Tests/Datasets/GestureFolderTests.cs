using System.Buffers.Binary;
using System.Text;
using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;

namespace Rouser.Storage.Tests.Datasets;

/// <summary>
/// A folder in DVS128 Gesture's layout: two recordings to train on, one to test on; an event every ms of the camera's
/// time, on a row that grows with it.
/// </summary>
public sealed class GestureFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rouser-dvs128-").FullName;

    public GestureFolderTests()
    {
        Write("trials_to_train.txt", "user01_led.aedat\nuser22_led.aedat\n");
        Write("trials_to_test.txt", "user29_led.aedat\n");
        foreach (string name in new[] { "user01_led", "user22_led", "user29_led" })
        {
            File.WriteAllBytes(Path.Combine(_root, name + ".aedat"), Recording(name == "user29_led" ? 1 : 0));
            Write(
                name + "_labels.csv",
                "class,startTime_usec,endTime_usec\n1,10000,20000\n8,20000,25000\n8,40000,45000\n9,50000,60000\n10,55000,65000\n"
            );
        }
    }

    private DatasetSettings Settings => new("dvs128", _root, Steps: 10, StepMilliseconds: 1, null, null, Seed: 0);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_sample_is_what_lies_between_its_start_and_its_end()
    {
        Dataset set = Load(Settings);
        Assert.Equal((32_768, 11, 10, 10, 5), (set.InputCount, set.ClassCount, set.StepCount, set.Train.Count, set.Test.Count));
        Assert.Equal([0, 7, 7, 8, 9, 0, 7, 7, 8, 9], set.Train.Select(s => s.Label));
        // Class 1: 10 to 20 ms, an event a ms, each in its own step and the one at 20 ms not.
        for (int t = 0; t < 10; t++)
            Assert.Equal([(ushort)((10 + t) * 128)], set.Train[0].Raster.At(t).ToArray());
        // Class 8 stands twice, for 5 ms each.
        Assert.Equal((5, 5), (set.Train[1].Raster.SpikeCount, set.Train[2].Raster.SpikeCount));
        // What class 9 and class 10 both claim belongs to both.
        Assert.Equal(set.Train[3].Raster.At(6).ToArray(), set.Train[4].Raster.At(1).ToArray());
    }

    [Fact]
    public void The_digest_is_known_without_decoding_and_follows_content_labels_and_number()
    {
        HashSet<string> digests = [Digest(Settings)];
        Assert.Equal(Load(Settings).Digest, Digest(Settings));
        Assert.True(digests.Add(Digest(Settings with { TrainSamples = 7 })));
        Assert.Equal(Load(Settings with { TrainSamples = 7 }).Digest, Digest(Settings with { TrainSamples = 7 }));
        Assert.True(digests.Add(Digest(Settings with { Raster = new(Downsample: 2) })));
        Write("user29_led_labels.csv", "1,10000,20001\n");
        Assert.True(digests.Add(Digest(Settings)));
    }

    [Fact]
    public void A_smaller_set_is_a_prefix_and_reads_no_more_recordings_than_it_needs()
    {
        File.Delete(Path.Combine(_root, "user22_led.aedat"));
        Dataset some = Load(Settings with { TrainSamples = 4 });
        Assert.Equal([0, 7, 7, 8], some.Train.Select(s => s.Label));
        Assert.Contains("no such file, but trials_to_train.txt names it", Wrong(Settings), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_samples_and_damaged_recordings_are_said()
    {
        Assert.Contains(
            "names recordings with 10 gestures, but dataset.train_samples asks for 11",
            Wrong(Settings with { TrainSamples = 11 }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "leaves nothing of the sensor",
            Wrong(Settings with { Raster = new(Crop: 64) }),
            StringComparison.Ordinal
        );
        string path = Path.Combine(_root, "user29_led.aedat");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^2]);
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.Equal(path, mistake.Location);
        Assert.Contains("ends the file 2 bytes before its packet", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_outside_its_recording_is_named()
    {
        Write("user22_led_labels.csv", "class,startTime_usec,endTime_usec\n1,10000,20000\n3,5000000,6000000\n");
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.Equal(Path.Combine(_root, "user22_led_labels.csv"), mistake.Location);
        Assert.Equal(
            "places gesture 2 at 5,000,000 to 6,000,000 µs, outside the recording, 0 to 99,000 µs; fetch both again",
            mistake.Message
        );
    }

    [Fact]
    public void The_same_recording_under_two_names_is_found_by_its_content()
    {
        File.Copy(Path.Combine(_root, "user22_led.aedat"), Path.Combine(_root, "user29_led.aedat"), overwrite: true);
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.Contains(
            "has 5 of 5 test samples that are training samples too, by content (user29_led.aedat, gesture 1 repeats user01_led.aedat, gesture 1)",
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Lists_with_a_byte_order_mark_and_the_line_ends_of_old_Macs_are_read()
    {
        Write("trials_to_train.txt", "\uFEFFuser01_led.aedat\ruser22_led.aedat\r");
        Write("user29_led_labels.csv", "\uFEFF\"class\";\"startTime_usec\";\"endTime_usec\"\r\n\"1\";\"10000\";\"20000\"\r\n");
        Dataset set = Load(Settings);
        Assert.Equal((10, 1), (set.Train.Count, set.Test.Count));
    }

    private static string Digest(DatasetSettings settings) => DatasetLoader.Digest(settings).Value;

    private static string Wrong(DatasetSettings settings) => Assert.Single(DatasetLoader.Digest(settings).Errors).Message;

    private static Dataset Load(DatasetSettings settings)
    {
        Result<Dataset> result = DatasetLoader.Load(settings, CancellationToken.None);
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);

    private static byte[] Recording(int column)
    {
        const int Events = 100;
        using MemoryStream file = new();
        file.Write(Encoding.ASCII.GetBytes("#!AER-DAT3.1\r\n#!END-HEADER\r\n"));
        byte[] packet = new byte[28 + (8 * Events)];
        int[] header = [1 | (1 << 16), 8, 4, 0, Events, Events, Events];
        for (int i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(4 * i), header[i]);
        for (int i = 0; i < Events; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(28 + (8 * i)), 1 | (i << 2) | (column << 17));
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(32 + (8 * i)), i * 1000);
        }
        file.Write(packet);
        return file.ToArray();
    }
}
