using System.Security.Cryptography;
using Rouser.Data;
using Rouser.Storage.Datasets;

namespace Rouser.Storage.Tests.Datasets;

public class GeneratedDigitsTests
{
    private static readonly DatasetSettings Small = new(
        "saccade-digits",
        Root: null,
        Steps: 300,
        StepMilliseconds: 1,
        60,
        20,
        Seed: 5
    );

    [Fact]
    public void Samples_are_those_of_the_generator_in_order()
    {
        Dataset set = Load(Small);
        Assert.Equal(
            (60, 20, true, 2312, 10, 300),
            (set.Train.Count, set.Test.Count, set.Synthetic, set.InputCount, set.ClassCount, set.StepCount)
        );
        SaccadeDigits digits = new(5);
        EventBinning binning = new(34, 34, 300, 1);
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(i % 10, set.Train[i].Label);
            Assert.Equal(
                binning.Bin(digits.Record(DatasetSplit.Train, i)).Raster.Neurons.ToArray(),
                set.Train[i].Raster.Neurons.ToArray()
            );
        }
        double density = set.Train.Average(s => s.Raster.SpikeCount) / (300.0 * 2312);
        Assert.InRange(density, 0.0050, 0.0066);
    }

    [Fact]
    public void A_smaller_set_is_a_prefix_of_a_larger_one()
    {
        Dataset large = Load(Small),
            small = Load(Small with { TrainSamples = 13, TestSamples = 5 });
        Assert.Equal(
            large.Train.Take(13).Select(s => s.Raster.Neurons.ToArray()),
            small.Train.Select(s => s.Raster.Neurons.ToArray())
        );
    }

    [Fact]
    public void The_digest_follows_seed_sizes_and_binning_and_counts_defaults_as_what_they_mean()
    {
        HashSet<string> digests = [DatasetLoader.Digest(Small).Value];
        Assert.True(digests.Add(DatasetLoader.Digest(Small with { Seed = 6 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Small with { TrainSamples = 61 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Small with { TestSamples = 21 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Small with { Steps = 299 }).Value));
        Assert.True(digests.Add(DatasetLoader.Digest(Small with { StepMilliseconds = 2 }).Value));
        Assert.False(digests.Add(DatasetLoader.Digest(Small with { Root = "anywhere" }).Value));
        Assert.Equal(
            DatasetLoader.Digest(Small with { TrainSamples = 1000, TestSamples = 200 }).Value,
            DatasetLoader.Digest(Small with { TrainSamples = null, TestSamples = null }).Value
        );
        Assert.Equal(DatasetLoader.Digest(Small).Value, Load(Small).Digest);
    }

    [Fact]
    public void The_digest_is_the_one_that_trials_of_earlier_versions_were_named_by() =>
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData("saccade-digits 1 seed 5 train 60 test 20 steps 300 step_ms 1"u8)),
            DatasetLoader.Digest(Small).Value
        );

    [Fact]
    public void Settings_that_make_no_set_are_a_mistake_that_names_the_key()
    {
        Assert.Equal("dataset.steps: (0) must be 1 to 100000", Mistake(Small with { Steps = 0 }));
        Assert.Equal("dataset.step_ms: (-1) must be positive", Mistake(Small with { StepMilliseconds = -1 }));
        Assert.StartsWith(
            "dataset.step_ms: (NaN)",
            Mistake(Small with { StepMilliseconds = double.NaN }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "dataset.train_samples: (0) must be",
            Mistake(Small with { TrainSamples = 0 }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "dataset.test_samples: (2000000000) must be",
            Mistake(Small with { TestSamples = 2_000_000_000 }),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "dataset.name: nmist is unknown; known are nmnist, dvs128, shd, events, saccade-digits, mnist-saccades, gesture-blobs, spoken-digits",
            Mistake(Small with { Name = "nmist" })
        );
        Assert.StartsWith("dataset.root: is missing", Mistake(Small with { Name = "nmnist" }), StringComparison.Ordinal);
    }

    private static string Mistake(DatasetSettings settings) => Assert.Single(DatasetLoader.Digest(settings).Errors).ToString();

    private static Dataset Load(DatasetSettings settings) => DatasetLoader.Load(settings, CancellationToken.None).Value;
}
