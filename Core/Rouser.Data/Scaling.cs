using Rouser.Core.Parameters;

namespace Rouser.Data;

/// <summary>Makes a picture larger or smaller around its centre.</summary>
/// <remarks>
/// <code>
/// x ← x_c + c (x − x_c),   y ← y_c + c (y − y_c)        c uniform in 1 − f … 1 + f, one for a sample
/// </code>
/// to the nearest pixel. What leaves the picture is lost; pixels that meet become one, and those between larger ones
/// stay empty: an event does not multiply.
/// </remarks>
public static class Scaling
{
    /// <summary>f.</summary>
    public static Parameter Parameter { get; } =
        new(
            "augment.scale",
            new ParameterType.Real(0, 1, Below: true),
            0.0,
            "Scale f: the picture of each training sample is enlarged around its centre by a random factor from 1 − f to "
                + "1 + f, drawn anew in every epoch. Not for audio. 0: no scaling."
        )
        {
            SilentDefault = true,
        };

    /// <summary>c of a sample.</summary>
    internal static double Draw(double f, RandomStream random) => f == 0 ? 1 : random.NextDouble(1 - f, 1 + f);
}
