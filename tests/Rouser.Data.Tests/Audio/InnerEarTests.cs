using Rouser.Data.Audio;
using Rouser.Data.Recordings;

namespace Rouser.Data.Tests.Audio;

public class InnerEarTests
{
    private static readonly InnerEar Ear = new();

    [Fact]
    public void Silence_makes_no_spikes() => Assert.Empty(Ear.Listen(new float[InnerEar.SampleRate]));

    /// <summary>Independent of the channels' constants: a tone is heard where the formula of the place says.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(3000)]
    [InlineData(6000)]
    public void A_tone_is_heard_where_the_membrane_rings_at_it(double hertz)
    {
        // Just loud enough for the place that rings, after what the outer ear takes away: a louder tone drives its
        // neighbours as hard.
        double angle = 2 * Math.PI * hertz / InnerEar.SampleRate,
            outer = Math.Sqrt(1 + 0.81 - (1.8 * Math.Cos(angle)));
        SensorEvent[] spikes = Ear.Listen(Tone(hertz, 150 / outer));
        Assert.NotEmpty(spikes);
        double channel = spikes.GroupBy(s => s.X).OrderByDescending(g => g.Count()).Take(15).Average(g => g.Key);
        // s(c) = (2πf)²·m, solved for c; a first difference and damping move the loudest place little.
        double stiffness = Math.Pow(2 * Math.PI * hertz, 2) * 0.05,
            c = -Math.Log((stiffness + 3500) / 1e8) / 3,
            expected = c / 3.38 * 699;
        Assert.InRange(channel, expected - 10, expected + 10);
    }

    [Fact]
    public void A_louder_tone_makes_more_spikes_on_more_channels()
    {
        SensorEvent[] soft = Ear.Listen(Tone(1000, 2_000)),
            loud = Ear.Listen(Tone(1000, 10_000));
        Assert.True(loud.Length > 1.5 * soft.Length, $"{soft.Length} {loud.Length}");
        Assert.True(loud.Select(s => s.X).Distinct().Count() > soft.Select(s => s.X).Distinct().Count());
    }

    [Fact]
    public void A_cell_rests_a_millisecond_after_a_spike_and_locks_to_a_low_tone()
    {
        SensorEvent[] spikes = Ear.Listen(Tone(200, 10_000));
        foreach (IGrouping<ushort, SensorEvent> cell in spikes.GroupBy(s => s.X))
        {
            long[] times = [.. cell.Select(s => s.Microseconds)];
            for (int i = 1; i < times.Length; i++)
                Assert.True(times[i] - times[i - 1] >= 1000);
        }
        // Vector strength (Goldberg and Brown 1969): 1 if every spike has the same phase, 0 if they are spread.
        ushort busiest = spikes.GroupBy(s => s.X).OrderByDescending(g => g.Count()).First().Key;
        double[] phases =
        [
            .. spikes
                .Where(s => s.X == busiest && s.Microseconds > 100_000)
                .Select(s => 2 * Math.PI * 200 * s.Microseconds / 1e6),
        ];
        Assert.True(Math.Sqrt(Math.Pow(phases.Average(Math.Sin), 2) + Math.Pow(phases.Average(Math.Cos), 2)) > 0.6);
    }

    [Fact]
    public void Spikes_come_in_order_and_the_same_sound_gives_the_same()
    {
        float[] sound = new SpokenDigits(5).Speak(DatasetSplit.Train, 4);
        SensorEvent[] spikes = Ear.Listen(sound);
        Assert.Equal(spikes, new InnerEar().Listen(sound));
        Assert.Equal(spikes, spikes.OrderBy(s => s.Microseconds).ThenBy(s => s.X));
    }

    [Fact]
    public void The_loudest_part_gets_the_loudness_and_silence_stays()
    {
        float[] sound = [.. new float[8000], .. Tone(500, 7)];
        InnerEar.Normalize(sound, 30);
        Assert.Equal(30, Math.Sqrt(sound[8800..9600].Average(x => (double)x * x)), 0.5);
        float[] silence = new float[100];
        InnerEar.Normalize(silence);
        Assert.All(silence, x => Assert.Equal(0, x));
    }

    internal static float[] Tone(double hertz, double rootMeanSquare) =>
        [
            .. Enumerable
                .Range(0, InnerEar.SampleRate / 2)
                .Select(t => (float)(Math.Sqrt(2) * rootMeanSquare * Math.Sin(2 * Math.PI * hertz * t / InnerEar.SampleRate))),
        ];
}
