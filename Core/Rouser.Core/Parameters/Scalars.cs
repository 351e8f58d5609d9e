using System.Globalization;
using System.Text.RegularExpressions;

namespace Rouser.Core.Parameters;

/// <summary>Scalars as YAML 1.2's core schema reads them, in decimal only: what is quoted is a word.</summary>
public static partial class Scalars
{
    /// <summary>The form of a duration, up to its end: the number and its unit are the two groups.</summary>
    public const string DurationPattern = @"^([0-9]{1,9}(?:\.[0-9]{1,9})?)(ms|s|m|h|d)";

    /// <summary>Whether an unquoted text is a number to YAML, <c>.nan</c> and <c>.inf</c> included.</summary>
    public static bool LooksLikeNumber(string text) => Number().IsMatch(text) || NotFinite().IsMatch(text);

    /// <summary>Reads a number; infinite and NaN where the text says so or is too large.</summary>
    public static bool TryReal(IRawValue node, out double value)
    {
        value = 0;
        if (node is not { IsPlain: true, Text: { } text })
            return false;
        if (NotFinite().IsMatch(text))
            value = double.NaN;
        else if (!Number().IsMatch(text))
            return false;
        else
            value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        // Minus zero is zero: the two may not make different trials.
        if (value == 0)
            value = 0;
        return true;
    }

    /// <summary>Reads a whole number that fits into 64 bits.</summary>
    public static bool TryInteger(IRawValue node, out long value)
    {
        value = 0;
        return node is { IsPlain: true, Text: { } text }
            && IntegerPattern().IsMatch(text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    public static bool TryBoolean(IRawValue node, out bool value)
    {
        value = node.Text is "true" or "True" or "TRUE";
        return node is { IsPlain: true, Text: "true" or "True" or "TRUE" or "false" or "False" or "FALSE" };
    }

    /// <summary>Reads <c>500ms</c>, <c>60s</c>, <c>5m</c>, <c>4h</c> or <c>2d</c>.</summary>
    public static bool TryDuration(IRawValue node, out TimeSpan value)
    {
        value = default;
        if (node.Text is not { } text || Duration().Match(text) is not { Success: true } match)
            return false;
        double unit = match.Groups[2].Value switch
        {
            "ms" => 1e-3,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 86_400,
        };
        double seconds = double.Parse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture) * unit;
        if (seconds > 1e9)
            return false;
        value = TimeSpan.FromSeconds(seconds);
        return true;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[-+]?\.?(inf|nan|infinity)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex($@"{DurationPattern}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
