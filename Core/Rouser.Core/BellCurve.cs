namespace Rouser.Core;

/// <summary>A bell-shaped random number of mean 0 and variance 1 within ±3: the sum of three uniform ones.</summary>
/// <remarks>Unlike a normal number it needs no logarithm, whose last bit differs between platforms.</remarks>
public static class BellCurve
{
    /// <summary>Draws one.</summary>
    public static double Next(RandomStream random) =>
        random.NextDouble(-1, 1) + random.NextDouble(-1, 1) + random.NextDouble(-1, 1);
}
