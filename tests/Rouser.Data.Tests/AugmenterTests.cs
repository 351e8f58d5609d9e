namespace Rouser.Data.Tests;

public class AugmenterTests
{
    private static readonly EventBinning Picture = new(Width: 5, Height: 4, Steps: 12, StepMilliseconds: 1);
    private static readonly EventBinning Ear = new(Width: 20, Height: 1, Steps: 12, StepMilliseconds: 1)
    {
        Options = new(MergePolarities: true),
    };

    [Fact]
    public void A_shifted_picture_is_the_picture_elsewhere_with_what_left_it_gone()
    {
        HashSet<(int, int)> seen = [];
        for (int seed = 0; seed < 200; seed++)
        {
            SpikeRaster before = Random(Picture, seed),
                after = new Augmenter(new(Shift: 2), Picture, 1).Apply(before, new(seed, "shift"), 0);
            // All 25 places are tried, because which was drawn is nobody's business.
            (int X, int Y)[] fits =
            [
                .. from x in Enumerable.Range(-2, 5)
                from y in Enumerable.Range(-2, 5)
                where Cells(after).SetEquals(Shifted(before, Picture, x, y))
                select (x, y),
            ];
            Assert.True(fits.Length > 0, $"seed {seed}");
            if (fits.Length == 1)
                seen.Add(fits[0]);
        }
        Assert.Equal(25, seen.Count);
    }

    [Fact]
    public void An_ear_is_shifted_along_its_channels_alone()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            SpikeRaster before = Random(Ear, seed),
                after = new Augmenter(new(Shift: 3), Ear, 1).Apply(before, new(seed, "shift"), 0);
            Assert.Contains(Enumerable.Range(-3, 7), x => Cells(after).SetEquals(Shifted(before, Ear, x, 0)));
        }
    }

    [Fact]
    public void Jitter_moves_each_spike_by_all_steps_up_to_its_bound_equally_often_and_no_neuron()
    {
        EventBinning one = Ear with { Steps = 101 };
        int[] offsets = [.. Enumerable.Repeat(0, 51), .. Enumerable.Repeat(20, 51)];
        SpikeRaster before = new(20, offsets, [.. Enumerable.Range(0, 20).Select(n => (ushort)n)]);
        int[] moves = new int[7];
        for (int seed = 0; seed < 200; seed++)
        {
            SpikeRaster after = new Augmenter(new(JitterSteps: 3), one, 1).Apply(before, new(seed, "jitter"), 0);
            Assert.Equal(Enumerable.Range(0, 20).Select(n => (ushort)n), after.Neurons.ToArray().Order());
            for (int t = 47; t <= 53; t++)
                moves[t - 47] += after.At(t).Length;
        }
        // 4,000 draws among seven: 571 each, with a standard deviation of 22.
        Assert.Equal(4_000, moves.Sum());
        Assert.All(moves, n => Assert.InRange(n, 460, 690));
    }

    [Fact]
    public void Spikes_that_leave_the_sample_are_lost_and_those_that_meet_become_one()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            SpikeRaster before = Random(Picture, seed);
            SpikeRaster after = new Augmenter(new(JitterSteps: 4, Shift: 1), Picture, 1).Apply(before, new(seed, "both"), 0);
            Assert.Equal((before.NeuronCount, before.StepCount), (after.NeuronCount, after.StepCount));
            Assert.InRange(after.SpikeCount, 1, before.SpikeCount);
        }
    }

    [Fact]
    public void The_copy_depends_on_the_raster_and_the_stream_alone()
    {
        Augmenter shared = new(new(JitterSteps: 2, Shift: 1), Picture, 3);
        for (int seed = 0; seed < 30; seed++)
        {
            SpikeRaster before = Random(Picture, seed);
            (int, ushort)[] bytes = [.. InOrder(before)];
            SpikeRaster used = shared.Apply(before, new(seed, "x"), seed % 3),
                fresh = new Augmenter(new(2, 1), Picture, 1).Apply(before, new(seed, "x"), 0);
            Assert.Equal(InOrder(fresh), InOrder(used));
            Assert.Equal(bytes, InOrder(before));
            Assert.NotEqual(InOrder(fresh), InOrder(shared.Apply(before, new(seed + 1000, "x"), 0)));
        }
    }

    [Fact]
    public void Copies_in_several_slots_do_not_touch_each_other_and_cost_no_memory_of_the_samples_size()
    {
        SpikeRaster large = Random(Ear with { Width = 20_000, Steps = 100 }, 1);
        Augmenter augmenter = new(new(JitterSteps: 1), Ear with { Width = 20_000, Steps = 100 }, 2);
        (int, ushort)[] first = [.. InOrder(augmenter.Apply(large, new(1, "x"), 0))];
        SpikeRaster again = augmenter.Apply(large, new(1, "x"), 0);
        RandomStream random = new(2, "x");
        // The least of some, because the runtime may take pooled arrays back at any time.
        long least = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            augmenter.Apply(large, random, 1);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(least, 0, 1_000);
        Assert.Equal(first, InOrder(again));
        Assert.True(large.SpikeCount > 100_000);
    }

    [Fact]
    public void A_raster_of_another_shape_is_refused()
    {
        Augmenter augmenter = new(new(Shift: 1), Picture, 1);
        Assert.Throws<ArgumentException>(() => augmenter.Apply(Random(Ear, 0), new(0, "x"), 0));
    }

    private static SpikeRaster Random(EventBinning shape, int seed)
    {
        RandomStream random = new(seed, "raster");
        int[] offsets = new int[shape.Steps + 1];
        List<ushort> neurons = [];
        for (int t = 0; t < shape.Steps; t++)
        {
            for (int n = 0; n < shape.ChannelCount; n++)
            {
                if (random.NextInt(10) == 0)
                    neurons.Add((ushort)n);
            }
            offsets[t + 1] = neurons.Count;
        }
        return new(shape.ChannelCount, offsets, [.. neurons]);
    }

    /// <summary>The raster with its picture elsewhere, by addresses instead of numbers of neurons.</summary>
    private static HashSet<(int, ushort)> Shifted(SpikeRaster raster, EventBinning shape, int right, int down)
    {
        HashSet<(int, ushort)> cells = [];
        foreach ((int t, ushort n) in InOrder(raster))
        {
            (int polarity, int y, int x) = (n / (shape.Width * shape.Height), n / shape.Width % shape.Height, n % shape.Width);
            if (x + right < 0 || x + right >= shape.Width || y + down < 0 || y + down >= shape.Height)
                continue;
            cells.Add((t, (ushort)((((polarity * shape.Height) + y + down) * shape.Width) + x + right)));
        }
        return cells;
    }

    private static HashSet<(int, ushort)> Cells(SpikeRaster raster) => [.. InOrder(raster)];

    private static List<(int Step, ushort Neuron)> InOrder(SpikeRaster raster)
    {
        List<(int, ushort)> cells = [];
        for (int t = 0; t < raster.StepCount; t++)
        {
            foreach (ushort n in raster.At(t))
                cells.Add((t, n));
        }
        return cells;
    }
}
