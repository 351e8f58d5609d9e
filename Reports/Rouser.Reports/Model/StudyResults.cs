using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Rouser.Data;
using Rouser.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>A study: its rows, those of one setting side by side.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Rows">By setting, in the plan's order, then by arm.</param>
public sealed partial record StudyResults(string Name, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>The arms, in the sweep's order.</summary>
    public IReadOnlyList<string> Arms { get; } = [.. Rows.Select(r => r.Arm).Distinct()];

    /// <summary>The settings, in the plan's order.</summary>
    public IReadOnlyList<string> Settings { get; } = [.. Rows.Select(r => r.Setting).Distinct()];

    /// <summary>All arms of the sweep, so that an arm has its colour in every study.</summary>
    public IReadOnlyList<string> ArmsOfSweep { get; init; } = [];

    /// <summary>
    /// The colours that the sweep gives its arms, in their order; shorter, or empty, where it gives none.
    /// </summary>
    public IReadOnlyList<string> ColorsOfSweep { get; init; } = [];

    /// <summary>
    /// An arm's style: that of its colour, or its place among those that are left for arms without one.
    /// </summary>
    public int StyleOf(string arm)
    {
        int place = ArmsOfSweep.TakeWhile(a => a != arm).Count();
        if (place == ArmsOfSweep.Count)
            place += Arms.TakeWhile(a => a != arm).Count();
        int given = ColorsOfSweep.Count;
        if (place < given)
            return Place(ColorsOfSweep[place]);
        int[] left = [.. Enumerable.Range(0, ReportSettings.ColorNames.Count).Except(ColorsOfSweep.Select(Place))];
        // Past the last colour they begin again, with other dashes.
        return place - given < left.Length ? left[place - given] : ReportSettings.ColorNames.Count + place - given - left.Length;

        static int Place(string color) => ReportSettings.ColorNames.TakeWhile(name => name != color).Count();
    }

    private readonly Dictionary<(string Arm, string Setting), ResultRow> _byName = Rows.DistinctBy(r => (r.Arm, r.Setting))
        .ToDictionary(r => (r.Arm, r.Setting));

    /// <summary>An arm's row at a setting; null if there is none.</summary>
    public ResultRow? Find(string? arm, string setting) => arm is null ? null : _byName.GetValueOrDefault((arm, setting));

    /// <summary>Whether any trial's data is generated.</summary>
    public bool Synthetic { get; } = Rows.Any(r => r.Replicates.Any(t => t.Synthetic));

    /// <summary>What to say of its data, in brackets after a blank; empty where it is recorded.</summary>
    public string DataMark { get; } =
        DatasetCatalog.DataMarkOf(Rows.SelectMany(r => r.Replicates).Select(t => (t.DatasetName, t.Synthetic)));

    /// <summary>The name as tables and figures show it, which may be read apart from the report.</summary>
    public string Label => Name + DataMark;

    /// <summary>
    /// The name as part of a file name and an anchor. Where characters had to go, a digest keeps two names apart, and so
    /// it does where a name looks as if it had one.
    /// </summary>
    public string Slug
    {
        get
        {
            bool isPlain =
                Name.Length > 0 && Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
            if (isPlain && !EndsLikeADigest().IsMatch(Name))
                return Name;
            string plain = string.Concat(Name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
            return $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)).AsSpan(0, 3))}";
        }
    }

    [GeneratedRegex("-[0-9a-f]{6}$")]
    private static partial Regex EndsLikeADigest();

    /// <summary>Most epochs of any row.</summary>
    public int Epochs { get; } = Rows.Count == 0 ? 0 : Rows.Max(r => r.Epochs);

    /// <summary>The same of all rows in words: <c>10 epochs</c>, or <c>8 to 16 epochs</c> where rows differ.</summary>
    public string EpochsInWords =>
        Rows.Select(r => r.Epochs).Where(n => n > 0).DefaultIfEmpty(0).Min() is var least && least < Epochs
            ? $"{least} to {Epochs} epochs"
        : Epochs == 1 ? "1 epoch"
        : $"{Epochs} epochs";

    /// <summary>Most layers of any row.</summary>
    public int Layers { get; } = Rows.Count == 0 ? 0 : Rows.Max(r => r.Layers);
}
