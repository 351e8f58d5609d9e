using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Storage.Datasets;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

/// <summary>Sets that are divided into training, validation and test samples.</summary>
public sealed class ValidationTests : IDisposable
{
    private static readonly SplitRule Half = new(SplitBy.Share, SplitUnit.Recording, 0.5, 0, 0, Seed: 0, "");

    private readonly string _root = Directory.CreateTempSubdirectory("rouser-validation-").FullName;

    private DatasetSettings Settings =>
        new("events", _root, Steps: 4, StepMilliseconds: 1, null, null, Seed: 0) { Width = 5, Height = 3 };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [SharedDataFact]
    public void Parts_by_speaker_share_no_speaker_on_real_voices()
    {
        string wav = Path.Combine(_root, "wav"),
            set = Path.Combine(_root, "set");
        Directory.CreateDirectory(wav);
        foreach (string file in Directory.GetFiles(SharedData.Path("fsdd"), "?_*_?.wav"))
            File.Copy(file, Path.Combine(wav, Path.GetFileName(file)));
        int recordings = AudioFolder.Convert(wav, set, CancellationToken.None).Value;
        DatasetSettings settings = new("events", set, Steps: 250, StepMilliseconds: 4, null, null, 0)
        {
            Width = 700,
            Height = 1,
            Groups = "*_<group>_*",
            Split = Half with { Unit = SplitUnit.Group, Share = 0.2 },
            Validation = new SplitRule(SplitBy.Fold, SplitUnit.Group, 0, 5, 1, Seed: 0, ""),
        };
        PackedDatasets packed = new(Path.Combine(_root, "packed"));
        Dataset whole = DatasetLoader.Load(settings, packed, CancellationToken.None).Value,
            divided = whole.WithValidation(settings).Value;
        Assert.Equal(600, recordings);
        Assert.Equal((400, 100, 100), (divided.Train.Count, divided.Validation.Count, divided.Test.Count));

        string[] trained = [.. Speakers(divided.TrainOrigins)],
            known = [.. Speakers(whole.TrainOrigins)];
        Assert.Equal((5, 4), (known.Length, trained.Length));
        // The one speaker of the test set is in neither of the others, the one for validation not among the trained.
        string test = Assert.Single(new[] { "george", "jackson", "lucas", "nicolas", "theo", "yweweler" }.Except(known));
        Assert.DoesNotContain(test, trained);
        Assert.Single(known.Except(trained));
        // Every digit of every one of them: the parts are balanced, because the recordings are.
        Assert.All(Enumerable.Range(0, 10), digit => Assert.Equal(10, divided.Validation.Count(s => s.Label == digit)));

        static IEnumerable<string> Speakers(IReadOnlyList<SampleOrigin> origins) =>
            origins.Select(o => Path.GetFileName(o.Recording).Split('_')[1]).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_set_without_Train_and_Test_is_divided_by_its_classes()
    {
        for (int i = 0; i < 6; i++)
        {
            Write($"up/{i}.csv", $"{100 * i},1,0,0\n2500,2,{i % 3},0\n");
            Write($"down/{i}.csv", $"{100 * i},3,0,0\n2700,4,{i % 3},0\n");
        }
        Assert.Contains(
            "or set dataset.split.by: share",
            Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors).Message,
            StringComparison.Ordinal
        );
        DatasetSettings split = Settings with { Split = Half };
        Dataset set = DatasetLoader.Load(split, CancellationToken.None).Value;
        Assert.Equal((6, 6), (set.Train.Count, set.Test.Count));
        Assert.Equal(3, set.Test.Count(s => s.Label == 0));
        Assert.Equal(set.Digest, DatasetLoader.Digest(split).Value);
        // Another seed is another test set, and so other data.
        Assert.NotEqual(set.Digest, DatasetLoader.Digest(Settings with { Split = Half with { Seed = 1 } }).Value);
    }

    [Fact]
    public void Folds_of_one_set_are_one_packed_file_and_survive_packing()
    {
        for (int i = 0; i < 4; i++)
        {
            Write($"Train/up/{i}_ann.csv", $"{100 * i},1,0,0\n2500,2,{i % 3},0\n");
            Write($"Train/down/{i}_bob.csv", $"{100 * i},3,0,0\n2700,4,{i % 3},0\n");
        }
        Write("Test/up/t.csv", "0,1,2,1\n2900,1,1,1\n");
        PackedDatasets packed = new(Path.Combine(_root, "packed"));
        Dataset made = DatasetLoader.Load(Settings, packed, CancellationToken.None).Value,
            opened = packed.Open(made.Digest).Value;
        Assert.Equal("Train/down/0_bob.csv", made.TrainOrigins[0].Recording);
        Assert.Equal(made.TrainOrigins, opened.TrainOrigins);
        HashSet<SampleOrigin> trained = [];
        for (int fold = 1; fold <= 2; fold++)
        {
            DatasetSettings settings = Settings with
            {
                Validation = new SplitRule(SplitBy.Fold, SplitUnit.Recording, 0, 2, fold, 0, ""),
            };
            Assert.Equal(made.Digest, DatasetLoader.Digest(settings).Value);
            Dataset divided = DatasetLoader.Load(settings, packed, CancellationToken.None).Value.WithValidation(settings).Value;
            Assert.Equal((4, 4, 1), (divided.Train.Count, divided.Validation.Count, divided.Test.Count));
            trained.UnionWith(divided.TrainOrigins);
        }
        Assert.Equal(8, trained.Count);
    }

    [Fact]
    public void What_cannot_be_divided_is_refused_when_it_is_loaded()
    {
        DatasetSettings digits = new("saccade-digits", null, Steps: 5, StepMilliseconds: 60, 20, 5, Seed: 0);
        Assert.Contains(
            "set dataset.validation.by: share and unit: recording",
            Wrong(digits with { Validation = Half with { Unit = SplitUnit.Group } }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "saccade-digits says itself what its test set is",
            Wrong(digits with { Split = Half }),
            StringComparison.Ordinal
        );

        static string Wrong(DatasetSettings settings) =>
            Assert.Single(DatasetLoader.Load(settings, CancellationToken.None).Errors).Message;
    }

    private void Write(string path, string content)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
