using System.Buffers;
using System.Numerics;

namespace Rouser.Core.Data;

/// <summary>Puts the events of a sensor into T steps and N channels, one spike for any number of events in a cell.</summary>
/// <param name="Width">Columns of the sensor; of an ear its channels.</param>
/// <param name="Height">Rows of the sensor; of an ear 1.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms. Step t covers t·step ≤ time &lt; (t + 1)·step.</param>
/// <remarks>
/// Channel = polarity·height·width + y·width + x with polarity 0 for OFF and 1 for ON: the OFF image in reading order, then the ON image; all of it
/// after cropping and scaling down. Events on the cropped margin, before 0 or past the last step are dropped and counted.
/// </remarks>
public readonly record struct EventBinning(int Width, int Height, int Steps, double StepMilliseconds)
{
    /// <summary>What is done to the addresses, and how steps are counted.</summary>
    public RasterOptions Options { get; init; } = RasterOptions.Plain;

    /// <summary>N, the channels.</summary>
    public int ChannelCount => (Options.MergePolarities ? 1 : 2) * OutWidth * OutHeight;

    /// <summary>Columns of the raster.</summary>
    public int OutWidth => Options.SizeOf(Width);

    /// <summary>Rows of the raster.</summary>
    public int OutHeight => Height == 1 ? 1 : Options.SizeOf(Height);

    /// <summary>An event's channel; −1 on the margin that is cropped.</summary>
    public int ChannelOf(in SensorEvent e)
    {
        int x = e.X, y = e.Y;
        if (Options.Crop > 0)
        {
            x -= Options.Crop;
            if (Height > 1) y -= Options.Crop;
            if (x < 0 || y < 0 || x >= Width - (2 * Options.Crop) || (Height > 1 && y >= Height - (2 * Options.Crop))) return -1;
        }
        if (Options.Downsample > 1) (x, y) = (x / Options.Downsample, y / Options.Downsample);
        return (((e.On && !Options.MergePolarities ? OutHeight : 0) + y) * OutWidth) + x;
    }

    /// <summary>Bins events, which may come in any order unless a step is a number of events.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An event lies outside the sensor; decoders rule that out.</exception>
    public BinnedEvents Bin(ReadOnlySpan<SensorEvent> events)
    {
        int[] stepOf = ArrayPool<int>.Shared.Rent(events.Length);
        ushort[] channelOf = ArrayPool<ushort>.Shared.Rent(events.Length), byStep = ArrayPool<ushort>.Shared.Rent(events.Length);
        try
        {
            int[] offsets = new int[Steps + 1];
            int inside = Place(events, stepOf, channelOf, offsets);
            // A counting sort by step, then each step by channel: events come nearly in order of time, and a step holds few.
            for (int t = 0; t < Steps; t++) offsets[t + 1] += offsets[t];
            int[] next = ArrayPool<int>.Shared.Rent(Steps);
            offsets.AsSpan(0, Steps).CopyTo(next);
            for (int i = 0; i < inside; i++) byStep[next[stepOf[i]]++] = channelOf[i];
            ArrayPool<int>.Shared.Return(next);
            return new(Compress(offsets, byStep), Dropped: events.Length - inside);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(stepOf);
            ArrayPool<ushort>.Shared.Return(channelOf);
            ArrayPool<ushort>.Shared.Return(byStep);
        }
    }

    /// <summary>Step and channel of each event that has one; <paramref name="counts"/> of step t go to t + 1.</summary>
    /// <returns>How many have one.</returns>
    private int Place(ReadOnlySpan<SensorEvent> events, int[] stepOf, ushort[] channelOf, int[] counts)
    {
        double stepMicroseconds = StepMilliseconds * 1000;
        (int width, int height, int steps, int perStep) = (Width, Height, Steps, Options.EventsPerStep);
        bool whole = Options is { Crop: 0, Downsample: 1 };
        int on = Options.MergePolarities ? 0 : OutWidth * OutHeight, inside = 0;
        foreach (ref readonly SensorEvent e in events)
        {
            if (e.X >= width || e.Y >= height) throw new ArgumentOutOfRangeException(nameof(events), $"{e} lies outside {width}×{height}.");
            int channel = whole ? (e.On ? on : 0) + (e.Y * width) + e.X : ChannelOf(e);
            if (channel < 0) continue;
            double step = perStep > 0 ? inside / perStep : e.Microseconds / stepMicroseconds;
            if (!(step >= 0 && step < steps)) continue;
            stepOf[inside] = (int)step;
            channelOf[inside++] = (ushort)channel;
            counts[(int)step + 1]++;
        }
        return inside;
    }

    /// <summary>Puts each step's channels in order and keeps those with enough events, each once.</summary>
    private SpikeRaster Compress(int[] offsets, ushort[] byStep)
    {
        ulong[] bits = new ulong[(ChannelCount + 63) / 64], words = new ulong[(bits.Length + 63) / 64];
        int least = Options.MinEvents, kept = 0, start = 0;
        for (int t = 0; t < Steps; t++)
        {
            // What is kept is never ahead of what is still to be read, so both share the array.
            Span<ushort> step = byStep.AsSpan(start, offsets[t + 1] - start), to = byStep.AsSpan(kept);
            start = offsets[t + 1];
            kept += least == 1 ? KeepByBits(step, bits, words, to) : KeepBySorting(step, least, to);
            offsets[t + 1] = kept;
        }
        return new(ChannelCount, offsets, byStep.AsSpan(0, kept).ToArray());
    }

    /// <summary>A bit per channel, and a bit per 64 channels that says whether any of them is set, so that only words with a bit are looked at.</summary>
    private static int KeepByBits(ReadOnlySpan<ushort> step, ulong[] bits, ulong[] words, Span<ushort> to)
    {
        foreach (ushort channel in step)
        {
            bits[channel >> 6] |= 1UL << (channel & 63);
            words[channel >> 12] |= 1UL << ((channel >> 6) & 63);
        }
        int kept = 0;
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong set = words[w]; set != 0; set &= set - 1)
            {
                int word = (w << 6) | BitOperations.TrailingZeroCount(set);
                ulong left = bits[word];
                do to[kept++] = (ushort)((word << 6) | BitOperations.TrailingZeroCount(left));
                while ((left &= left - 1) != 0);
                bits[word] = 0;
            }
            words[w] = 0;
        }
        return kept;
    }

    private static int KeepBySorting(Span<ushort> step, int least, Span<ushort> to)
    {
        if (step.Length > 1) step.Sort();
        int kept = 0;
        for (int i = 0, run = 1; i < step.Length; i++, run++)
        {
            if (i > 0 && step[i] != step[i - 1]) run = 1;
            if (run == least) to[kept++] = step[i];
        }
        return kept;
    }
}

/// <summary>What is done to a sensor's addresses, and how steps are counted.</summary>
/// <param name="MergePolarities">Whether ON and OFF events share a channel, as sensors without polarity need it.</param>
/// <param name="Crop">Pixels cut off at each side; of an ear, channels at both ends.</param>
/// <param name="Downsample">Pixels per side, or neighbouring channels, that become one; a remainder at the far side makes a smaller one.</param>
/// <param name="MinEvents">How many events of a cell make a spike; 1 is OR. A spike is binary, so a count decides about it and is not kept.</param>
/// <param name="EventsPerStep">A step is so many events instead of a time; 0 for a time.</param>
public sealed record RasterOptions(bool MergePolarities = false, int Crop = 0, int Downsample = 1, int MinEvents = 1, int EventsPerStep = 0)
{
    /// <summary>Nothing is done, and a step is a time.</summary>
    public static RasterOptions Plain { get; } = new();

    /// <summary>What becomes of a side of this many pixels; 0 or less if nothing is left.</summary>
    public int SizeOf(int side) => (side - (2 * Crop) + Downsample - 1) / Downsample;
}

/// <summary>Events as a raster, and what the raster left out.</summary>
/// <param name="Raster">The spikes, <c>[T × N]</c>.</param>
/// <param name="Dropped">Events on a cropped margin, before the first or past the last step. The rest of what is missing shared a cell with another event.</param>
public readonly record struct BinnedEvents(SpikeRaster Raster, int Dropped);
