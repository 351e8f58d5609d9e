using System.Globalization;

namespace Rouser.Coordination;

/// <summary>How the machine's reasons put spans of time: <c>12 s</c>, <c>4 min</c>, <c>4 h</c>.</summary>
internal static class DurationText
{
    public static string Format(TimeSpan span) =>
        span.TotalSeconds < 120 ? With(span.TotalSeconds, "s")
        : span.TotalMinutes < 120 ? With(span.TotalMinutes, "min")
        : With(span.TotalHours, "h");

    private static string With(double amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {unit}");
}
