using Rouser.Reports.Model;
using Rouser.Reports.Statistics;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Figures;

/// <summary>
/// The answers of all studies in one figure: each difference that a study asks for, with its interval.
/// </summary>
internal static class AnswerFigure
{
    // What a screen holds beside the sentences.
    private const int MostMarks = 12;

    /// <summary>The figure; null if no study compares anything yet.</summary>
    public static Figure? Build(ReportModel model)
    {
        (StudyResults Study, Contrast Contrast)[] all =
        [
            .. model
                // Where seeds were a budget, these intervals do not hold: the sentence has those that do.
                .Studies.Where(s => !SequentialTable.IsOf(s, model))
                .SelectMany(s => Contrast.In(s, model.Run).Select(c => (s, c)))
                .Where(p => p.c.Difference is not null)
                // Studies may share trials; what has been drawn is not drawn again.
                .DistinctBy(p => $"{Trials(p.c.Own)} {Trials(p.c.Other)}"),
        ];
        if (all.Length == 0)
            return null;
        (StudyResults Study, Contrast Contrast)[] shown = Chosen(all);
        double[] ends = [0, .. shown.SelectMany(p => Ends(p.Contrast.Difference!.Value))];
        string names = shown.Select(p => p.Contrast.Names).Distinct().Count() == 1 ? shown[0].Contrast.Names : "";
        IntervalMark[] marks =
        [
            .. shown.Select(p => new IntervalMark(
                Name(p.Contrast, names),
                CellText.Of(p.Contrast.Difference!.Value, 1, NumberStyle.Signed),
                p.Contrast.Difference!.Value,
                p.Study.StyleOf(p.Contrast.Own.Arm)
            )),
        ];
        string title = names.Length > 0 ? names : "difference";
        const string unit = "test accuracy after the last epoch, points";
        int decided = all.Count(p => p.Contrast.IsDecided);
        string omitted =
            shown.Length == all.Length ? ""
            : decided == 0 ? $" Drawn are {shown.Length} of {all.Length}, evenly by rank; the tables have all."
            : decided < MostMarks
                ? $" Drawn are {shown.Length} of {all.Length}: {Showing(decided)} a difference, and of the others evenly by "
                    + "rank; the tables have all."
            : $" Drawn are {shown.Length} of the {decided} that show a difference, evenly by rank, of {all.Length}; the tables have all.";
        return new Figure(
            "answer",
            $"Test accuracy, {StudyAnswer.Counts([.. all.Select(p => p.Contrast)])}{model.DataMark}",
            "Mean difference by seed with its 95 % interval. An interval that crosses the rule at zero shows no "
                + $"difference.{omitted}",
            [],
            [
                new IntervalPanel(
                    title,
                    unit,
                    $"{title}, {unit}. {string.Join(" ", marks.Select(m => $"{m.Name}: {m.Text}."))}",
                    Axis.Nice(ends.Min(), ends.Max()),
                    marks
                ),
            ],
            1
        );
    }

    // What shows a difference comes first; the others fill the room that is left.
    private static (StudyResults Study, Contrast Contrast)[] Chosen((StudyResults Study, Contrast Contrast)[] all)
    {
        IReadOnlyList<(StudyResults, Contrast)> decided = Choose(isDecided: true, MostMarks);
        HashSet<(StudyResults, Contrast)> chosen = [.. decided, .. Choose(isDecided: false, MostMarks - decided.Count)];
        return [.. all.Where(chosen.Contains)];

        IReadOnlyList<(StudyResults, Contrast)> Choose(bool isDecided, int most) =>
            most == 0
                ? []
                : RankChoice.Evenly(
                    [.. all.Where(p => p.Contrast.IsDecided == isDecided)],
                    most,
                    p => p.Contrast.Difference!.Value.Value
                );
    }

    private static string Name(Contrast contrast, string names) =>
        names.Length == 0 || contrast.Own.Setting != contrast.Other.Setting
            ? contrast.Label
            : SettingLabel.Short(contrast.Own.Setting);

    private static string Trials(ResultRow row) => string.Join(' ', row.Replicates.Select(r => r.ShortId));

    private static double[] Ends(Estimate e) => [e.Value, e.Low ?? e.Value, e.High ?? e.Value];

    private static string Showing(int decided) => decided == 1 ? "the one that shows" : $"the {decided} that show";
}
