using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>Turns a picture around its centre.</summary>
/// <remarks>
/// <code>
/// x ← x_c + cos θ (x − x_c) − sin θ (y − y_c)
/// y ← y_c + sin θ (x − x_c) + cos θ (y − y_c)        θ uniform in −n … n degrees, one for a sample
/// </code>
/// to the nearest pixel. What leaves the picture is lost; pixels that meet become one.
/// </remarks>
public static class Rotation
{
    /// <summary>n, degrees.</summary>
    public static Parameter Parameter { get; } =
        new(
            "augment.rotation",
            new ParameterType.Real(0, 180),
            0.0,
            "Rotation n in degrees: the picture of each training sample is turned around its centre by a random angle from "
                + "−n to n, drawn anew in every epoch. Not for audio. 0: no rotation."
        )
        {
            SilentDefault = true,
        };

    /// <summary>Cosine and sine of a sample's angle.</summary>
    internal static (double Cos, double Sin) Draw(double n, RandomStream random)
    {
        if (n == 0)
            return (1, 0);
        double half = random.NextDouble(-n, n) / 180,
            turn = Math.Abs(half);
        return (PortableMath.CosPi(turn), Math.Sign(half) * PortableMath.CosPi(Math.Abs(0.5 - turn)));
    }
}
