using Rouser.Data.Recordings;

namespace Rouser.Data.Tests;

public class GestureBlobsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_events_in_every_version_and_on_every_machine()
    {
        // If this fails after a change to the generator, raise GestureBlobs.Version with the constant; if not, the
        // generator is not reproducible.
        Assert.Equal(1, GestureBlobs.Version);
        Assert.Equal("62de87e3d8ac5c40a5af4575efbee4538f2c8c2368fe131e77ac15f40b4afe04", GeneratorHash.Of(new GestureBlobs(7)));
    }

    [Fact]
    public void A_sample_depends_on_seed_split_and_index_alone()
    {
        GestureBlobs gestures = new(3);
        SensorEvent[] fifth = gestures.Record(DatasetSplit.Train, 5);
        gestures.Record(DatasetSplit.Train, 6);
        Assert.Equal(fifth, gestures.Record(DatasetSplit.Train, 5));
        Assert.Equal(fifth, new GestureBlobs(3).Record(DatasetSplit.Train, 5));
        Assert.NotEqual(fifth, gestures.Record(DatasetSplit.Test, 5));
        Assert.NotEqual(fifth, new GestureBlobs(4).Record(DatasetSplit.Train, 5));
    }

    [Fact]
    public void Every_class_moves_and_its_events_lie_on_the_sensor_in_order_of_time()
    {
        GestureBlobs gestures = new(0);
        for (int i = 0; i < 22; i++)
        {
            SensorEvent[] events = gestures.Record(DatasetSplit.Train, i);
            // The ten real recordings that the tests read hold more, 63,471 to 181,179 in 1.45 s: a person moves with
            // the arms.
            Assert.InRange(events.Length, 10_000, 100_000);
            Assert.All(events, e => Assert.True(e is { X: < 128, Y: < 128, Microseconds: >= 0 and < 1_500_000 }));
            for (int k = 1; k < events.Length; k++)
                Assert.True(events[k].Microseconds >= events[k - 1].Microseconds);
        }
    }

    [Fact]
    public void A_wave_is_on_its_own_side()
    {
        GestureBlobs gestures = new(1);
        // Class 1 waves the right hand, which is on the left of the picture; class 2 the left one.
        Assert.True(ShareOnTheLeft(gestures.Record(DatasetSplit.Train, 1)) > 0.85);
        Assert.True(ShareOnTheLeft(gestures.Record(DatasetSplit.Train, 2)) < 0.15);

        static double ShareOnTheLeft(SensorEvent[] events) => events.Count(e => e.X < 64) / (double)events.Length;
    }

    [Fact]
    public void Sine_and_cosine_are_those_of_the_library_to_the_last_bits()
    {
        for (int i = -40_000; i <= 40_000; i++)
        {
            double turns = i / 9_999.0;
            (double sin, double cos) = Turns.SinCos(turns);
            Assert.Equal(Math.Sin(2 * Math.PI * turns), sin, 1e-14);
            Assert.Equal(Math.Cos(2 * Math.PI * turns), cos, 1e-14);
        }
    }
}
