using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>What a benchmark found.</summary>
/// <param name="Benchmark">Its name.</param>
/// <param name="Subject">What was measured.</param>
/// <param name="Threads">Threads at work.</param>
/// <param name="Figures">The figures, the most telling first.</param>
internal sealed record Finding(string Benchmark, string Subject, int Threads, IReadOnlyList<Measurement> Figures)
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>For people: a line for the subject and one for each figure.</summary>
    public IEnumerable<string> Lines() =>
        [
            $"{Benchmark}: {Subject}; {Threads} {(Threads == 1 ? "thread" : "threads")}",
            .. Figures.Select(f => $"  {f.Name, -34} {f.Text}"),
            "",
        ];

    /// <summary>For programs: an array of all findings.</summary>
    public static string Json(IEnumerable<Finding> findings) => JsonSerializer.Serialize(findings, JsonOptions);
}

/// <summary>A number with a name and a unit.</summary>
/// <param name="Value">The number; of repeated measurements the median.</param>
/// <param name="Unit">Its unit, empty for a plain number.</param>
/// <param name="Lower">The lower quartile of repeated measurements, else null.</param>
/// <param name="Upper">The upper quartile.</param>
/// <param name="Note">What the number is to be read beside, or null.</param>
internal sealed record Measurement(
    string Name,
    double Value,
    string Unit,
    double? Lower = null,
    double? Upper = null,
    string? Note = null
)
{
    /// <summary>A figure with its spread.</summary>
    public static Measurement Of(string name, Spread spread, string unit) =>
        new(name, spread.Median, unit, spread.Lower, spread.Upper);

    /// <summary>The number for people.</summary>
    internal string Text =>
        (
            $"{Number(Value)} "
            + $"{Unit}{(Lower is null ? "" : $"  ({Number(Lower.Value)} to {Number(Upper!.Value)})")}{(Note is null ? "" : $"  ({Note})")}"
        ).TrimEnd();

    private static string Number(double x) =>
        Math.Abs(x) switch
        {
            >= 1000 => x.ToString("N0", CultureInfo.InvariantCulture),
            >= 100 => x.ToString("F0", CultureInfo.InvariantCulture),
            >= 10 => x.ToString("F1", CultureInfo.InvariantCulture),
            >= 1 or 0 => x.ToString("0.##", CultureInfo.InvariantCulture),
            _ => x.ToString("G3", CultureInfo.InvariantCulture),
        };
}
