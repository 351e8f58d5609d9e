using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Results;

namespace Rouser.Reports.Tables;

/// <summary>Which classes each arm takes for which.</summary>
internal static class ConfusionTable
{
    private const int MostArms = 6,
        MostClasses = 25;

    /// <summary>
    /// The confusion matrix of each arm at the first setting of the study, which is no choice by results; of rows whose
    /// seeds are all complete and have their predictions on record.
    /// </summary>
    public static IEnumerable<ReportTable> Build(ReportModel model, StudyResults study)
    {
        if (study.Settings.Count == 0)
            yield break;
        string first = study.Settings[0];
        foreach (ResultRow row in study.Rows.Where(r => r.Setting == first && r.IsComplete).Take(MostArms))
        {
            ConfusionMatrix[] seeds =
            [
                .. row.Replicates.Select(r => model.Outcomes.GetValueOrDefault(r.TrialId)?.Confusion).OfType<ConfusionMatrix>(),
            ];
            if (
                seeds.Length == row.Replicates.Count
                && seeds.All(m => m.ClassCount == seeds[0].ClassCount && m.ClassCount <= MostClasses)
            )
                yield return Of(model, study, row, ConfusionMatrix.Sum(seeds));
        }
    }

    private static ReportTable Of(ReportModel model, StudyResults study, ResultRow row, ConfusionMatrix matrix)
    {
        IReadOnlyList<string> names = model.Run.Classes.GetValueOrDefault(row.Replicates[0].DatasetDigest) ?? [];
        TableBuilder<int> table = new TableBuilder<int>().AddHeader("label", "label", Name);
        for (int predicted = 0; predicted < matrix.ClassCount; predicted++)
        {
            int column = predicted;
            table.Add(
                Name(column),
                $"predicted_{column.ToString(CultureInfo.InvariantCulture)}",
                ColumnKind.Number,
                label => ReportCell.Count(matrix[label, column]).From(row.Replicates),
                "predicted class"
            );
        }
        string place = row.Setting.Length == 0 ? "" : $" at {SettingLabel.Short(row.Setting)}";
        int arm = study.Arms.TakeWhile(a => a != row.Arm).Count() + 1;
        return table.Build(
            $"confusion-{study.Slug}-{arm.ToString(CultureInfo.InvariantCulture)}",
            $"Confusion matrix of {row.Arm}{place}, study {study.Label}: test samples by label and predicted class after the "
                + $"last epoch, added up over {(row.Replicates.Count == 1 ? "1 seed" : $"{row.Replicates.Count} seeds")}.",
            Enumerable.Range(0, matrix.ClassCount)
        );

        string Name(int label) => names.ElementAtOrDefault(label) ?? label.ToString(CultureInfo.InvariantCulture);
    }
}
