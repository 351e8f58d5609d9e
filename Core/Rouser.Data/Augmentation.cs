using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>What is changed at random in training samples, anew in every epoch.</summary>
/// <param name="JitterSteps">Each spike moves by −n to n steps, all equally likely; one that leaves the sample is
/// lost.</param>
/// <param name="Shift">The picture moves by −n to n pixels of the raster along each axis, all equally likely; of an
/// ear, by so many channels. What leaves it is lost.</param>
public sealed record Augmentation(int JitterSteps = 0, int Shift = 0)
{
    /// <summary>Nothing is changed.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>n of the jitter, in steps.</summary>
    public static Parameter JitterParameter { get; } =
        new(
            "augment.jitter_steps",
            new ParameterType.Integer(0, DatasetSettings.MaxSteps - 1),
            0,
            "Temporal jitter n: each spike of a training sample moves by a random number of steps from −n to n, "
                + "drawn anew in every epoch. 0: no jitter."
        )
        {
            SilentDefault = true,
        };

    /// <summary>n of the shift, in pixels or channels.</summary>
    public static Parameter ShiftParameter { get; } =
        new(
            "augment.shift",
            new ParameterType.Integer(0, SpikeRaster.MaxNeurons - 1),
            0,
            "Spatial shift n: each training sample moves by a random number of pixels from −n to n along each "
                + "axis, drawn anew in every epoch. For audio: channels. Pixels are counted after `dataset.crop` and "
                + "`dataset.downsample`. 0: no shift."
        )
        {
            SilentDefault = true,
        };

    /// <summary>From a trial's values.</summary>
    public static Augmentation From(ParameterSet set) => new(set.Int32(JitterParameter), set.Int32(ShiftParameter));
}

/// <summary>Makes altered copies of rasters. For one thread.</summary>
/// <param name="what">What is changed.</param>
/// <param name="shape">How the rasters came about: where a channel lies in the picture.</param>
/// <param name="slots">How many copies are in use at once.</param>
public sealed class Augmenter(Augmentation what, EventBinning shape, int slots)
{
    private readonly (int[] Offsets, ushort[] Neurons)[] _slots =
    [
        .. Enumerable.Range(0, slots).Select(_ => (new int[shape.Steps + 1], Array.Empty<ushort>())),
    ];
    private ulong[] _cells = [];

    /// <summary>An altered copy, which depends on the raster and the stream alone.</summary>
    /// <param name="raster">The sample; stays as it is.</param>
    /// <param name="random">Tells how it is altered.</param>
    /// <param name="slot">From 0. The copy lasts until the slot is used again, because its memory is.</param>
    /// <exception cref="ArgumentException">The raster has another shape.</exception>
    public SpikeRaster Apply(SpikeRaster raster, RandomStream random, int slot)
    {
        if (raster.NeuronCount != shape.ChannelCount || raster.StepCount != shape.Steps)
            throw new ArgumentException(
                $"The raster is {raster.StepCount} × {raster.NeuronCount} instead of {shape.Steps} × {shape.ChannelCount}.",
                nameof(raster)
            );
        if (_cells.Length < raster.SpikeCount)
            _cells = new ulong[raster.SpikeCount * 5 / 4];
        ref (int[] Offsets, ushort[] Neurons) copy = ref _slots[slot];
        if (copy.Neurons.Length < raster.SpikeCount)
            copy.Neurons = new ushort[raster.SpikeCount * 5 / 4];

        int moved = Move(raster, random);
        // Spikes that meet in a cell become one, as events do.
        int kept = CellSort.Sort(_cells.AsSpan(0, moved), shape.ChannelCount, least: 1, copy.Offsets, copy.Neurons);
        return new(shape.ChannelCount, copy.Offsets.AsMemory(), copy.Neurons.AsMemory(0, kept));
    }

    private int Move(SpikeRaster raster, RandomStream random)
    {
        (int width, int plane, int steps, int jitter) = (
            shape.OutWidth,
            shape.OutWidth * shape.OutHeight,
            shape.Steps,
            what.JitterSteps
        );
        int right = Draw(random, what.Shift),
            down = shape.OutHeight > 1 ? Draw(random, what.Shift) * width : 0,
            moved = 0;
        for (int t = 0; t < steps; t++)
        {
            foreach (ushort n in raster.At(t))
            {
                // Within the image of its polarity; from one into the other there is no way.
                int pixel = n < plane ? n : n - plane,
                    step = t + Draw(random, jitter);
                bool inside =
                    (uint)((pixel % width) + right) < (uint)width
                    && (uint)(pixel + down) < (uint)plane
                    && (uint)step < (uint)steps;
                if (inside)
                    _cells[moved++] = CellSort.Cell(step, n + down + right);
            }
        }
        return moved;
    }

    /// <summary>−n to n, all equally likely.</summary>
    private static int Draw(RandomStream random, int n) => n == 0 ? 0 : random.NextInt((2 * n) + 1) - n;
}
