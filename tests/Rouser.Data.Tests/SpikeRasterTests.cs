namespace Rouser.Data.Tests;

public class SpikeRasterTests
{
    [Fact]
    public void A_raster_gives_each_steps_neurons()
    {
        SpikeRaster raster = new(9, [0, 2, 2, 3], [4, 8, 0]);
        Assert.Equal((9, 3, 3), (raster.NeuronCount, raster.StepCount, raster.SpikeCount));
        Assert.Equal([4, 8], raster.At(0).ToArray());
        Assert.Empty(raster.At(1).ToArray());
        Assert.Equal([0], raster.At(2).ToArray());
    }

    [Fact]
    public void What_is_no_raster_is_refused_as_a_plain_check_refuses_it()
    {
        int refused = 0;
        for (int seed = 0; seed < 4_000; seed++)
        {
            RandomStream random = new(seed, "raster/check");
            int count = random.NextInt(40) + 1,
                steps = random.NextInt(12) + 1;
            List<ushort> neurons = [];
            int[] offsets = new int[steps + 1];
            for (int t = 0; t < steps; t++)
            {
                // Steps without a spike, and some with nearly all neurons.
                double density = random.NextInt(3) * 0.45;
                for (int j = 0; j < count; j++)
                {
                    if (random.NextDouble() < density)
                        neurons.Add((ushort)j);
                }
                offsets[t + 1] = neurons.Count;
            }
            ushort[] spikes = [.. neurons];
            if (random.NextInt(2) == 0 && spikes.Length > 0)
                spikes[random.NextInt(spikes.Length)] = (ushort)random.NextInt(count + 2);
            if (random.NextInt(4) == 0)
                offsets[random.NextInt(offsets.Length)] += random.NextInt(5) - 2;
            bool right = IsRaster(count, offsets, spikes);
            if (!right)
                refused++;
            Assert.True(
                right == (Record.Exception(() => new SpikeRaster(count, offsets, spikes)) is null),
                $"seed {seed}: right is {right}"
            );
        }
        Assert.InRange(refused, 1_000, 3_000);
    }

    [Fact]
    public void A_long_raster_is_checked_to_its_end()
    {
        // Longer than the counters of the vector lanes go: every step falls from the last one.
        const int Steps = 5_000_000;
        int[] offsets = [.. Enumerable.Range(0, Steps + 1)];
        ushort[] neurons = [.. Enumerable.Range(0, Steps).Select(t => (ushort)(9 - (t % 10)))];
        Assert.Equal(Steps, new SpikeRaster(10, offsets, neurons).SpikeCount);
        neurons[^1] = 10;
        Assert.Throws<ArgumentException>(() => new SpikeRaster(10, offsets, neurons));
    }

    private static bool IsRaster(int count, int[] offsets, ushort[] neurons)
    {
        if (offsets[0] != 0 || offsets[^1] != neurons.Length || offsets.Any(o => o < 0 || o > neurons.Length))
            return false;
        for (int t = 0; t + 1 < offsets.Length; t++)
        {
            if (offsets[t + 1] < offsets[t])
                return false;
            for (int k = offsets[t]; k < offsets[t + 1]; k++)
            {
                if (neurons[k] >= count || (k > offsets[t] && neurons[k] <= neurons[k - 1]))
                    return false;
            }
        }
        return true;
    }
}
