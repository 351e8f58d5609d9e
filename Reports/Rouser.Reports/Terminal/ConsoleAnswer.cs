using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Terminal;

/// <summary>The answers of a run, for the last lines on a terminal.</summary>
public static class ConsoleAnswer
{
    /// <summary>A sentence for each study, wrapped by words; the one that the report begins with.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public static IEnumerable<string> Lines(ReportModel model, int width) =>
        model.Studies.SelectMany(s => Format.Wrap($"{s.Label}: {StudyAnswer.Sentence(s, model)}", width).Prepend(""));
}
