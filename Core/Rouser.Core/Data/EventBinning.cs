namespace Rouser.Core.Data;

/// <summary>Puts the events of a sensor into T steps and N = 2·width·height channels, one spike for any number of events in a cell.</summary>
/// <param name="Width">Columns of the sensor.</param>
/// <param name="Height">Rows of the sensor.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms. Step t covers t·step ≤ time &lt; (t + 1)·step.</param>
/// <remarks>
/// Channel = polarity·height·width + y·width + x with polarity 0 for OFF and 1 for ON: the OFF image in reading order, then the ON image.
/// Events before 0 or past the last step are dropped and counted.
/// </remarks>
public readonly record struct EventBinning(int Width, int Height, int Steps, double StepMilliseconds)
{
    /// <summary>N, the channels.</summary>
    public int ChannelCount => 2 * Width * Height;

    /// <summary>An event's channel.</summary>
    public int ChannelOf(in SensorEvent e) => ((e.On ? Height : 0) + e.Y) * Width + e.X;

    /// <summary>Bins events, which may come in any order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An event lies outside the sensor; decoders rule that out.</exception>
    public BinnedEvents Bin(IReadOnlyList<SensorEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        double stepMicroseconds = StepMilliseconds * 1000;
        long[] cells = new long[events.Count];
        int inside = 0;
        for (int i = 0; i < events.Count; i++)
        {
            SensorEvent e = events[i];
            if (e.X >= Width || e.Y >= Height) throw new ArgumentOutOfRangeException(nameof(events), $"{e} lies outside {Width}×{Height}.");
            double step = e.Microseconds / stepMicroseconds;
            if (step >= 0 && step < Steps) cells[inside++] = ((long)step * ChannelCount) + ChannelOf(e);
        }
        return new(Compress(cells.AsSpan(0, inside)), Dropped: events.Count - inside);
    }

    /// <summary>Cells (step·N + channel) to a raster: sorted, each once.</summary>
    private SpikeRaster Compress(Span<long> cells)
    {
        cells.Sort();
        int distinct = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            if (i == 0 || cells[i] != cells[i - 1]) distinct++;
        }
        int[] offsets = new int[Steps + 1];
        ushort[] channels = new ushort[distinct];
        int count = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0 && cells[i] == cells[i - 1]) continue;
            (long step, long channel) = Math.DivRem(cells[i], ChannelCount);
            channels[count++] = (ushort)channel;
            offsets[(int)step + 1]++;
        }
        for (int t = 0; t < Steps; t++) offsets[t + 1] += offsets[t];
        return new(ChannelCount, offsets, channels);
    }
}

/// <summary>Events as a raster, and what the raster left out.</summary>
/// <param name="Raster">The spikes, <c>[T × N]</c>.</param>
/// <param name="Dropped">Events before the first or past the last step. The rest of what is missing shared a cell with another event.</param>
public readonly record struct BinnedEvents(SpikeRaster Raster, int Dropped);
