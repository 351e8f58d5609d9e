using Rouser.Data.Audio;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests;

public class SpokenDigitsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_events_in_every_version_and_on_every_machine()
    {
        // If this fails after a change to the generator, raise InnerEar's or SpokenDigits' version with the constant;
        // if not, the generator is not reproducible.
        Assert.Equal((1, 1), (InnerEar.Version, SpokenDigits.Version));
        Assert.Equal("564bce5a137d2112cdbed8f8f872affa6aaac93efdeb1f3fea9bfa465cf77dc3", GeneratorHash.Of(new SpokenDigits(7)));
    }

    [Fact]
    public void A_sample_depends_on_seed_split_and_index_alone()
    {
        SpokenDigits digits = new(3);
        SensorEvent[] fifth = digits.Record(DatasetSplit.Train, 5);
        digits.Record(DatasetSplit.Train, 6);
        Assert.Equal(fifth, digits.Record(DatasetSplit.Train, 5));
        Assert.Equal(fifth, new SpokenDigits(3).Record(DatasetSplit.Train, 5));
        Assert.NotEqual(fifth, digits.Record(DatasetSplit.Test, 5));
        Assert.NotEqual(fifth, digits.Record(DatasetSplit.Train, 25));
    }

    [Fact]
    public void Every_word_is_heard_on_many_channels()
    {
        SpokenDigits digits = new(0);
        for (int i = 0; i < 40; i++)
        {
            SensorEvent[] spikes = digits.Record(DatasetSplit.Train, i);
            Assert.InRange(spikes.Length, 1_500, 20_000);
            Assert.InRange(spikes.Select(s => s.X).Distinct().Count(), 200, 700);
            Assert.True(spikes[^1].Microseconds < 1_000_000);
        }
    }

    /// <summary>
    /// The classes are told apart by a nearest mean of blurred spike counts, a classifier that knows nothing of the
    /// words.
    /// </summary>
    [Fact]
    public void Words_are_told_apart()
    {
        SpokenDigits digits = new(1);
        double[][] means = new double[20][];
        const int PerClass = 6;
        Parallel.For(
            0,
            20,
            c =>
                means[c] = [
                    .. Enumerable
                        .Range(0, PerClass)
                        .Select(k => Blurred(digits.Record(DatasetSplit.Train, (20 * k) + c)))
                        .Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])
                        .Select(x => x / PerClass),
                ]
        );
        int right = 0;
        Parallel.For(
            0,
            60,
            i =>
            {
                double[] sample = Blurred(digits.Record(DatasetSplit.Test, i));
                if (Enumerable.Range(0, 20).MinBy(c => sample.Zip(means[c], (x, y) => (x - y) * (x - y)).Sum()) == i % 20)
                    Interlocked.Increment(ref right);
            }
        );
        Assert.True(right >= 30, $"{right} of 60; chance is 3");
    }

    /// <summary>Square roots of counts in 20 bands and 10 parts of the word's time.</summary>
    private static double[] Blurred(SensorEvent[] spikes)
    {
        double[] counts = new double[200];
        long start = spikes[0].Microseconds,
            end = spikes[^1].Microseconds + 1;
        foreach (SensorEvent s in spikes)
            counts[((s.X / 35) * 10) + (int)((s.Microseconds - start) * 10 / (end - start))]++;
        return [.. counts.Select(Math.Sqrt)];
    }
}
