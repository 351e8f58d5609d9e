using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Data.Recordings;

namespace ExamplePlugin;

/// <summary>
/// A bar that moves right, left, down or up before a camera of 16×16 pixels: four classes, 16 ms a pixel. Its front
/// makes ON events and its back OFF events.
/// </summary>
/// <remarks>A sample depends on (seed, split, index) alone, and on every machine its events are the same.</remarks>
/// <param name="seed">The data set's seed.</param>
public sealed class MovingBars(long seed) : IEventGenerator
{
    private const int Size = 16,
        ClassCount = 4,
        Thickness = 3;

    private const long MicrosecondsPerPixel = 16_000;

    /// <summary>Its entry in the sweep file.</summary>
    public static Method<DatasetDescription> Method { get; } =
        DatasetDescription
            .Generated(
                "moving-bars",
                "bars that move in one of four directions, 16×16×2, any number of samples, made from a seed",
                Size,
                Size,
                polar: true,
                ClassCount,
                seed => new MovingBars(seed)
            )
            .Method;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public int LabelOf(int index) => index % ClassCount;

    /// <inheritdoc/>
    public SensorEvent[] Record(DatasetSplit split, int index)
    {
        RandomStream random = new(seed, $"moving-bars/{split}/{index}");
        int from = random.NextInt(Size / 2),
            to = from + (Size / 2);
        List<SensorEvent> events = [];
        for (int at = 0; at < Size + Thickness; at++)
        {
            for (int along = from; along < to; along++)
            {
                long time = (at * MicrosecondsPerPixel) + random.NextInt(1_000);
                if (at < Size)
                    events.Add(Event(time, at, along, LabelOf(index), on: true));
                if (at >= Thickness)
                    events.Add(Event(time, at - Thickness, along, LabelOf(index), on: false));
            }
        }
        return [.. events.OrderBy(e => e.Microseconds)];
    }

    private static SensorEvent Event(long time, int at, int along, int direction, bool on)
    {
        int across = direction % 2 == 0 ? at : Size - 1 - at;
        (int x, int y) = direction < 2 ? (across, along) : (along, across);
        return new SensorEvent(time, (ushort)x, (ushort)y, on);
    }
}
