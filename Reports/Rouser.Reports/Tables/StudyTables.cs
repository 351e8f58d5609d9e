using System.Security.Cryptography;
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
    public static IEnumerable<ReportCell> RowHeader(ResultRow row) =>
        [new ReportCell(SettingLabel.Short(row.Setting)), new ReportCell(row.Arm)];

    /// <summary>
    /// A name as part of a file name and an anchor. Where characters had to go, a digest keeps two names apart.
    /// </summary>
    public static string Slug(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            return name;
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 3))}";
    }
}
