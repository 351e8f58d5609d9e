using System.Text.RegularExpressions;
using Rouser.Reports.Model;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Tables;

/// <summary>
/// Settings in the paper's symbols: <c>threshold.init=0.25 surrogate.tau=3</c> becomes <c>Th=0.25 τ=3</c>.
/// </summary>
public static partial class SettingLabel
{
    /// <summary>The paper's symbols for parameters, as the report's notes list them.</summary>
    public static IReadOnlyList<(string Parameter, string Symbol)> Symbols { get; } =
    [
        (ThresholdRule.InitParameter.Name, "Th"),
        (Surrogate.TauParameter.Name, "τ"),
        (Surrogate.ScaleParameter.Name, "s"),
        (TrainedThreshold.LearningRateParameter.Name, "lr_Th"),
        (Optimizer.LearningRateParameter.Name, "lr"),
    ];

    /// <summary>The setting in symbols; <c>as in base</c> if the study varies nothing.</summary>
    public static string Short(string setting) => setting.Length == 0 ? "as in base" : Join(Assignments(setting));

    /// <summary>Parts of a setting in symbols, <c>Th=1 τ=3</c>; empty for none.</summary>
    public static string Join(IEnumerable<(string Parameter, string Value)> assignments) =>
        string.Join(' ', assignments.Select(a => $"{Symbol(a.Parameter)}={a.Value}"));

    /// <summary>A row's name in running text.</summary>
    public static string Name(ResultRow row) => row.Setting.Length == 0 ? row.Arm : $"{row.Arm}, {Short(row.Setting)}";

    /// <summary>The difference of two rows in running text: <c>rouser − slayer at Th=0.25</c>.</summary>
    public static string Difference(ResultRow own, ResultRow other) =>
        own.Setting == other.Setting
            ? $"{own.Arm} − {other.Arm}{(own.Setting.Length == 0 ? "" : $" at {Short(own.Setting)}")}"
            : $"{Name(own)} − {Name(other)}";

    /// <summary>A parameter's symbol, or its own name.</summary>
    public static string Symbol(string parameter) => Symbols.FirstOrDefault(s => s.Parameter == parameter).Symbol ?? parameter;

    /// <summary>The setting's parts, in its order.</summary>
    public static IReadOnlyList<(string Parameter, string Value)> Assignments(string setting) =>
        [
            .. Boundary()
                .Split(setting)
                .Select(part => part.Split('=', 2))
                .Where(part => part.Length == 2)
                .Select(part => (part[0], part[1])),
        ];

    // Values may hold blanks ([500, 500]); a new assignment starts with a name and '='.
    [GeneratedRegex(@"[ ,;]+(?=[a-z_][a-z0-9_.]*=)")]
    private static partial Regex Boundary();
}
