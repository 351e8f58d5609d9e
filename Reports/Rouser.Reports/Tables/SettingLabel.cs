using System.Text.RegularExpressions;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>
/// Settings in the paper's symbols: <c>threshold.init=0.25 surrogate.tau=3</c> becomes <c>Th=0.25 τ=3</c>.
/// </summary>
internal static partial class SettingLabel
{
    /// <summary>The paper's symbols for parameters, as the report's notes list them.</summary>
    public static IReadOnlyList<(string Parameter, string Symbol)> Symbols { get; } =
    [
        ("threshold.init", "Th"),
        ("surrogate.tau", "τ"),
        ("surrogate.scale", "s"),
        ("threshold.learning_rate", "lr_Th"),
        ("optimizer.learning_rate", "lr"),
    ];

    /// <summary>The setting in symbols; <c>as in base</c> if the study varies nothing.</summary>
    public static string Short(string setting) =>
        setting.Length == 0
            ? "as in base"
            : string.Join(' ', Assignments(setting).Select(a => $"{Symbol(a.Parameter)}={a.Value}"));

    /// <summary>A row's name in running text.</summary>
    public static string Name(ResultRow row) => row.Setting.Length == 0 ? row.Arm : $"{row.Arm}, {Short(row.Setting)}";

    /// <summary>A parameter's symbol, or its own name.</summary>
    public static string Symbol(string parameter)
    {
        foreach ((string name, string symbol) in Symbols)
        {
            if (name == parameter)
                return symbol;
        }
        return parameter;
    }

    /// <summary>The setting's parts, in its order.</summary>
    public static IReadOnlyList<(string Parameter, string Value)> Assignments(string setting) =>
        [.. Boundary().Split(setting).Where(p => p.Contains('=')).Select(p => (p[..p.IndexOf('=')], p[(p.IndexOf('=') + 1)..]))];

    // Values may hold blanks ([500, 500]); a new assignment starts with a name and '='.
    [GeneratedRegex(@"[ ,;]+(?=[a-z_][a-z0-9_.]*=)")]
    private static partial Regex Boundary();
}
