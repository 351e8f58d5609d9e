using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

public sealed class OwnRecordingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rouser-own-").FullName;

    private DatasetSettings Settings =>
        new("events", _root, Steps: 4, StepMilliseconds: 1, null, null, Seed: 0) { Width = 5, Height = 3 };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Classes_are_the_folders_and_files_of_several_formats_are_one_set()
    {
        Write("Train/up/a.csv", "t,x,y,p\n0,4,2,1\n3999,0,0,0\n");
        Write("Train/up/b.bin", [1, 2, 0x80, 0, 10]);
        Write("Train/down/c.csv", "10,3,1,0\n");
        Write("Train/down/notes.txt", "not a recording");
        Write("Test/sideways/d.csv", "10,2,1,0\n");
        Write("Test/up/e.csv", "10,2,2,0\n");
        Dataset set = Load(Settings);
        // Ordered by place within the class, then class: down, sideways, up.
        Assert.Equal([0, 2, 2], set.Train.Select(s => s.Label));
        Assert.Equal([1, 2], set.Test.Select(s => s.Label));
        Assert.Equal((3, 30), (set.ClassCount, set.InputCount));
        Assert.Equal([29], set.Train[1].Raster.At(0).ToArray());
        Assert.Equal([0], set.Train[1].Raster.At(3).ToArray());
        Assert.Equal([(ushort)(15 + 10 + 1)], set.Train[2].Raster.At(0).ToArray());
        Assert.Equal(DatasetLoader.Digest(Settings).Value, set.Digest);
        Assert.NotEqual(set.Digest, DatasetLoader.Digest(Settings with { Width = 6 }).Value);
    }

    [Fact]
    public void Folders_that_are_numbers_are_classes_in_their_order()
    {
        foreach (int label in new[] { 10, 9, 2 })
            Write($"Train/{label}/a.csv", $"0,{label % 5},0,0\n");
        Write("Test/9/a.csv", "0,0,1,0\n");
        Dataset set = Load(Settings);
        Assert.Equal([0, 1, 2], set.Train.Select(s => s.Label));
        Assert.Equal([2, 4, 0], set.Train.Select(s => (int)s.Raster.At(0)[0]));
    }

    [Fact]
    public void What_is_missing_or_wrong_is_said()
    {
        Assert.Contains("holds nothing, but no Train and Test; move, of every class", Wrong(Settings), StringComparison.Ordinal);
        Write("Train/a/x.csv", "0,0,0,0\n");
        Write("Train/b/x.csv", "0,9,0,0\n");
        Assert.Contains("no such folder; it holds a folder for every class", Wrong(Settings), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_root, "Test", "a"));
        Assert.Contains("holds no recordings; they end in .aedat", Wrong(Settings), StringComparison.Ordinal);
        Write("Test/a/x.csv", "0,0,0,0\n");
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.EndsWith("x.csv:1", mistake.Location, StringComparison.Ordinal);
        Assert.StartsWith(
            "has x '9'; the sensor has 0 to 4; columns without names are read as t, x, y, p",
            mistake.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("must be 1 to 65536", Wrong(Settings with { Width = 0 }), StringComparison.Ordinal);
        Assert.Contains(
            "leaves 2,000,000 inputs",
            Wrong(Settings with { Width = 1000, Height = 1000 }),
            StringComparison.Ordinal
        );
    }

    [SharedDataFact]
    public void Real_gestures_of_another_sensor_in_N_Mnists_format_are_read()
    {
        foreach (string file in Directory.GetFiles(SharedData.Path("dvs128"), "*.bs2").Order(StringComparer.Ordinal))
        {
            string label = Path.GetFileNameWithoutExtension(file);
            Write($"Train/{label}/a.bs2", File.ReadAllBytes(file));
            // All but the last record, so that it is another recording.
            Write($"Test/{label}/a.bs2", File.ReadAllBytes(file)[..^5]);
        }
        Dataset set = Load(Settings with { Width = 128, Height = 128, Steps = 1450 });
        Assert.Equal((10, 32_768, 10), (set.Train.Count, set.InputCount, set.ClassCount));
        Assert.InRange(set.Train[0].Raster.SpikeCount, 50_000, 63_471);
    }

    private static string Wrong(DatasetSettings settings) => Assert.Single(DatasetLoader.Digest(settings).Errors).Message;

    private static Dataset Load(DatasetSettings settings)
    {
        Result<Dataset> result = DatasetLoader.Load(settings, CancellationToken.None);
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] bytes)
    {
        string path = Path.Combine([_root, .. name.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
