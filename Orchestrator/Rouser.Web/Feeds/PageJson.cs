using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Web.Charts;
using Rouser.Web.Model;

namespace Rouser.Web.Feeds;

/// <summary>What the page is told, as UTF-8 JSON. What is null is left out of it.</summary>
internal static class PageJson
{
    /// <summary>An update.</summary>
    public static byte[] Write(RunUpdate update) =>
        JsonSerializer.SerializeToUtf8Bytes(update, PageJsonContext.Default.RunUpdate);

    /// <summary>The plan.</summary>
    public static byte[] Write(PlanDocument plan) =>
        JsonSerializer.SerializeToUtf8Bytes(plan, PageJsonContext.Default.PlanDocument);

    /// <summary>What results say.</summary>
    public static byte[] Write(IReadOnlyList<StudyNumbers> numbers) =>
        JsonSerializer.SerializeToUtf8Bytes(numbers, PageJsonContext.Default.IReadOnlyListStudyNumbers);

    /// <summary>Learning curves.</summary>
    public static byte[] Write(CurveChart chart) =>
        JsonSerializer.SerializeToUtf8Bytes(chart, PageJsonContext.Default.CurveChart);

    /// <summary>Layers.</summary>
    public static byte[] Write(LayerChart chart) =>
        JsonSerializer.SerializeToUtf8Bytes(chart, PageJsonContext.Default.LayerChart);

    /// <summary>Trials.</summary>
    public static byte[] Write(IReadOnlyList<TrialChart> trials) =>
        JsonSerializer.SerializeToUtf8Bytes(trials, PageJsonContext.Default.IReadOnlyListTrialChart);

    /// <summary>A confusion matrix.</summary>
    public static byte[] Write(ConfusionChart chart) =>
        JsonSerializer.SerializeToUtf8Bytes(chart, PageJsonContext.Default.ConfusionChart);

    /// <summary>Why there is nothing to show.</summary>
    public static byte[] Write(NothingKept nothing) =>
        JsonSerializer.SerializeToUtf8Bytes(nothing, PageJsonContext.Default.NothingKept);

    /// <summary>A test sample.</summary>
    public static byte[] Write(SampleChart chart) =>
        JsonSerializer.SerializeToUtf8Bytes(chart, PageJsonContext.Default.SampleChart);

    /// <summary>The runs of a page.</summary>
    public static byte[] Write(RunList runs) => JsonSerializer.SerializeToUtf8Bytes(runs, PageJsonContext.Default.RunList);
}

/// <summary>What a page shows, and what one may do there.</summary>
/// <param name="Runs">The runs, by their number.</param>
/// <param name="MayAct">Whether whoever asks has shown the token.</param>
/// <param name="Version">The program's.</param>
/// <param name="Wire">The version in which requests are written.</param>
internal sealed record RunList(IReadOnlyList<RunEntry> Runs, bool MayAct, string Version, int Wire);

/// <summary>A run of a page.</summary>
/// <param name="Name">The sweep's.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="HasControl">Whether this process trains or serves it, so that something may be asked of it.</param>
/// <param name="Fault">Why it cannot be shown; null if it can.</param>
internal sealed record RunEntry(string Name, string Folder, bool HasControl, string? Fault);

/// <summary>The JSON forms.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(RunUpdate))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(IReadOnlyList<StudyNumbers>))]
[JsonSerializable(typeof(CurveChart))]
[JsonSerializable(typeof(LayerChart))]
[JsonSerializable(typeof(IReadOnlyList<TrialChart>))]
[JsonSerializable(typeof(ConfusionChart))]
[JsonSerializable(typeof(SampleChart))]
[JsonSerializable(typeof(NothingKept))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class PageJsonContext : JsonSerializerContext;
