namespace Rouser.Snn.Thresholds;

/// <summary>A threshold that is always positive: softplus(ζ) of a parameter ζ that may be any number.</summary>
/// <remarks><code>Th = log(1 + e^ζ)      dTh/dζ = 1/(1 + e^−ζ)      ζ = log(e^Th − 1)</code></remarks>
internal static class Softplus
{
    /// <summary>Th for ζ.</summary>
    // log(1 + e^ζ) = max(ζ, 0) + log(1 + e^−|ζ|) never overflows.
    public static double Of(double zeta) => Math.Max(zeta, 0) + PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(zeta)));

    /// <summary>dTh/dζ.</summary>
    public static double Slope(double zeta)
    {
        double e = PortableMath.Exp(-Math.Abs(zeta));
        return (zeta >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>ζ for Th, which is positive.</summary>
    // log(e^Th − 1) = Th + log(1 − e^−Th)
    public static double Inverse(double threshold) => threshold + PortableMath.Log(1 - PortableMath.Exp(-threshold));
}
