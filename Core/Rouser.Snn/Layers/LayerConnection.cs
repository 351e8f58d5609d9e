using Rouser.Data;

namespace Rouser.Snn.Layers;

/// <summary>
/// How a layer is connected to what lies below it: each neuron to all of it, or by shared weights to a window of it; and
/// whether windows of spikes below are summed first.
/// </summary>
/// <remarks>
/// With S the spikes below, [C × H × W], p the side of the pooling's windows (1: none), k the kernel's side, s its stride
/// and q its padding; P is 0 outside of the plane (LeCun et al. 1989; summed windows as NIR's <c>SumPool2d</c> and
/// lava-dl's <c>pool</c> have them, and as means times p², which the weights take up, in Rueckauer et al. 2017):
/// <code>
/// pooled         P[c, y, x] = Σ_{i, j &lt; p} S[c, p y + i, p x + j]        y &lt; ⌊H/p⌋, x &lt; ⌊W/p⌋
/// convolution    z[o, y, x] = Σ_c Σ_{i, j &lt; k} w[c, i, j, o] P[c, s y + i − q, s x + j − q]
///                y &lt; ⌊(⌊H/p⌋ + 2 q − k)/s⌋ + 1, x likewise
/// dense          z[o] = Σ_n w[n, o] P[n]
/// ∂L/∂w[c, i, j, o] = Σ_{y, x} gI[o, y, x] P[c, s y + i − q, s x + j − q]
/// ∂L/∂S[c, y, x]    = ∂L/∂P[c, ⌊y/p⌋, ⌊x/p⌋]
/// ∂L/∂P[c, y, x]    = Σ_o Σ_{i, j} w[c, i, j, o] gI[o, (y + q − i)/s, (x + q − j)/s]   where both are whole
/// </code>
/// What z is to a neuron, <see cref="Reference.ReferenceLayer"/> says: W S_in. Pooling has neither neurons nor a step of
/// its own. Thresholds, and decays where they are a neuron's, belong to a neuron and are not shared.
/// <para>
/// The neurons of such a layer are ordered by position, then by channel: (y·W + x)·C + c, so that the channels of a
/// position, which an event reaches together, lie side by side. The data's are by channel, then by position
/// (<see cref="EventBinning"/>).
/// </para>
/// </remarks>
/// <param name="Inputs">Neurons below.</param>
/// <param name="Neurons">Neurons of the layer.</param>
public sealed record LayerConnection(int Inputs, int Neurons)
{
    /// <summary>The neurons below as a plane; null where they have no order that the layer looks at.</summary>
    public Plane? Below { get; init; }

    /// <summary>Whether below is the data, whose neurons are ordered by channel first.</summary>
    public bool IsFirst { get; init; }

    /// <summary>p, the side of the windows that are summed; 1 for none.</summary>
    public int Pool { get; init; } = 1;

    /// <summary>The kernel; null where each neuron sees all.</summary>
    public LayerWord.Convolution? Convolution { get; init; }

    /// <summary>Whether each neuron sees each neuron below, as it is.</summary>
    public bool IsPlain => Convolution is null && Pool == 1;

    /// <summary>The plane below, once its windows are summed.</summary>
    /// <exception cref="InvalidOperationException">There is no plane.</exception>
    public Plane Pooled =>
        Below is { } plane
            ? plane with
            {
                Height = plane.Height / Pool,
                Width = plane.Width / Pool,
            }
            : throw new InvalidOperationException("What lies below is no plane.");

    /// <summary>The layer's neurons as a plane; null where they have no order.</summary>
    public Plane? Plane =>
        Convolution is { } conv ? new Plane(conv.Channels, Side(conv, Pooled.Height), Side(conv, Pooled.Width)) : null;

    /// <summary>Rows of the weights, <c>[rows × columns]</c>: [c × i × j] of a kernel, else what each neuron sees.</summary>
    public int Rows =>
        Convolution is { } conv ? Pooled.Channels * conv.Kernel * conv.Kernel
        : Pool > 1 ? (int)Pooled.Count
        : Inputs;

    /// <summary>Columns of the weights: the channels of a kernel, else the neurons.</summary>
    public int Columns => Convolution?.Channels ?? Neurons;

    /// <summary>
    /// What a neuron below feeds: its row and column after pooling and its channel; null where its window is cut off.
    /// </summary>
    public (int Y, int X, int Channel)? PlaceOf(int neuron)
    {
        Plane plane = Below!.Value;
        int positions = plane.Height * plane.Width;
        (int position, int channel) = IsFirst
            ? (neuron % positions, neuron / positions)
            : (neuron / plane.Channels, neuron % plane.Channels);
        (int y, int x) = (position / plane.Width / Pool, position % plane.Width / Pool);
        return y < Pooled.Height && x < Pooled.Width ? (y, x, channel) : null;
    }

    /// <summary>
    /// The rows of the weights that a neuron below feeds, one for each output that it reaches; every column of a row is a
    /// synapse.
    /// </summary>
    public IEnumerable<int> RowsOf(int neuron)
    {
        if (IsPlain)
        {
            yield return neuron;
            yield break;
        }
        if (PlaceOf(neuron) is not var (y, x, channel))
            yield break;
        if (Convolution is not { } conv)
        {
            yield return (((y * Pooled.Width) + x) * Pooled.Channels) + channel;
            yield break;
        }
        (Plane own, (int fromY, int toY)) = (Plane!.Value, Reached(y, Plane!.Value.Height));
        (int fromX, int toX) = Reached(x, own.Width);
        for (int i = fromY; i < toY; i++)
        {
            for (int j = fromX; j < toX; j++)
                yield return (((channel * conv.Kernel) + y + conv.Padding - (i * conv.Stride)) * conv.Kernel)
                    + x
                    + conv.Padding
                    - (j * conv.Stride);
        }
    }

    /// <summary>The outputs that see row or column <paramref name="at"/> of the plane: from the first to one past the last.</summary>
    /// <param name="at">After pooling.</param>
    /// <param name="outputs">Rows or columns of the layer.</param>
    public (int From, int To) Reached(int at, int outputs)
    {
        LayerWord.Convolution conv = Convolution!;
        int padded = at + conv.Padding;
        return (Math.Max(0, (padded - conv.Kernel + conv.Stride) / conv.Stride), Math.Min(outputs, (padded / conv.Stride) + 1));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Below?.ToString() ?? $"{Inputs}"}{(Pool > 1 ? $" {new LayerWord.Pooling(Pool)}" : "")} → "
        + $"{(LayerWord?)Convolution ?? new LayerWord.Dense(Neurons)}";

    /// <summary>Outputs along a side of <paramref name="side"/>; 0 or less where the kernel is larger.</summary>
    internal static int Side(LayerWord.Convolution conv, int side)
    {
        int room = side + (2 * conv.Padding) - conv.Kernel;
        return room < 0 ? 0 : (room / conv.Stride) + 1;
    }
}
