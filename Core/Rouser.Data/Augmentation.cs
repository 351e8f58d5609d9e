using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>What is changed at random in training samples, anew in every epoch.</summary>
/// <param name="JitterSteps">Each spike moves by −n to n steps, all equally likely; one that leaves the sample is
/// lost.</param>
/// <param name="Shift">The picture moves by −n to n pixels of the raster along each axis, all equally likely; of an
/// ear, by so many channels. What leaves it is lost.</param>
public sealed record Augmentation(int JitterSteps = 0, int Shift = 0)
{
    /// <summary>p of <see cref="EventDrop"/>.</summary>
    public double Drop { get; init; }

    /// <summary>f of <see cref="TimeStretch"/>.</summary>
    public double Stretch { get; init; }

    /// <summary>n of <see cref="Data.Rotation"/>, degrees.</summary>
    public double Rotation { get; init; }

    /// <summary>f of <see cref="Scaling"/>.</summary>
    public double Scale { get; init; }

    /// <summary>p of <see cref="Data.Blend"/>.</summary>
    public double Blend { get; init; }

    /// <summary>All parameters, in the order of the documentation.</summary>
    public static IReadOnlyList<Parameter> Parameters =>
        [
            JitterParameter,
            ShiftParameter,
            EventDrop.Parameter,
            TimeStretch.Parameter,
            Data.Rotation.Parameter,
            Scaling.Parameter,
            Data.Blend.Parameter,
        ];

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
    public static Augmentation From(ParameterSet set) =>
        new(set.Int32(JitterParameter), set.Int32(ShiftParameter))
        {
            Drop = set.Real(EventDrop.Parameter),
            Stretch = set.Real(TimeStretch.Parameter),
            Rotation = set.Real(Data.Rotation.Parameter),
            Scale = set.Real(Scaling.Parameter),
            Blend = set.Real(Data.Blend.Parameter),
        };
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
    private readonly bool _turns = what.Rotation > 0 || what.Scale > 0;
    private readonly int[] _pixels = new int[what.Rotation > 0 || what.Scale > 0 ? shape.OutWidth * shape.OutHeight : 0];
    private ulong[] _cells = [];

    /// <summary>An altered copy, which depends on the raster and the stream alone.</summary>
    /// <param name="raster">The sample; stays as it is.</param>
    /// <param name="random">Tells how it is altered.</param>
    /// <param name="slot">From 0. The copy lasts until the slot is used again, because its memory is.</param>
    /// <param name="partner">What it is blended with (<see cref="Blend"/>); null for nothing. What else is changed is
    /// changed in both alike.</param>
    /// <exception cref="ArgumentException">A raster has another shape.</exception>
    public SpikeRaster Apply(SpikeRaster raster, RandomStream random, int slot, SpikeRaster? partner = null)
    {
        Check(raster);
        if (partner is { } other)
            Check(other);
        int most = raster.SpikeCount + (partner?.SpikeCount ?? 0);
        if (_cells.Length < most)
            _cells = new ulong[most * 5 / 4];
        ref (int[] Offsets, ushort[] Neurons) copy = ref _slots[slot];
        if (copy.Neurons.Length < most)
            copy.Neurons = new ushort[most * 5 / 4];

        int moved = Move(raster, partner, random);
        // Spikes that meet in a cell become one, as events do.
        int kept = CellSort.Sort(_cells.AsSpan(0, moved), shape.ChannelCount, least: 1, copy.Offsets, copy.Neurons);
        return new(shape.ChannelCount, copy.Offsets.AsMemory(), copy.Neurons.AsMemory(0, kept));
    }

    private void Check(SpikeRaster raster)
    {
        if (raster.NeuronCount != shape.ChannelCount || raster.StepCount != shape.Steps)
            throw new ArgumentException(
                $"The raster is {raster.StepCount} × {raster.NeuronCount} instead of {shape.Steps} × {shape.ChannelCount}.",
                nameof(raster)
            );
    }

    private int Move(SpikeRaster raster, SpikeRaster? partner, RandomStream random)
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
        // What an older sweep does not use draws nothing, so that its samples are altered as they were.
        double stretch = TimeStretch.Draw(what.Stretch, random);
        if (_turns)
            MapPixels(random);
        Add(raster);
        if (partner is { } other)
            Add(other);
        return moved;

        void Add(SpikeRaster from)
        {
            for (int t = 0; t < steps; t++)
            {
                foreach (ushort n in from.At(t))
                {
                    if ((partner is not null && !Data.Blend.Keeps(random)) || EventDrop.Loses(what.Drop, random))
                        continue;
                    // Within the image of its polarity; from one into the other there is no way.
                    int image = n < plane ? 0 : plane,
                        pixel = _turns ? _pixels[n - image] : n - image,
                        step = TimeStretch.Step(t, stretch) + Draw(random, jitter);
                    bool inside =
                        pixel >= 0
                        && (uint)((pixel % width) + right) < (uint)width
                        && (uint)(pixel + down) < (uint)plane
                        && (uint)step < (uint)steps;
                    if (inside)
                        _cells[moved++] = CellSort.Cell(step, image + pixel + down + right);
                }
            }
        }
    }

    /// <summary>Where each pixel of the picture comes to lie, −1 outside of it.</summary>
    private void MapPixels(RandomStream random)
    {
        (double cos, double sin) = Rotation.Draw(what.Rotation, random);
        double scale = Scaling.Draw(what.Scale, random),
            x0 = (shape.OutWidth - 1) / 2.0,
            y0 = (shape.OutHeight - 1) / 2.0;
        for (int pixel = 0; pixel < _pixels.Length; pixel++)
        {
            double x = (pixel % shape.OutWidth) - x0,
                y = (pixel / shape.OutWidth) - y0;
            int column = (int)Math.Floor(x0 + (scale * ((cos * x) - (sin * y))) + 0.5),
                row = (int)Math.Floor(y0 + (scale * ((sin * x) + (cos * y))) + 0.5);
            _pixels[pixel] =
                (uint)column < (uint)shape.OutWidth && (uint)row < (uint)shape.OutHeight ? (row * shape.OutWidth) + column : -1;
        }
    }

    /// <summary>−n to n, all equally likely.</summary>
    private static int Draw(RandomStream random, int n) => n == 0 ? 0 : random.NextInt((2 * n) + 1) - n;
}
