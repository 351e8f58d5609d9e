using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rouser.Snn.Fused;

/// <summary>
/// Mean and standard deviation of a layer's potentials over a batch at one step. Sums are in double precision, one
/// for each of a panel's 32 columns, and added up in their order at the end, so that they are the same on every
/// machine. Values count from the first of them, so that sums of squares do not cancel, and equal values have a
/// deviation of exactly 0.
/// </summary>
internal sealed unsafe class Moments : IDisposable
{
    private readonly NativeBuffer<double> _sums = new(WeightPanels.Width),
        _squares = new(WeightPanels.Width),
        _shares = new(WeightPanels.Width);
    private double _origin;
    private long _count;

    /// <summary>Starts over.</summary>
    /// <param name="origin">The first value.</param>
    public void Start(float origin)
    {
        (_origin, _count) = (origin, 0);
        _sums.Clear();
        _squares.Clear();
    }

    /// <summary>Adds a panel's rows, one for each sample.</summary>
    /// <param name="columns">Columns that are neurons, 1 to 32.</param>
    /// <param name="samples">Rows.</param>
    /// <param name="V">The first row, <c>[32]</c>.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public void Add(int columns, int samples, float* V, nint stride)
    {
        _count += (long)columns * samples;
        for (int i = 0; i < WeightPanels.Width; i++)
            _shares.Pointer[i] = i < columns ? 1 : 0;
        for (int column = 0; column < WeightPanels.Width; column += 2 * Vector512<double>.Count)
            AddColumns(column, samples, V + column, stride);
    }

    /// <summary>The mean, and the deviation with divisor n − 1; 0 for a single value.</summary>
    public (double Mean, double Deviation) Result()
    {
        double sum = 0,
            squares = 0;
        foreach (double s in _sums.Span)
            sum += s;
        foreach (double s in _squares.Span)
            squares += s;
        double mean = sum / _count,
            variance = _count > 1 ? (squares - (mean * sum)) / (_count - 1) : 0;
        return (_origin + mean, Math.Sqrt(Math.Max(variance, 0)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sums.Dispose();
        _squares.Dispose();
        _shares.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumns(int column, int samples, float* V, nint stride)
    {
        const int half = 8;
        Vector512<double> origin = Vector512.Create(_origin);
        Vector512<double> share0 = Vector512.Load(_shares.Pointer + column),
            share1 = Vector512.Load(_shares.Pointer + column + half);
        Vector512<double> sum0 = Vector512.Load(_sums.Pointer + column),
            sum1 = Vector512.Load(_sums.Pointer + column + half);
        Vector512<double> square0 = Vector512.Load(_squares.Pointer + column),
            square1 = Vector512.Load(_squares.Pointer + column + half);
        for (int k = 0; k < samples; k++, V += stride)
        {
            (Vector512<double> x0, Vector512<double> x1) = Vector512.Widen(Vector512.Load(V));
            x0 = (x0 - origin) * share0;
            x1 = (x1 - origin) * share1;
            sum0 += x0;
            sum1 += x1;
            square0 += x0 * x0;
            square1 += x1 * x1;
        }
        sum0.Store(_sums.Pointer + column);
        sum1.Store(_sums.Pointer + column + half);
        square0.Store(_squares.Pointer + column);
        square1.Store(_squares.Pointer + column + half);
    }
}
