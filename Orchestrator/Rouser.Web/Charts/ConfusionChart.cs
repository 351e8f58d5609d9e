using System.Globalization;
using Rouser.Results;

namespace Rouser.Web.Charts;

/// <summary>How often a trial's network said which class, after its last epoch.</summary>
/// <param name="Classes">Their names, or their numbers.</param>
/// <param name="Counts"><c>[label × predicted class]</c>.</param>
internal sealed record ConfusionChart(IReadOnlyList<string> Classes, IReadOnlyList<long> Counts)
{
    /// <summary>Of the predictions of a trial.</summary>
    public static ConfusionChart Of(TrialPredictions predictions, IReadOnlyList<string> names) =>
        new(
            [.. Enumerable.Range(0, predictions.ClassCount).Select(c => NameOf(names, c))],
            ConfusionMatrix.Of(predictions).Counts
        );

    /// <summary>The name of a class, or its number.</summary>
    public static string NameOf(IReadOnlyList<string> names, int label) =>
        Core.OneLine.Of(names.ElementAtOrDefault(label) ?? label.ToString(CultureInfo.InvariantCulture), 40);
}

/// <summary>In place of what is kept of a trial, where nothing is: that is no fault of whoever asks.</summary>
/// <param name="None">Why, in a line.</param>
internal sealed record NothingKept(string None);
