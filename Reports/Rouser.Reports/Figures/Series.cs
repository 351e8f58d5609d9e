using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Figures;

/// <summary>
/// How a study's rows are spread over panels and lines: arms are lines and settings panels; with one arm, the last
/// varied parameter makes the lines.
/// </summary>
/// <param name="Panels">Titles, in order, without what all panels share.</param>
/// <param name="Lines">Labels.</param>
/// <param name="Placed">Which row stands where.</param>
/// <param name="Styles">One per line: an arm's own, else their order.</param>
/// <param name="Note">What a caption adds: what all panels share, and by which rule settings are left out of more than
/// a page can show; empty for nothing.</param>
internal sealed record Series(
    IReadOnlyList<string> Panels,
    IReadOnlyList<string> Lines,
    IReadOnlyList<(int Panel, int Line, ResultRow Row)> Placed,
    IReadOnlyList<int> Styles,
    string Note
)
{
    // Twelve small plots are what a page shows at a glance; the tables and CSV files have every setting.
    public const int MostPanels = 12;

    /// <summary>Spreads the rows.</summary>
    /// <param name="mostPanels">Of more settings, so many are drawn, evenly by rank.</param>
    public static Series Of(StudyResults study, int mostPanels = MostPanels)
    {
        bool byArm = study.Arms.Count > 1;
        string? varied = byArm ? null : LineParameter(study);
        List<(string Panel, string Line, ResultRow Row)> all = [.. study.Rows.Select(row => Key(row, varied))];
        ILookup<string, ResultRow> rows = all.ToLookup(k => k.Panel, k => k.Row);
        string[] settings = [.. all.Select(k => k.Panel).Distinct()],
            names = [.. all.Select(k => k.Line).Distinct()];
        ILookup<string, ResultRow> ofLine = all.ToLookup(k => k.Line, k => k.Row);
        string[] lines = [.. RankChoice.Evenly(names, Palette.Count, name => RankChoice.MeanAccuracy(ofLine[name]))],
            panels = [.. RankChoice.Evenly(settings, Math.Max(2, mostPanels), s => RankChoice.MeanAccuracy(rows[s]))];
        Dictionary<string, int> panel = Places(panels),
            place = Places(lines);
        (string[] titles, string common) = Titles(settings, panels, rows, varied);
        string left = panels.Length < settings.Length
                ? $" Drawn are {panels.Length} of {settings.Length} settings, evenly by rank of their mean accuracy after the last "
                    + "epoch, the lowest and the highest among them; the tables have all."
                : "",
            cut = RankChoice.Note(lines.Length, names.Length, "lines", "of their mean accuracy after the last epoch");
        return new Series(
            titles,
            lines,
            [
                .. all.Where(k => panel.ContainsKey(k.Panel) && place.ContainsKey(k.Line))
                    .Select(k => (panel[k.Panel], place[k.Line], k.Row)),
            ],
            [.. lines.Select((line, i) => byArm ? study.StyleOf(line) : i)],
            (common.Length > 0 ? $" All panels: {common}." : "") + left + cut
        );
    }

    /// <summary>How seeds are shown, for the caption.</summary>
    public string Seeds =>
        "Lines: mean over seeds; bands: lowest to highest seed."
        + (Placed.All(p => p.Row.IsComplete) ? "" : " Thin lines: seeds are missing, and it is the mean of the others.");

    // What all panels share sets none of them apart: the caption says it once.
    private static (string[] Titles, string Common) Titles(
        string[] settings,
        string[] panels,
        ILookup<string, ResultRow> rows,
        string? varied
    )
    {
        IReadOnlyList<(string Parameter, string Value)>[] parts =
        [
            .. settings.Select(s =>
                SettingLabel.Assignments(rows[s].First().Setting).Where(p => p.Parameter != varied).ToArray()
            ),
        ];
        if (settings.Length < 2)
            return (panels, "");
        (string, string)[] common = [.. parts[0].Where(p => parts.All(other => other.Contains(p)))];
        return (
            [
                .. panels.Select(panel =>
                    SettingLabel.Join(parts[Array.IndexOf(settings, panel)].Except(common)) is { Length: > 0 } title
                        ? title
                        : panel
                ),
            ],
            SettingLabel.Join(common)
        );
    }

    /// <summary>
    /// Characters of the longest line's name, if the lines are named where they end; else 0. A row with a seed
    /// missing has no such line, so that a legend has to name it.
    /// </summary>
    public int NameRoom { get; } =
        LegendEntry.FitAtEnds(Lines) && Placed.All(p => p.Row.IsComplete) ? Lines.Max(l => l.Length) : 0;

    /// <summary>The legend; empty if the lines are named where they end.</summary>
    public IReadOnlyList<LegendEntry> Legend =>
        NameRoom > 0 ? [] : [.. Lines.Select((line, i) => new LegendEntry(Styles[i], line))];

    private static Dictionary<string, int> Places(string[] names) =>
        names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);

    // An ablation of the threshold's learning rate is read line by line, whatever else varies.
    private static string? LineParameter(StudyResults study)
    {
        string[] varied =
        [
            .. study
                .Rows.SelectMany(r => SettingLabel.Assignments(r.Setting))
                .GroupBy(a => a.Parameter)
                .Where(g => g.Select(a => a.Value).Distinct().Skip(1).Any())
                .Select(g => g.Key),
        ];
        string rate = TrainedThreshold.LearningRateParameter.Name;
        return varied.Contains(rate) ? rate : varied.LastOrDefault();
    }

    private static (string, string, ResultRow) Key(ResultRow row, string? lineParameter)
    {
        if (lineParameter is null)
            return (SettingLabel.Short(row.Setting), row.Arm, row);
        var parts = SettingLabel.Assignments(row.Setting);
        string line = SettingLabel.Join(parts.Where(p => p.Parameter == lineParameter)),
            rest = SettingLabel.Join(parts.Where(p => p.Parameter != lineParameter));
        return (rest.Length == 0 ? row.Arm : rest, line.Length == 0 ? row.Arm : $"{row.Arm}, {line}", row);
    }
}
