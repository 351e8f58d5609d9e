using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;

namespace Rouser.Reports.Comparison;

/// <summary>A comparison in each of its forms.</summary>
public static class ComparisonWriter
{
    /// <summary>
    /// Writes comparison.html, comparison.md and their tables into a folder, as <see cref="ReportWriter"/> does a
    /// report.
    /// </summary>
    public static Result<ReportFiles> Write(RunComparison comparison, string folder) =>
        ReportWriter.Write(ComparisonDocument.Build(comparison), folder, "comparison");

    /// <summary>The same for programs: numbers with all their digits, null where there is none.</summary>
    public static string Json(RunComparison comparison)
    {
        using MemoryStream stream = new();
        using (
            Utf8JsonWriter json = new(
                stream,
                new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("before", comparison.Before.Folder);
            json.WriteString("after", comparison.After.Folder);
            List(json, "contradictions", comparison.Contradictions, json.WriteStringValue);
            Objects(
                json,
                "conditions",
                comparison.Conditions,
                c => WriteTexts(json, ("what", c.What), ("before", c.Before), ("after", c.After))
            );
            Objects(
                json,
                "parameters",
                comparison.Parameters,
                p =>
                {
                    WriteTexts(json, ("parameter", p.Name), ("before", p.Before), ("after", p.After));
                    json.WriteNumber("rows", p.Rows);
                }
            );
            IReadOnlyList<Measure> measures = Measure.All(comparison);
            Objects(json, "rows", comparison.Rows, pair => Write(json, pair, measures));
            Objects(json, "only_before", comparison.OnlyBefore, r => Write(json, r));
            Objects(json, "only_after", comparison.OnlyAfter, r => Write(json, r));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, ResultRow row) =>
        WriteTexts(json, ("study", row.Study), ("arm", row.Arm), ("setting", row.Setting));

    private static void Write(Utf8JsonWriter json, RowPair pair, IReadOnlyList<Measure> measures)
    {
        Write(json, pair.Before);
        json.WriteBoolean("same", pair.IsSame);
        json.WriteNumber("shared_seeds", pair.SharedSeeds);
        json.WriteNumber("same_seeds", pair.SameSeeds);
        foreach (Measure measure in measures)
        {
            json.WriteStartObject(measure.Id.Replace('-', '_'));
            Write(json, "before", pair.Before.Estimate(measure.Value));
            Write(json, "after", pair.After.Estimate(measure.Value));
            Estimate? difference = pair.Difference(measure);
            Write(json, "difference", difference);
            Write(json, "probability_of_increase", pair.Improvement(measure));
            json.WriteString("verdict", ComparisonDocument.Describe(difference));
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        if (estimate is not { } e)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        Number("value", e.Value);
        Number("low", e.Low);
        Number("high", e.High);
        json.WriteNumber("n", e.N);
        json.WriteEndObject();

        // JSON has no NaN, which a training that diverged may give.
        void Number(string key, double? number)
        {
            if (number is { } value && double.IsFinite(value))
                json.WriteNumber(key, value);
            else
                json.WriteNull(key);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, params ReadOnlySpan<(string Key, string Value)> texts)
    {
        foreach ((string key, string value) in texts)
            json.WriteString(key, value);
    }

    private static void Objects<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write) =>
        List(
            json,
            name,
            items,
            item =>
            {
                json.WriteStartObject();
                write(item);
                json.WriteEndObject();
            }
        );

    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
            write(item);
        json.WriteEndArray();
    }
}
