using System.Buffers;
using System.Runtime.CompilerServices;
using Rouser.Data.Recordings;

namespace Rouser.Data;

/// <summary>
/// Puts the events of a sensor into T steps and N channels, one spike for any number of events in a cell.
/// </summary>
/// <param name="Width">Columns of the sensor; of an ear its channels.</param>
/// <param name="Height">Rows of the sensor; of an ear 1.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms. Step t covers t·step ≤ time &lt; (t + 1)·step.</param>
/// <remarks>
/// Channel = polarity·height·width + y·width + x with polarity 0 for OFF and 1 for ON: the OFF image in reading
/// order, then the ON image; all of it after cropping and scaling down. Events on the cropped margin, before 0 or
/// past the last step are dropped and counted.
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

    /// <summary>
    /// What a raster looks like: channel = (polarity·height + y)·width + x of it. Null for an ear, whose channels have no
    /// plane.
    /// </summary>
    public Plane? Plane => Height == 1 ? null : new Plane(Options.MergePolarities ? 1 : 2, OutHeight, OutWidth);

    /// <summary>An event's channel; −1 on the margin that is cropped.</summary>
    public int ChannelOf(in SensorEvent e)
    {
        int x = e.X,
            y = e.Y;
        if (Options.Crop > 0)
        {
            x -= Options.Crop;
            if (Height > 1)
                y -= Options.Crop;
            if (x < 0 || y < 0 || x >= Width - (2 * Options.Crop) || (Height > 1 && y >= Height - (2 * Options.Crop)))
                return -1;
        }
        if (Options.Downsample > 1)
            (x, y) = (x / Options.Downsample, y / Options.Downsample);
        return (((e.On && !Options.MergePolarities ? OutHeight : 0) + y) * OutWidth) + x;
    }

    /// <summary>Bins events, which may come in any order unless a step is a number of events.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An event lies outside the sensor; decoders rule that
    /// out.</exception>
    public BinnedEvents Bin(ReadOnlySpan<SensorEvent> events)
    {
        ulong[] cells = ArrayPool<ulong>.Shared.Rent(events.Length);
        ushort[] neurons = ArrayPool<ushort>.Shared.Rent(events.Length);
        try
        {
            int inside = Place(events, cells);
            int[] offsets = new int[Steps + 1];
            int kept = CellSort.Sort(cells.AsSpan(0, inside), ChannelCount, Options.MinEvents, offsets, neurons);
            return new(new(ChannelCount, offsets, neurons.AsSpan(0, kept).ToArray()), Dropped: events.Length - inside);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(cells);
            ArrayPool<ushort>.Shared.Return(neurons);
        }
    }

    /// <summary>The cell of each event that has one.</summary>
    /// <returns>How many have one.</returns>
    private int Place(ReadOnlySpan<SensorEvent> events, Span<ulong> cells)
    {
        double stepMicroseconds = StepMilliseconds * 1000;
        (int width, int height, int steps, int perStep) = (Width, Height, Steps, Options.EventsPerStep);
        bool whole = Options is { Crop: 0, Downsample: 1 };
        int on = Options.MergePolarities ? 0 : OutWidth * OutHeight,
            inside = 0;
        foreach (ref readonly SensorEvent e in events)
        {
            if (e.X >= width || e.Y >= height)
                throw new ArgumentOutOfRangeException(nameof(events), $"{e} lies outside {width}×{height}.");
            // A product, because polarity is as good as random and a branch on it would be guessed wrong every other
            // time.
            int channel = whole ? (Unsafe.BitCast<bool, byte>(e.On) * on) + (e.Y * width) + e.X : ChannelOf(e);
            if (channel < 0)
                continue;
            double step = perStep > 0 ? inside / perStep : e.Microseconds / stepMicroseconds;
            if (!(step >= 0 && step < steps))
                continue;
            cells[inside++] = CellSort.Cell((int)step, channel);
        }
        return inside;
    }
}

/// <summary>What is done to a sensor's addresses, and how steps are counted.</summary>
/// <param name="MergePolarities">Whether ON and OFF events share a channel, as sensors without polarity need
/// it.</param>
/// <param name="Crop">Pixels cut off at each side; of an ear, channels at both ends.</param>
/// <param name="Downsample">Pixels per side, or neighbouring channels, that become one; a remainder at the far side
/// makes a smaller one.</param>
/// <param name="MinEvents">How many events of a cell make a spike; 1 is OR. A spike is binary, so a count decides
/// about it and is not kept.</param>
/// <param name="EventsPerStep">A step is so many events instead of a time; 0 for a time.</param>
public sealed record RasterOptions(
    bool MergePolarities = false,
    int Crop = 0,
    int Downsample = 1,
    int MinEvents = 1,
    int EventsPerStep = 0
)
{
    /// <summary>Nothing is done, and a step is a time.</summary>
    public static RasterOptions Plain { get; } = new();

    /// <summary>What becomes of a side of this many pixels; 0 or less if nothing is left.</summary>
    public int SizeOf(int side) => (side - (2 * Crop) + Downsample - 1) / Downsample;
}

/// <summary>Events as a raster, and what the raster left out.</summary>
/// <param name="Raster">The spikes, <c>[T × N]</c>.</param>
/// <param name="Dropped">Events on a cropped margin, before the first or past the last step. The rest of what is
/// missing shared a cell with another event.</param>
public readonly record struct BinnedEvents(SpikeRaster Raster, int Dropped);
