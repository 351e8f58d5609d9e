using System.Globalization;
using System.Text.RegularExpressions;

namespace Rouser.Reports.Tests.Agreement;

/// <summary>A number as a form of the report prints it, read back.</summary>
internal sealed partial record PrintedNumber(double Value, double? Low, double? High, int? N, int Decimals)
{
    /// <summary>
    /// Reads <c>93.2</c>, <c>+0.2 ± 1.1 (n=3)</c>, <c>93.2 [92.0, 94.1] (n=5)</c>, <c>1.41×</c>; null if the text is
    /// no number.
    /// </summary>
    public static PrintedNumber? Read(string text)
    {
        if (Grammar().Match(text.Replace('−', '-').Trim()) is not { Success: true } m)
            return null;
        double value = Number(m.Groups["value"].Value);
        string digits = m.Groups["value"].Value;
        int decimals = digits.Contains('.') ? digits.Length - digits.IndexOf('.') - 1 : 0;
        double? low = null,
            high = null;
        if (m.Groups["half"].Success)
            (low, high) = (value - Number(m.Groups["half"].Value), value + Number(m.Groups["half"].Value));
        if (m.Groups["low"].Success)
            (low, high) = (Number(m.Groups["low"].Value), Number(m.Groups["high"].Value));
        return new(
            value,
            low,
            high,
            m.Groups["n"].Success ? int.Parse(m.Groups["n"].Value, CultureInfo.InvariantCulture) : null,
            decimals
        );
    }

    private static double Number(string digits) => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<value>[+-]?\d+(\.\d+)?)×?"
            + @"( ± (?<half>\d+(\.\d+)?)| \[(?<low>[+-]?\d+(\.\d+)?), (?<high>[+-]?\d+(\.\d+)?)\])?"
            + @"( \^[a-z]+)?( \((n=(?<n>\d+)|\d+ of \d+( reach it)?)\))?$"
    )]
    private static partial Regex Grammar();
}
