using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Paper;

/// <summary>The paper's statements and what a run says of them, for programs.</summary>
internal static class PaperJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All of them, in the paper's order.</summary>
    public static string Render(IReadOnlyList<PaperComparison> comparisons)
    {
        var file = new
        {
            PaperClaims.Paper,
            ClaimsSha256 = PaperClaims.Digest,
            PaperClaims.Tolerance,
            Claims = comparisons
                .GroupBy(c => c.Claim)
                .Select(claim => new
                {
                    claim.Key.Id,
                    Place = claim.Key.Place.Name,
                    claim.Key.Says,
                    Measured = claim.Key.Quantity.Description,
                    Number = claim.Key.Number?.Printed,
                    claim.Key.Number?.Tolerance,
                    Comparison = claim.Key.Rival?.Label,
                    Rows = claim.Select(Row),
                }),
        };
        return new StringBuilder(JsonSerializer.Serialize(file, Options)).Append('\n').ToString();
    }

    private static object Row(PaperComparison c) =>
        new
        {
            Row = c.Row is null ? null : Name(c.Row),
            OtherSide = c.Rival is null ? null : Name(c.Rival),
            Ours = Of(c.Ours),
            Difference = Of(c.Difference),
            Number = Of(c.Number),
            Direction = Of(c.Direction),
            Differs = c.Row is null ? null : c.Differences,
            Trials = c.Row?.Completed.Select(t => t.TrialId),
            OtherTrials = c.Rival?.Completed.Select(t => t.TrialId),
        };

    private static string Name(ResultRow row) => $"{row.Study}: {SettingLabel.Name(row)}";

    private static object? Of(Estimate? estimate) =>
        estimate is { } e
            ? new
            {
                Mean = e.Value,
                e.Low,
                e.High,
                e.N,
                Missing = e.Missing == 0 ? (int?)null : e.Missing,
            }
            : null;

    private static object? Of(PaperDecision? decision) =>
        decision is null
            ? null
            : new
            {
                Verdict = decision.Verdict.Describe(),
                decision.Why,
                Outlook = decision.Outlook.Length == 0 ? null : decision.Outlook,
            };
}
