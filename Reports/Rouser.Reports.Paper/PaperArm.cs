using System.Globalization;
using Rouser.Core.Parameters;
using Rouser.Reports.Model;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Paper;

/// <summary>A method of the paper. A row of a run is one by what it trains, whatever its arm is called.</summary>
/// <param name="Name">As the paper writes it.</param>
/// <param name="Rule">What makes a row this method, in words.</param>
/// <param name="Fits">Whether a row is this method.</param>
public sealed record PaperArm(string Name, string Rule, Func<ResultRow, bool> Fits)
{
    /// <summary>Whether the paper only quotes its number.</summary>
    public bool IsQuoted { get; private init; }

    /// <summary>SLAYER 2.0.</summary>
    public static PaperArm Slayer { get; } =
        new("SLAYER 2.0", "fixed threshold", row => row.HasFixedThreshold && !IsNormalised(row));

    /// <summary>SLAYER 2.0 with weight normalisation.</summary>
    public static PaperArm SlayerNormalised { get; } =
        new(
            "SLAYER 2.0 + weight norm",
            "fixed threshold, weight normalisation",
            row => row.HasFixedThreshold && IsNormalised(row)
        );

    /// <summary>Rouser at any threshold learning rate above 0.</summary>
    public static PaperArm Rouser { get; } =
        new("ROUSER", "learned threshold", row => LearningRate(row) > 0 && !IsNormalised(row));

    /// <summary>Rouser at one threshold learning rate; at 0 its threshold stays where it starts.</summary>
    private static PaperArm RouserAt(double rate) =>
        new(
            $"ROUSER, lr_Th = {Text(rate)}",
            rate == 0 ? "fixed threshold, or lr_Th = 0" : $"learned threshold, lr_Th = {Text(rate)}",
            row => (rate == 0 ? row.HasFixedThreshold : LearningRate(row) == rate) && !IsNormalised(row)
        );

    /// <summary>The method of a name in claims.json; one that is none of the above is quoted.</summary>
    public static PaperArm Named(string name)
    {
        PaperArm[] known = [Slayer, SlayerNormalised, Rouser, RouserAt(0), RouserAt(0.001), RouserAt(0.01)];
        return known.FirstOrDefault(arm => arm.Name == name) ?? Quoted(name);
    }

    /// <summary>Somebody else's method, whose number the paper quotes: no row is it.</summary>
    private static PaperArm Quoted(string name) =>
        new(name, "quoted by the paper from other work; no arm here is this method", _ => false) { IsQuoted = true };

    /// <summary>lr_Th of a row whose thresholds are learned as the paper learns them; null for any other rule.</summary>
    internal static double? LearningRate(ResultRow row) =>
        ThresholdRule.Family.Find(row.Parameters) == LearnedThreshold.Method
            ? row.Parameters.FindReal(TrainedThreshold.LearningRateParameter)
            : null;

    private static bool IsNormalised(ResultRow row) =>
        row.Parameters.Find(PaperConditions.Normalize) is ParameterValue.Boolean { Value: true };

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What the paper says of a setting; null for what a statement leaves open.</summary>
/// <param name="Threshold">Th_init.</param>
/// <param name="Tau">τ of the surrogate.</param>
/// <param name="Scale">s of the surrogate.</param>
public sealed record PaperSetting(double? Threshold = null, double? Tau = null, double? Scale = null)
{
    /// <summary>Nothing is said.</summary>
    public static PaperSetting Open { get; } = new();

    /// <summary>(1.25, 3.75, 1.5).</summary>
    public static PaperSetting High { get; } = new(1.25, 3.75, 1.5);

    /// <summary>(0.25, 3, 3).</summary>
    public static PaperSetting Low { get; } = new(0.25, 3, 3);

    /// <summary>Whether the row has every value that is said.</summary>
    public bool Fits(ResultRow row) =>
        Is(row, ThresholdRule.InitParameter, Threshold)
        && Is(row, Surrogate.TauParameter, Tau)
        && Is(row, Surrogate.ScaleParameter, Scale);

    /// <summary><c>Th=1.25 τ=3.75 s=1.5</c>; empty where nothing is said.</summary>
    public string Label =>
        string.Join(
            ' ',
            new[] { ("Th", Threshold), ("τ", Tau), ("s", Scale) }
                .Where(p => p.Item2 is not null)
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Item1}={p.Item2:R}"))
        );

    private static bool Is(ResultRow row, Parameter parameter, double? value) =>
        value is null || row.Parameters.FindReal(parameter) == value;
}
