using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Snn.Thresholds;

namespace Rouser.Reports.Figures;

/// <summary>
/// How a study's rows are spread over panels and lines: arms are lines and settings panels; with one arm, the last
/// varied parameter makes the lines.
/// </summary>
/// <param name="Panels">Titles, in order.</param>
/// <param name="Lines">Labels.</param>
/// <param name="Placed">Which row stands where.</param>
/// <param name="Styles">One per line: an arm's own, else their order.</param>
/// <param name="Omitted">Settings left out, because there are more than a page can show.</param>
internal sealed record Series(
    IReadOnlyList<string> Panels,
    IReadOnlyList<string> Lines,
    IReadOnlyList<(int Panel, int Line, ResultRow Row)> Placed,
    IReadOnlyList<int> Styles,
    int Omitted
)
{
    // Twelve small plots are what a page shows at a glance; the tables and CSV files have every setting.
    public const int MostPanels = 12;

    /// <summary>Spreads the rows.</summary>
    public static Series Of(StudyResults study)
    {
        bool byArm = study.Arms.Count > 1;
        string? varied = byArm ? null : LineParameter(study);
        List<(string Panel, string Line, ResultRow Row)> all = [.. study.Rows.Select(row => Key(row, varied))];
        string[] panels = [.. all.Select(k => k.Panel).Distinct()],
            lines = [.. all.Select(k => k.Line).Distinct()];
        Dictionary<string, int> panel = Places(panels),
            place = Places(lines);
        return new Series(
            [.. panels.Take(MostPanels)],
            [.. lines.Take(Palette.Count)],
            [
                .. all.Select(k => (panel[k.Panel], place[k.Line], k.Row))
                    .Where(k => k.Item1 < MostPanels && k.Item2 < Palette.Count),
            ],
            [.. lines.Take(Palette.Count).Select((line, i) => byArm ? study.StyleOf(line) : i)],
            Math.Max(0, panels.Length - MostPanels) + Math.Max(0, lines.Length - Palette.Count)
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

    /// <summary>What a caption adds where something was left out.</summary>
    public string OmittedNote =>
        Omitted == 0 ? "" : $" Drawn are the first {Panels.Count} settings and {Lines.Count} lines of each; the tables have all.";

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
