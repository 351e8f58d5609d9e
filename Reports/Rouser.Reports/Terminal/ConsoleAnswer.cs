using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Terminal;

/// <summary>The answers of a run, for the last lines on a terminal.</summary>
public static class ConsoleAnswer
{
    /// <summary>A sentence for each study, wrapped by words; the one that the report begins with.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public static IEnumerable<string> Lines(ReportModel model, int width) =>
        model.Studies.SelectMany(s => Wrap($"{s.Label}: {StudyAnswer.Sentence(s, model)}", width).Prepend(""));

    /// <summary>A text in lines of at most so many characters, broken between words; only a longer word is longer.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }
        yield return line;
    }
}
