namespace Rouser.Data;

/// <summary>Channels over a plane of positions: what a sensor, or a layer that keeps its order, looks like.</summary>
/// <param name="Channels">Of a sensor its polarities.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct Plane(int Channels, int Height, int Width)
{
    /// <summary>Neurons.</summary>
    public long Count => (long)Channels * Height * Width;

    /// <summary><c>2×34×34</c>.</summary>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}
