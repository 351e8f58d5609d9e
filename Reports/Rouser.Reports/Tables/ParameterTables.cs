using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>The hyperparameters really used, as the trials recorded them.</summary>
internal static class ParameterTables
{
    /// <summary>Every parameter that has one value in all trials, or else how many.</summary>
    public static ReportTable Common(ReportModel model) =>
        new TableBuilder<(string Name, string[] Values)>()
            .AddHeader("parameter", "parameter", p => p.Name)
            .AddText("symbol", "symbol", p => SettingLabel.Symbol(p.Name) is { } symbol && symbol != p.Name ? symbol : "")
            .AddText("value", "value", p => string.Join(" · ", p.Values))
            .Build(
                "hyperparameters",
                "Hyperparameters really used, from the trials themselves. Where trials differ, all values are "
                    + "listed; “not used” says that some method has no use for it.",
                model
                    .ParameterNames.Select(name => (name, Values: Values(model.Rows, name)))
                    .Where(p => p.Values.Any(v => v != ResultRow.NotUsed))
            );

    /// <summary>What differs between the rows of a study; null if nothing does.</summary>
    public static ReportTable? Varied(ReportModel model, StudyResults study)
    {
        string[] names = [.. model.ParameterNames.Where(name => Values(study.Rows, name).Length > 1)];
        if (names.Length == 0)
            return null;
        TableBuilder<ResultRow> table = new TableBuilder<ResultRow>().AddRowNames();
        foreach (string name in names)
            table.AddText(name, name, row => row.TextOf(name));
        return table.Build(
            $"varied-{study.Slug}",
            $"What differs between the rows of study {study.Label}; every other parameter is the same.",
            study.Rows,
            groupsRows: true
        );
    }

    private static string[] Values(IEnumerable<ResultRow> rows, string name) =>
        [.. rows.Select(row => row.TextOf(name)).Distinct()];
}
