using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>The hyperparameters really used, as the trials recorded them.</summary>
internal static class ParameterTables
{
    private const string Unused = "not used";

    /// <summary>Every parameter that has one value in all trials, or else how many.</summary>
    public static ReportTable Common(ReportModel model)
    {
        List<IReadOnlyList<ReportCell>> rows = [];
        foreach (string name in model.ParameterNames)
        {
            string[] values = Values(model.Rows, name);
            if (values.All(v => v == Unused))
                continue;
            rows.Add([
                new ReportCell(name),
                new ReportCell(SettingLabel.Symbol(name) is { } symbol && symbol != name ? symbol : ""),
                new ReportCell(string.Join(" · ", values)),
            ]);
        }
        return new ReportTable(
            "hyperparameters",
            "Hyperparameters really used, from the trials themselves. Where trials differ, all values are "
                + "listed; “not used” says that some method has no use for it.",
            [
                new("parameter", "parameter", ColumnKind.RowHeader),
                new("symbol", "symbol", ColumnKind.Text),
                new("value", "value", ColumnKind.Text),
            ],
            rows,
            []
        );
    }

    /// <summary>What differs between the rows of a study; null if nothing does.</summary>
    public static ReportTable? Varied(ReportModel model, StudyResults study)
    {
        string[] names = [.. model.ParameterNames.Where(name => Values(study.Rows, name).Length > 1)];
        if (names.Length == 0)
            return null;
        List<ReportColumn> columns =
        [
            .. StudyTables.Headers,
            .. names.Select(name => new ReportColumn(name, name, ColumnKind.Text)),
        ];
        List<IReadOnlyList<ReportCell>> rows =
        [
            .. study.Rows.Select(
                IReadOnlyList<ReportCell> (row) =>
                    [
                        .. StudyTables.RowHeader(row),
                        .. names.Select(name => new ReportCell(row.Parameters.GetValueOrDefault(name, Unused))),
                    ]
            ),
        ];
        return new ReportTable(
            $"varied-{StudyTables.Slug(study.Name)}",
            $"What differs between the rows of study {study.Label}; every other parameter is the same.",
            columns,
            rows,
            []
        )
        {
            GroupsRows = true,
        };
    }

    private static string[] Values(IEnumerable<ResultRow> rows, string name) =>
        [.. rows.Select(row => row.Parameters.GetValueOrDefault(name, Unused)).Distinct()];
}
