using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Storage.Tests.Files;
using Rouser.Storage.Tests.Journals;
using Rouser.Sweeps;

namespace Rouser.Storage.Tests.Checkpoints;

public sealed class FolderCheckpointStoreTests : IDisposable
{
    private static readonly TrialId Trial = new("0123456789abcdef0123456789abcdef"),
        Other = new("fedcba9876543210fedcba9876543210");

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];
    private readonly FolderCheckpointStore _store;

    public FolderCheckpointStoreTests() => _store = new FolderCheckpointStore(_folder["checkpoints"], _log.Add);

    private string CheckpointPath => _folder["checkpoints", Trial.Value, "checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_comes_back_bit_for_bit()
    {
        for (long seed = 0; seed < 50; seed++)
        {
            Checkpoint checkpoint = Some(seed);
            _store.Save(checkpoint);
            Checkpoint? back = _store.Load(Trial);
            Assert.NotNull(back);
            Assert.Equal(checkpoint.Trial, back.Trial);
            ValueAssert.Equal(checkpoint.History, back.History, $"seed {seed}: history");
            Assert.Equal(checkpoint.State.Updates, back.State.Updates);
            Assert.Equal(checkpoint.State.Layers.Count, back.State.Layers.Count);
            for (int l = 0; l < back.State.Layers.Count; l++)
                SameLayer(checkpoint.State.Layers[l], back.State.Layers[l]);
        }
        Assert.Empty(_log);
    }

    [Fact]
    public void The_same_checkpoint_makes_the_same_bytes_whatever_the_order_of_its_tensors()
    {
        Checkpoint checkpoint = Some(1);
        _store.Save(checkpoint);
        byte[] first = File.ReadAllBytes(CheckpointPath);
        IEnumerable<LayerState> reversed = checkpoint.State.Layers.Select(layer =>
            layer with
            {
                Tensors = layer.Tensors.Reverse().ToDictionary(),
            }
        );
        _store.Save(checkpoint with { State = checkpoint.State with { Layers = [.. reversed] } });
        Assert.Equal(first, File.ReadAllBytes(CheckpointPath));
    }

    [Fact]
    public void What_is_not_there_is_null_without_a_word()
    {
        Assert.Null(_store.Load(Trial));
        Assert.Null(_store.LoadWeights(Trial, 1));
        _store.Delete(Trial);
        Assert.Empty(_log);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Any_cut_or_flipped_bit_makes_it_null_and_the_log_says_why()
    {
        _store.Save(Some(2));
        byte[] whole = File.ReadAllBytes(CheckpointPath);
        RandomStream random = new(1, "damage");
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = i % 2 == 0 ? whole[..random.NextInt(whole.Length)] : [.. whole];
            // The first bytes hold the lengths; they get more than their share.
            if (i % 2 == 1)
                bytes[random.NextInt(i % 4 == 1 ? 40 : whole.Length)] ^= (byte)(1 << random.NextInt(8));
            File.WriteAllBytes(CheckpointPath, bytes);
            Assert.Null(_store.Load(Trial));
            Assert.Equal(i + 1, _log.Count);
            Assert.StartsWith($"{CheckpointPath} is not used: ", _log[^1], StringComparison.Ordinal);
        }
        File.WriteAllBytes(CheckpointPath, [.. whole, 0]);
        Assert.Null(_store.Load(Trial));
    }

    [Fact]
    public void Another_version_is_null_and_the_log_says_so()
    {
        _store.Save(Some(3));
        byte[] bytes = File.ReadAllBytes(CheckpointPath);
        bytes[8]++;
        File.WriteAllBytes(CheckpointPath, bytes);
        Assert.Null(_store.Load(Trial));
        Assert.Contains("version, 2, is not the one this rouser understands (1)", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_copied_to_another_trial_is_not_used()
    {
        _store.Save(Some(4));
        _store.SaveWeights(
            Trial,
            1,
            [
                [1],
            ]
        );
        Directory.CreateDirectory(_folder["checkpoints", Other.Value]);
        File.Copy(CheckpointPath, _folder["checkpoints", Other.Value, "checkpoint"]);
        File.Copy(_folder["checkpoints", Trial.Value, "weights-0001"], _folder["checkpoints", Other.Value, "weights-0001"]);
        Assert.Null(_store.Load(Other));
        Assert.Null(_store.LoadWeights(Other, 1));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void Weights_are_kept_per_epoch()
    {
        _store.SaveWeights(
            Trial,
            1,
            [
                [1, -0f, float.NaN],
                [],
            ]
        );
        _store.SaveWeights(
            Trial,
            12345,
            [
                [2],
                [3],
            ]
        );
        Assert.Equal(
            [
                [1, -0f, float.NaN],
                [],
            ],
            _store.LoadWeights(Trial, 1)!
        );
        Assert.Equal(
            [
                [2],
                [3],
            ],
            _store.LoadWeights(Trial, 12345)!
        );
        Assert.Null(_store.LoadWeights(Trial, 2));
        Assert.Null(_store.LoadWeights(Other, 1));
    }

    [Fact]
    public void Deleting_a_trial_removes_all_of_it_and_nothing_else()
    {
        _store.Save(Some(5));
        _store.SaveWeights(
            Trial,
            1,
            [
                [1],
            ]
        );
        _store.SaveWeights(
            Other,
            1,
            [
                [1],
            ]
        );
        _store.Delete(Trial);
        Assert.Null(_store.Load(Trial));
        Assert.Equal([_folder["checkpoints", Other.Value]], Directory.GetFileSystemEntries(_folder["checkpoints"]));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_and_the_checkpoint_before_it_counts()
    {
        _store.Save(Some(6));
        File.WriteAllText(CheckpointPath + DurableFile.TemporarySuffix, "half");
        File.WriteAllText(_folder["checkpoints", Trial.Value, "weights-0002" + DurableFile.TemporarySuffix], "half");
        Assert.NotNull(_store.Load(Trial));
        Assert.Equal([CheckpointPath], Directory.GetFiles(_folder["checkpoints", Trial.Value]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void An_identity_that_is_no_folders_name_is_refused(string id) =>
        Assert.Throws<ArgumentException>(() => _store.Load(new TrialId(id)));

    [Fact]
    public void Different_trials_may_be_saved_from_several_threads()
    {
        Parallel.For(
            0,
            16,
            i =>
            {
                Checkpoint checkpoint = Some(i) with { Trial = new TrialId($"{i:x32}") };
                for (int k = 0; k < 5; k++)
                    _store.Save(checkpoint);
                ValueAssert.Equal(checkpoint.History, _store.Load(checkpoint.Trial)!.History);
            }
        );
        Assert.Empty(_log);
    }

    private static Checkpoint Some(long seed)
    {
        RandomStream random = new(seed, "checkpoint");
        RandomEvents metrics = new(seed);
        int inputs = 1 + random.NextInt(20);
        List<LayerState> layers = [];
        for (int l = 0; l < 1 + random.NextInt(3); l++)
        {
            int neurons = 1 + random.NextInt(20);
            Dictionary<string, float[]> tensors = [];
            foreach (string name in (string[])["m.weights", "v.weights", "direction", "ü", ""])
                if (random.NextInt(2) == 0)
                    tensors[name] = Floats(random, random.NextInt(50));
            layers.Add(new LayerState(inputs, neurons, Floats(random, inputs * neurons), Floats(random, neurons), tensors));
            inputs = neurons;
        }
        EpochMetrics[] history = [.. Enumerable.Range(0, random.NextInt(5)).Select(_ => metrics.Metrics())];
        return new Checkpoint(Trial, new NetworkState((long)(random.NextBits() >> 1), layers), history);
    }

    private static float[] Floats(RandomStream random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextBits()))];

    private static void SameLayer(LayerState expected, LayerState actual)
    {
        Assert.Equal((expected.InputCount, expected.NeuronCount), (actual.InputCount, actual.NeuronCount));
        Assert.Equal(Bits(expected.Weights), Bits(actual.Weights));
        Assert.Equal(Bits(expected.Thresholds), Bits(actual.Thresholds));
        Assert.Equal(expected.Tensors.Keys.Order(), actual.Tensors.Keys.Order());
        foreach ((string name, float[] tensor) in expected.Tensors)
            Assert.Equal(Bits(tensor), Bits(actual.Tensors[name]));
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
}
