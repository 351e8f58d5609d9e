using Rouser.Data.Recordings;
using Rouser.Data.Tests.Formats;
using Rouser.Testing;

namespace Rouser.Data.Tests;

public class EventBinningTests
{
    private static readonly EventBinning TwoByThree = new(Width: 2, Height: 3, Steps: 4, StepMilliseconds: 1);

    [Fact]
    public void The_off_image_comes_before_the_on_image_in_reading_order()
    {
        SensorEvent[] events =
        [
            new(0, 0, 0, false),
            new(0, 1, 0, false),
            new(0, 0, 2, false),
            new(0, 0, 0, true),
            new(0, 1, 2, true),
        ];
        Assert.Equal([0, 1, 4, 6, 11], events.Select(e => TwoByThree.ChannelOf(e)));
        Assert.Equal([0, 1, 4, 6, 11], TwoByThree.Bin(events).Raster.At(0).ToArray());
    }

    [Fact]
    public void A_step_covers_its_start_but_not_its_end()
    {
        SpikeRaster raster = TwoByThree.Bin([new(999, 0, 0, false), new(1000, 1, 0, false), new(3999, 0, 1, false)]).Raster;
        Assert.Equal([0, 1, 2, 2, 3], raster.StepOffsets.ToArray());
    }

    [Fact]
    public void Events_of_one_cell_become_one_spike_and_their_order_does_not_matter()
    {
        BinnedEvents binned = TwoByThree.Bin([
            new(2500, 1, 1, true),
            new(100, 1, 1, true),
            new(2100, 1, 1, true),
            new(2200, 0, 0, true),
        ]);
        Assert.Equal(3, binned.Raster.SpikeCount);
        Assert.Equal([6, 9], binned.Raster.At(2).ToArray());
        Assert.Equal(0, binned.Dropped);
    }

    [Fact]
    public void Events_outside_the_steps_are_dropped_and_counted()
    {
        BinnedEvents binned = TwoByThree.Bin([
            new(-1, 0, 0, true),
            new(4000, 0, 0, true),
            new(long.MaxValue, 0, 0, true),
            new(3999, 0, 0, true),
        ]);
        Assert.Equal((3, 1), (binned.Dropped, binned.Raster.SpikeCount));
    }

    [Fact]
    public void Steps_of_half_a_millisecond_and_of_many_are_possible()
    {
        Assert.Equal(
            [0, 0, 0, 1],
            (TwoByThree with { Steps = 3, StepMilliseconds = 0.5 }).Bin([new(1400, 0, 0, true)]).Raster.StepOffsets.ToArray()
        );
        Assert.Equal(
            [0, 0, 1],
            (TwoByThree with { Steps = 2, StepMilliseconds = 10 }).Bin([new(19_999, 0, 0, true)]).Raster.StepOffsets.ToArray()
        );
    }

    [Fact]
    public void Random_events_bin_as_a_dense_raster_would()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            RandomStream random = new(seed, "binning");
            SensorEvent[] events =
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(_ => new SensorEvent(
                        random.NextInt(4500),
                        (ushort)random.NextInt(2),
                        (ushort)random.NextInt(3),
                        random.NextInt(2) == 1
                    )),
            ];
            bool[,] dense = new bool[4, 12];
            foreach (SensorEvent e in events)
            {
                if (e.Microseconds < 4000)
                    dense[e.Microseconds / 1000, (e.On ? 6 : 0) + (2 * e.Y) + e.X] = true;
            }
            SpikeRaster raster = TwoByThree.Bin(events).Raster;
            for (int t = 0; t < 4; t++)
                Assert.Equal(Enumerable.Range(0, 12).Where(n => dense[t, n]).Select(n => (ushort)n), raster.At(t).ToArray());
        }
    }

    [Fact]
    public void Many_steps_many_channels_and_any_least_count_bin_as_counting_by_hand_does()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            RandomStream random = new(seed, "binning at large");
            int least = 1 + random.NextInt(3),
                steps = 1 + random.NextInt(70_000),
                width = 1 + random.NextInt(200),
                height = 1 + random.NextInt(160);
            EventBinning binning = new(width, height, steps, 0.25) { Options = new(MinEvents: least) };
            // Few places, so that cells are met several times.
            SensorEvent[] events =
            [
                .. Enumerable
                    .Range(0, random.NextInt(3000))
                    .Select(_ => new SensorEvent(
                        (long)random.NextInt(7) * steps * 50,
                        (ushort)(random.NextInt(4) * (width - 1) / 3),
                        (ushort)(random.NextInt(4) * (height - 1) / 3),
                        random.NextInt(2) == 1
                    )),
            ];
            List<(int, int)> expected =
            [
                .. events
                    .GroupBy(e => (Step: (int)(e.Microseconds / 250), Channel: binning.ChannelOf(e)))
                    .Where(g => g.Key.Step < steps && g.Count() >= least)
                    .Select(g => g.Key)
                    .Order(),
            ];
            SpikeRaster raster = binning.Bin(events).Raster;
            Assert.True(
                expected.SequenceEqual(
                    Enumerable.Range(0, steps).SelectMany(t => raster.At(t).ToArray().Select(n => (t, (int)n)))
                ),
                $"seed {seed}"
            );
        }
    }

    [SharedDataFact]
    public void Of_the_real_events_few_fall_past_300_ms_or_share_a_cell()
    {
        EventBinning binning = new(34, 34, 300, 1);
        long events = 0,
            dropped = 0,
            spikes = 0;
        foreach (string file in NMnistDecoderTests.Files("Train").Concat(NMnistDecoderTests.Files("Test")))
        {
            SensorEvent[] recording = NMnistDecoderTests.Read(file);
            BinnedEvents binned = binning.Bin(recording);
            (events, dropped, spikes) = (events + recording.Length, dropped + binned.Dropped, spikes + binned.Raster.SpikeCount);
        }
        Assert.InRange((double)dropped / events, 0.002, 0.003);
        Assert.InRange((double)(events - dropped - spikes) / events, 0.0012, 0.0013);
        Assert.InRange(spikes / (1000.0 * 300 * 2312), 0.0055, 0.0065);
    }

    [Fact]
    public void Merged_polarities_share_a_channel()
    {
        EventBinning merged = TwoByThree with { Options = new(MergePolarities: true) };
        Assert.Equal(6, merged.ChannelCount);
        Assert.Equal([3], merged.Bin([new(0, 1, 1, true), new(0, 1, 1, false)]).Raster.At(0).ToArray());
    }

    [Fact]
    public void A_sensor_is_scaled_down_by_whole_pixels_with_a_smaller_one_for_the_rest()
    {
        EventBinning half = new(5, 4, 1, 1) { Options = new(Downsample: 2) };
        Assert.Equal((3, 2, 12), (half.OutWidth, half.OutHeight, half.ChannelCount));
        Assert.Equal(
            [0, 2, 3, 11],
            half.Bin([new(0, 1, 1, false), new(0, 4, 0, false), new(0, 0, 2, false), new(0, 4, 3, true)]).Raster.At(0).ToArray()
        );
    }

    [Fact]
    public void Channels_of_an_ear_are_grouped_and_cropped_without_touching_its_single_row()
    {
        EventBinning ear = new(700, 1, 1, 10) { Options = new(MergePolarities: true, Downsample: 5) };
        Assert.Equal(140, ear.ChannelCount);
        Assert.Equal([0, 1, 139], ear.Bin([new(0, 4, 0, true), new(0, 5, 0, true), new(0, 699, 0, true)]).Raster.At(0).ToArray());
        BinnedEvents cropped = (ear with { Options = ear.Options with { Crop = 100 } }).Bin([
            new(0, 99, 0, true),
            new(0, 100, 0, true),
            new(0, 599, 0, true),
            new(0, 600, 0, true),
        ]);
        Assert.Equal([0, 99], cropped.Raster.At(0).ToArray());
        Assert.Equal((2, 100), (cropped.Dropped, cropped.Raster.NeuronCount));
    }

    [Fact]
    public void A_margin_is_cut_off_each_side()
    {
        EventBinning inner = new(6, 5, 1, 1) { Options = new(Crop: 1) };
        Assert.Equal((4, 3, 24), (inner.OutWidth, inner.OutHeight, inner.ChannelCount));
        BinnedEvents binned = inner.Bin([
            new(0, 0, 2, false),
            new(0, 5, 2, false),
            new(0, 2, 0, false),
            new(0, 2, 4, false),
            new(0, 1, 1, false),
            new(0, 4, 3, true),
        ]);
        Assert.Equal([0, 23], binned.Raster.At(0).ToArray());
        Assert.Equal(4, binned.Dropped);
    }

    [Fact]
    public void A_spike_may_need_several_events_of_its_cell()
    {
        EventBinning pairs = TwoByThree with { Options = new(MinEvents: 2) };
        Assert.Equal(
            [1, 4],
            pairs
                .Bin([
                    new(1, 1, 0, false),
                    new(2, 0, 2, false),
                    new(3, 1, 0, false),
                    new(4, 0, 1, true),
                    new(5, 0, 2, false),
                    new(6, 1, 0, false),
                ])
                .Raster.At(0)
                .ToArray()
        );
    }

    [Fact]
    public void A_step_may_be_a_number_of_events()
    {
        SensorEvent[] events = [.. Enumerable.Range(0, 11).Select(i => new SensorEvent(i * 12_345, (ushort)(i % 2), 0, false))];
        BinnedEvents binned = (TwoByThree with { Options = new(EventsPerStep: 2) }).Bin(events);
        Assert.Equal([0, 2, 4, 6, 8], binned.Raster.StepOffsets.ToArray());
        Assert.Equal(3, binned.Dropped);
    }
}
