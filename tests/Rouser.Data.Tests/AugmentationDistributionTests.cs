namespace Rouser.Data.Tests;

/// <summary>
/// Each augmentation against the distribution that it is said to have. Bounds are five standard deviations, and seeds are
/// fixed, so that no test fails by chance.
/// </summary>
public sealed class AugmentationDistributionTests
{
    private const int Seeds = 1_000;

    private static readonly EventBinning Picture = new(Width: 41, Height: 41, Steps: 101, StepMilliseconds: 1);

    [Fact]
    public void Each_spike_is_dropped_with_its_probability_whatever_becomes_of_the_others()
    {
        // 50 spikes in one pixel, one a step.
        SpikeRaster before = Raster(t => t < 50 ? [(20, 20)] : []);
        int[] kept = new int[50];
        int[] counts = new int[51];
        foreach (SpikeRaster after in Altered(new() { Drop = 0.3 }, before))
        {
            counts[after.SpikeCount]++;
            for (int t = 0; t < 50; t++)
                kept[t] += after.At(t).Length;
        }
        // 1,000 draws of 0.7 for each: 700, with a standard deviation of 14.5.
        Assert.All(kept, n => Assert.InRange(n, 627, 773));
        // Independent: the number that is kept has the variance of a binomial, 50·0.7·0.3 = 10.5, known to 4.5 %.
        double mean = counts.Select((n, k) => (double)n * k).Sum() / Seeds,
            variance = counts.Select((n, k) => n * (k - mean) * (k - mean)).Sum() / Seeds;
        Assert.InRange(mean, 34.4, 35.6);
        Assert.InRange(variance, 8.1, 12.9);
    }

    [Fact]
    public void A_sample_is_stretched_as_a_whole_by_factors_that_are_equally_likely()
    {
        SpikeRaster before = Raster(t => t == 40 ? [(1, 1), (2, 2), (3, 3)] : []);
        int[] quarters = new int[4];
        foreach (SpikeRaster after in Altered(new() { Stretch = 0.5 }, before))
        {
            int step = Assert.Single(Enumerable.Range(0, 101), t => after.At(t).Length > 0);
            Assert.Equal(3, after.At(step).Length);
            // 40.5·c with c from 0.5 to 1.5.
            Assert.InRange(step, 20, 60);
            quarters[Math.Min(3, (int)(((step + 0.5) / 40.5 - 0.5) * 4))]++;
        }
        Assert.All(quarters, n => Assert.InRange(n, 170, 330));
    }

    [Fact]
    public void A_stretched_sample_keeps_its_order_and_loses_only_its_end()
    {
        SpikeRaster before = Raster(t => [(t % 41, t / 41)]);
        foreach (SpikeRaster after in Altered(new() { Stretch = 0.4 }, before))
        {
            int[] pixels = [.. Enumerable.Range(0, 101).SelectMany(t => after.At(t).ToArray().Select(n => (int)n))];
            Assert.Equal(pixels.Order(), pixels);
            Assert.Equal(Enumerable.Range(0, pixels.Length), pixels.Select(n => n % 41 + (n / 41 * 41)));
            Assert.True(pixels.Length >= 72, $"{pixels.Length} of 101 steps are left, 101/1.4 at least");
        }
    }

    [Fact]
    public void A_picture_turns_around_its_centre_by_angles_that_are_equally_likely()
    {
        SpikeRaster before = Raster(t => t == 0 ? [(20, 20), (35, 20)] : []);
        int[] sectors = new int[6];
        foreach (SpikeRaster after in Altered(new() { Rotation = 90 }, before))
        {
            (int X, int Y)[] pixels = [.. after.At(0).ToArray().Select(n => (n % 41, n / 41))];
            Assert.Contains((20, 20), pixels);
            (int x, int y) = Assert.Single(pixels, p => p != (20, 20));
            // On a circle of 15 pixels, as far as pixels allow.
            Assert.InRange(Math.Sqrt(Math.Pow(x - 20, 2) + Math.Pow(y - 20, 2)), 14.2, 15.8);
            double angle = Math.Atan2(y - 20, x - 20) / Math.PI * 180;
            Assert.InRange(angle, -90, 90);
            sectors[Math.Min(5, (int)((angle + 90) / 30))]++;
        }
        // 167 each with a standard deviation of 12, and a pixel at the edge of a sector.
        Assert.All(sectors, n => Assert.InRange(n, 95, 240));
    }

    [Fact]
    public void A_picture_grows_and_shrinks_around_its_centre_by_factors_that_are_equally_likely()
    {
        SpikeRaster before = Raster(t => t == 0 ? [(20, 20), (30, 20), (20, 10)] : []);
        int[] halves = new int[2];
        foreach (SpikeRaster after in Altered(new() { Scale = 0.5 }, before))
        {
            (int X, int Y)[] pixels = [.. after.At(0).ToArray().Select(n => (n % 41, n / 41))];
            Assert.Equal(3, pixels.Length);
            Assert.Contains((20, 20), pixels);
            int right = Assert.Single(pixels, p => p.X > 20 && p.Y == 20).X - 20,
                up = 20 - Assert.Single(pixels, p => p.X == 20 && p.Y < 20).Y;
            Assert.InRange(right, 5, 15);
            // Half a pixel is rounded up in both directions.
            Assert.InRange(Math.Abs(right - up), 0, 1);
            halves[right <= 9 ? 0 : 1]++;
        }
        // 10·c + ½ is below 10 in 45 of 100.
        Assert.InRange(halves[0], 370, 530);
    }

    [Fact]
    public void What_leaves_a_turned_or_enlarged_picture_is_lost_and_polarities_stay_apart()
    {
        RandomStream random = new(1, "pictures");
        SpikeRaster before = Raster(t =>
            t < 20 ? [.. Enumerable.Range(0, 30).Select(_ => (random.NextInt(41), random.NextInt(41)))] : []
        );
        foreach (
            SpikeRaster after in Altered(
                new()
                {
                    Rotation = 180,
                    Scale = 0.9,
                    Drop = 0.1,
                    Stretch = 0.2,
                },
                before
            )
        )
        {
            Assert.InRange(after.SpikeCount, 1, before.SpikeCount);
            Assert.All(after.Neurons.ToArray(), n => Assert.True(n < 41 * 41, "a spike has changed its polarity"));
        }
    }

    [Fact]
    public void A_blend_takes_half_of_the_spikes_of_either_sample()
    {
        SpikeRaster one = Raster(t => t < 50 ? [(1, 1)] : []),
            other = Raster(t => t < 40 ? [(2, 2)] : []);
        int ofOne = 0,
            ofOther = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            SpikeRaster after = new Augmenter(new() { Blend = 1 }, Picture, 1).Apply(one, new(seed, "blend"), 0, other);
            ofOne += after.Neurons.ToArray().Count(n => n == 42);
            ofOther += after.Neurons.ToArray().Count(n => n == 84);
            Assert.Equal(after.SpikeCount, after.Neurons.ToArray().Count(n => n is 42 or 84));
        }
        // 50,000 and 40,000 coins.
        Assert.InRange(ofOne, 24_440, 25_560);
        Assert.InRange(ofOther, 19_500, 20_500);
    }

    [Fact]
    public void A_partner_is_any_other_sample_of_the_class_equally_often_and_as_often_as_is_asked()
    {
        int[] ofClass = [3, 7, 8, 20, 21];
        int[] drawn = new int[22];
        int none = 0;
        for (int seed = 0; seed < 10_000; seed++)
        {
            if (Blend.Partner(0.4, 8, ofClass, new(seed, "blend/1/8")) is { } partner)
                drawn[partner]++;
            else
                none++;
        }
        Assert.InRange(none, 5_755, 6_245);
        Assert.Equal(0, drawn[8]);
        Assert.All((int[])[3, 7, 20, 21], i => Assert.InRange(drawn[i], 850, 1_150));
        Assert.Equal(10_000, none + drawn.Sum());
        Assert.Null(Blend.Partner(1, 8, [8], new(1, "blend/1/8")));
    }

    private static IEnumerable<SpikeRaster> Altered(Augmentation what, SpikeRaster before)
    {
        Augmenter augmenter = new(what, Picture, 1);
        for (int seed = 0; seed < Seeds; seed++)
            yield return augmenter.Apply(before, new RandomStream(seed, "augment"), 0);
    }

    /// <summary>Spikes of the first polarity at the pixels (x, y) of a step.</summary>
    private static SpikeRaster Raster(Func<int, (int X, int Y)[]> at)
    {
        List<ushort> neurons = [];
        int[] offsets = new int[Picture.Steps + 1];
        for (int t = 0; t < Picture.Steps; t++)
        {
            neurons.AddRange(at(t).Select(p => (ushort)((p.Y * 41) + p.X)).Distinct().Order());
            offsets[t + 1] = neurons.Count;
        }
        return new SpikeRaster(Picture.ChannelCount, offsets, [.. neurons]);
    }
}
