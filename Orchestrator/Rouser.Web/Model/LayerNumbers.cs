using Rouser.Snn;

namespace Rouser.Web.Model;

/// <summary>
/// What the page keeps of a layer in an epoch, in single precision: it is drawn, never counted with. NaN where the
/// layer does not spike.
/// </summary>
internal readonly record struct LayerNumbers(
    int Neurons,
    float Dead,
    float Active,
    float SpikeRate,
    float Min,
    float Q10,
    float Q25,
    float Median,
    float Q75,
    float Q90,
    float Max
)
{
    /// <summary>The names of the numbers, as the page asks for them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    ["dead", "active", "rate", "min", "q10", "q25", "median", "q75", "q90", "max"];

    /// <summary>The number of that place in <see cref="Names"/>.</summary>
    public float this[int name] =>
        name switch
        {
            0 => Dead,
            1 => Active,
            2 => SpikeRate,
            3 => Min,
            4 => Q10,
            5 => Q25,
            6 => Median,
            7 => Q75,
            8 => Q90,
            _ => Max,
        };

    /// <summary>Of what was recorded.</summary>
    public static LayerNumbers Of(LayerMetrics layer) =>
        new(
            layer.Neurons,
            Single(layer.DeadFraction),
            Single(layer.ActiveFraction),
            Single(layer.SpikeRateTest),
            Single(layer.Threshold?.Min),
            Single(layer.Threshold?.Q10),
            Single(layer.Threshold?.Q25),
            Single(layer.Threshold?.Median),
            Single(layer.Threshold?.Q75),
            Single(layer.Threshold?.Q90),
            Single(layer.Threshold?.Max)
        );

    private static float Single(double? value) => (float)(value ?? double.NaN);
}
