using System.Text;
using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>What the tables of a study share.</summary>
internal static class StudyTables
{
    /// <summary>The columns that name a row.</summary>
    public static IReadOnlyList<ReportColumn> Headers { get; } =
        [new("setting", "setting", ColumnKind.RowHeader), new("arm", "arm", ColumnKind.RowHeader)];

    /// <summary>The cells that name a row.</summary>
    public static IEnumerable<ReportCell> RowHeader(ResultRow row) => [new ReportCell(SettingLabel.Short(row.Setting)), new ReportCell(row.Arm)];

    /// <summary>A name as part of a file name and an anchor: lower-case letters, digits and hyphens.</summary>
    public static string Slug(string name)
    {
        StringBuilder slug = new();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        string text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? "study" : text;
    }
}
