using Rouser.Data;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Fused;

/// <summary>
/// Where the neurons below a layer stand once windows of them are summed (<see cref="LayerConnection"/>), and which
/// outputs of a kernel they reach from there.
/// </summary>
internal sealed unsafe class PlaneMap : IDisposable
{
    /// <summary>In place of a neuron whose window is cut off.</summary>
    public const ushort None = ushort.MaxValue;

    private readonly NativeBuffer<int> _sums;
    private readonly NativeBuffer<ushort> _pooled;
    private readonly NativeBuffer<PlanePlace> _places;
    private readonly NativeBuffer<PlaneReach> _rows,
        _columns;

    /// <summary>Makes the tables.</summary>
    public PlaneMap(LayerConnection connection)
    {
        Plane pooled = connection.Pooled;
        _sums = new(connection.Inputs);
        _pooled = new(connection.Convolution is null ? connection.Inputs : 0);
        _places = new(connection.Convolution is null ? 0 : connection.Inputs);
        for (int j = 0; j < connection.Inputs; j++)
        {
            (int Y, int X, int Channel)? place = connection.PlaceOf(j);
            _sums.Pointer[j] = place is { } at ? (((at.Y * pooled.Width) + at.X) * pooled.Channels) + at.Channel : -1;
            if (_pooled.Length > 0)
                _pooled.Pointer[j] = place is null ? None : (ushort)_sums.Pointer[j];
            if (_places.Length > 0)
                _places.Pointer[j] = place is { } to
                    ? new PlanePlace((ushort)to.Y, (ushort)to.X, (ushort)to.Channel)
                    : PlanePlace.Cut;
        }
        Plane? own = connection.Plane;
        _rows = Reach(connection, pooled.Height, own?.Height ?? 0);
        _columns = Reach(connection, pooled.Width, own?.Width ?? 0);
    }

    /// <summary>A neuron's place among the sums; −1 where its window is cut off.</summary>
    public int PooledOf(int neuron) => _sums.Pointer[neuron];

    /// <summary><c>[in]</c>: each neuron's place among the sums, or <see cref="None"/>; for dense layers above them.</summary>
    public ushort* Pooled => _pooled.Pointer;

    /// <summary><c>[in]</c>: each neuron's place in the plane; for kernels.</summary>
    public PlanePlace* Places => _places.Pointer;

    /// <summary>The rows of outputs that see a row of the plane.</summary>
    public PlaneReach* Rows => _rows.Pointer;

    /// <summary>The columns likewise.</summary>
    public PlaneReach* Columns => _columns.Pointer;

    /// <summary>Puts sums in place of the listed spikes, in their order; the list becomes shorter where windows are cut off.</summary>
    /// <param name="steps">Steps of the list.</param>
    /// <param name="offsets">Where each step's spikes start, <c>[steps + 1]</c>.</param>
    /// <param name="neurons">The neurons that spiked.</param>
    public void Pool(int steps, int* offsets, ushort* neurons)
    {
        int kept = 0,
            k = 0;
        for (int t = 0; t < steps; t++)
        {
            int end = offsets[t + 1];
            offsets[t] = kept;
            for (; k < end; k++)
            {
                ushort pooled = Pooled[neurons[k]];
                if (pooled != None)
                    neurons[kept++] = pooled;
            }
        }
        offsets[steps] = kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sums.Dispose();
        _pooled.Dispose();
        _places.Dispose();
        _rows.Dispose();
        _columns.Dispose();
    }

    private static NativeBuffer<PlaneReach> Reach(LayerConnection connection, int side, int outputs)
    {
        NativeBuffer<PlaneReach> reach = new(connection.Convolution is null ? 0 : side);
        for (int at = 0; at < reach.Length; at++)
        {
            (int from, int to) = connection.Reached(at, outputs);
            reach.Pointer[at] = new PlaneReach(from, to);
        }
        return reach;
    }
}

/// <summary>A neuron's place in a plane of at most 65,536 neurons.</summary>
internal readonly record struct PlanePlace(ushort Y, ushort X, ushort Channel)
{
    /// <summary>Of a neuron whose window is cut off.</summary>
    public static PlanePlace Cut { get; } = new(ushort.MaxValue, ushort.MaxValue, ushort.MaxValue);

    /// <summary>Whether it is.</summary>
    public bool IsCut => Y == ushort.MaxValue;
}

/// <summary>Rows or columns, from the first to one past the last.</summary>
internal readonly record struct PlaneReach(int From, int To);
