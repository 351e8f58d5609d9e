namespace Rouser.Snn.Fused;

/// <summary>
/// A matrix <c>[rows × N]</c> is kept as panels of <see cref="Width"/> columns, each <c>[rows × 32]</c> and
/// contiguous, the last one padded. A kernel works on one panel from the first row to the last, with the state of its
/// columns in registers; the panel of a layer's weights then fits the second-level cache, where the whole matrix
/// would not.
/// </summary>
internal static class WeightPanels
{
    /// <summary>
    /// Columns of a panel: two vectors of 512 bits, and one bit each in the 32 bits that hold a step's spikes.
    /// </summary>
    public const int Width = 32;

    /// <summary>Panels that <paramref name="columns"/> columns take.</summary>
    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>
    /// Where element (<paramref name="row"/>, <paramref name="column"/>) lies in a matrix of <paramref name="rows"/>
    /// rows.
    /// </summary>
    public static nint Index(int rows, int row, int column) =>
        ((((nint)(column / Width) * rows) + row) * Width) + (column % Width);
}
