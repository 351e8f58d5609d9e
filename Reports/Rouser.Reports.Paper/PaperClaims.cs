using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouser.Reports.Paper;

/// <summary>
/// What Takaghaj and Sampson state ("Rouser: Robust SNN training using adaptive threshold learning", arXiv 2407.19566):
/// every printed number of Table 1, Table 3 and the figures, every comparison that a figure is said to show, and the
/// headline. They stand in <c>claims.json</c>, with the tolerances by which they are judged; its digest stands in each
/// report, so that a reader can tell whether the file is older than the trainings.
/// </summary>
public static class PaperClaims
{
    private static readonly byte[] Bytes = Read();

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly ClaimsFile File = JsonSerializer.Deserialize<ClaimsFile>(Bytes, Options)!;

    /// <summary>The paper's tables and figures, and its headline, in its order.</summary>
    public static IReadOnlyList<PaperPlace> Places { get; } =
    [.. File.Places.Select(p => new PaperPlace(p.Name, p.Shows, p.Drawn is null ? null : PaperDataset.Named(p.Drawn)))];

    /// <summary>Table 2 states hyperparameters, which no training decides.</summary>
    public static PaperPlace Table2 { get; } = Place("Table 2");

    /// <summary>Every statement, by place.</summary>
    public static IReadOnlyList<PaperClaim> All { get; } = [.. File.Claims.Select(Claim)];

    /// <summary>How the tolerances were set, in words.</summary>
    public static string Tolerance => File.Tolerance;

    /// <summary>The authors, the title and where it is published.</summary>
    public static string Paper => File.Paper;

    /// <summary>SHA-256 of <c>claims.json</c>, as <c>sha256sum</c> prints it.</summary>
    public static string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>A table or figure by its name.</summary>
    public static PaperPlace Place(string name) => Places.Single(p => p.Name == name);

    private static PaperClaim Claim(ClaimEntry entry)
    {
        PaperQuantity quantity = PaperQuantity.Named(entry.Quantity);
        return new(
            entry.Id,
            Place(entry.Place),
            entry.Says,
            PaperDataset.Named(entry.Dataset),
            PaperArm.Named(entry.Arm),
            entry.Setting ?? PaperSetting.Open,
            quantity
        )
        {
            Number = entry.Number is { } printed ? new(printed, entry.Tolerance, entry.Of is "difference") : null,
            Rival = entry.Against is { } rival
                ? new(
                    PaperArm.Named(rival.Arm),
                    rival.Setting,
                    rival.Quantity is null ? quantity : PaperQuantity.Named(rival.Quantity),
                    rival.Is is "above",
                    rival.ButFor ?? 0,
                    rival.Number
                )
                : null,
        };
    }

    private static byte[] Read()
    {
        using Stream file = typeof(PaperClaims).Assembly.GetManifestResourceStream("Rouser.Reports.Paper.claims.json")!;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private sealed record ClaimsFile(string Paper, string Tolerance, PlaceEntry[] Places, ClaimEntry[] Claims);

    private sealed record PlaceEntry(string Name, string Shows, string? Drawn = null);

    private sealed record ClaimEntry(
        string Id,
        string Place,
        string Says,
        string Dataset,
        string Arm,
        string Quantity,
        PaperSetting? Setting = null,
        double? Number = null,
        double? Tolerance = null,
        string? Of = null,
        RivalEntry? Against = null
    );

    private sealed record RivalEntry(
        string Arm,
        string Is,
        PaperSetting? Setting = null,
        string? Quantity = null,
        double? Number = null,
        double? ButFor = null
    );
}
