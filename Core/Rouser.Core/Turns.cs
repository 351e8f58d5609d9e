namespace Rouser.Core;

/// <summary>Sine and cosine of an angle in turns, the same on every machine.</summary>
public static class Turns
{
    /// <summary>
    /// The Taylor series to the 15th power on an eighth of a turn either side, where it is exact to the last bits of
    /// a double.
    /// </summary>
    public static (double Sin, double Cos) SinCos(double turns)
    {
        // To the nearest quarter, exactly, and what is left of it in radians.
        double quarters = Math.Round(turns * 4, MidpointRounding.ToEven),
            x = (turns - (quarters / 4)) * (2 * Math.PI),
            x2 = x * x;
        double sin =
            x
            * (
                1
                - (
                    x2
                    / 6
                    * (1 - (x2 / 20 * (1 - (x2 / 42 * (1 - (x2 / 72 * (1 - (x2 / 110 * (1 - (x2 / 156 * (1 - (x2 / 210))))))))))))
                )
            );
        double cos =
            1
            - (
                x2
                / 2
                * (1 - (x2 / 12 * (1 - (x2 / 30 * (1 - (x2 / 56 * (1 - (x2 / 90 * (1 - (x2 / 132 * (1 - (x2 / 182))))))))))))
            );
        return ((long)quarters & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
