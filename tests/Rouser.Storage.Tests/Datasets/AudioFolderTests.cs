using Rouser.Data;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

public sealed class AudioFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rouser-audio-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SharedDataFact]
    public void Recorded_digits_become_a_data_set_that_loads()
    {
        string from = Path.Combine(_root, "wav"),
            to = Path.Combine(_root, "spikes");
        Directory.CreateDirectory(from);
        foreach (string file in Directory.GetFiles(SharedData.Path("fsdd"), "?_theo_?.wav"))
            File.Copy(file, Path.Combine(from, Path.GetFileName(file)));
        Assert.Equal(100, AudioFolder.Convert(from, to, CancellationToken.None).Value);
        Dataset set = DatasetLoader
            .Load(
                new("events", to, Steps: 250, StepMilliseconds: 4, null, null, 0) { Width = 700, Height = 1 },
                CancellationToken.None
            )
            .Value;
        Assert.Equal((10, 700, 80, 20), (set.ClassCount, set.InputCount, set.Train.Count, set.Test.Count));
        Assert.All(Enumerable.Range(0, 10), digit => Assert.Equal(8, set.Train.Count(s => s.Label == digit)));
        Assert.All(set.Train, s => Assert.InRange(s.Raster.SpikeCount, 500, 20_000));
        Assert.Equal(
            "is not empty; choose another folder with --out",
            Assert.Single(AudioFolder.Convert(from, to, CancellationToken.None).Errors).Message
        );
    }

    [Fact]
    public void What_is_no_folder_of_sounds_is_said()
    {
        string from = Path.Combine(_root, "wav"),
            to = Path.Combine(_root, "spikes");
        Assert.Contains("no such folder", Wrong(), StringComparison.Ordinal);
        Directory.CreateDirectory(from);
        Assert.Contains("holds no .wav files", Wrong(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(from, "a_1.wav"), "RIFF");
        Assert.Contains("holds one class only", Wrong(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(from, "b_1.wav"), "RIFF");
        Assert.Contains("is no WAV file", Wrong(), StringComparison.Ordinal);

        string Wrong() => Assert.Single(AudioFolder.Convert(from, to, CancellationToken.None).Errors).Message;
    }

    // The one would overwrite the other, and a sample would be missing without a word.
    [Theory]
    [InlineData("a/x-0.wav", "a/x/0.wav")]
    [InlineData("a/0.WAV", "a/0.wav")]
    public void Two_sounds_that_would_become_one_recording_are_named(string one, string other)
    {
        string from = Path.Combine(_root, "wav");
        foreach (string file in new[] { one, other, "b/0.wav" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(from, file))!);
            File.WriteAllText(Path.Combine(from, file), "RIFF");
        }
        Assert.Contains(
            "would overwrite what becomes of ",
            Assert.Single(AudioFolder.Convert(from, Path.Combine(_root, "spikes"), CancellationToken.None).Errors).Message,
            StringComparison.Ordinal
        );
    }
}
