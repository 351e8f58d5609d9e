using Rouser.Snn;

namespace Rouser.Sweeps;

/// <summary>
/// Which networks of a completed trial are kept. <c>Best</c> takes a <see cref="ValidationMetric"/>, so that no network
/// is chosen by the test set.
/// </summary>
public sealed record KeptModels
{
    private const string BestBefore = "best:";

    private KeptModels(string word, ValidationMetric? by = null) => (Word, By) = (word, by);

    /// <summary>None.</summary>
    public static KeptModels None { get; } = new("none");

    /// <summary>The one after the last epoch.</summary>
    public static KeptModels Last { get; } = new("last");

    /// <summary>The one after each epoch.</summary>
    public static KeptModels All { get; } = new("all");

    /// <summary>The one after the epoch that is best by a metric, the first of equals.</summary>
    public static KeptModels Best(ValidationMetric by) => new(BestBefore + by.Name, by);

    /// <summary>
    /// The word for it between programs: <c>none</c>, <c>last</c>, <c>all</c>, or <c>best:</c> and the metric.
    /// </summary>
    public string Word { get; }

    /// <summary>What the best epoch is chosen by; null if none is chosen.</summary>
    public ValidationMetric? By { get; }

    /// <summary>Whether networks of other epochs than the last may be kept.</summary>
    public bool KeepsEpochs => this == All || By is not null;

    /// <summary>What a word stands for; null if it is none.</summary>
    public static KeptModels? Find(string word) =>
        word.StartsWith(BestBefore, StringComparison.Ordinal)
            ? ValidationMetric.Find(word[BestBefore.Length..]) is { } by
                ? Best(by)
                : null
            : Array.Find([None, Last, All], kept => kept.Word == word);

    /// <summary>Whether all that this keeps is among what the other one keeps.</summary>
    public bool IsPartOf(KeptModels other) => this == None || this == other || other == All;

    /// <summary>
    /// The epochs whose networks are kept of a trial that has come so far, in the order of their importance: where
    /// there is not room for all, the last one comes first.
    /// </summary>
    /// <param name="history">Every epoch so far, from the first.</param>
    public IReadOnlyList<int> EpochsOf(IReadOnlyList<EpochMetrics> history)
    {
        if (history.Count == 0 || this == None)
            return [];
        if (this == All)
            return [history.Count, .. Enumerable.Range(1, history.Count - 1)];
        return [By is null ? history.Count : BestOf(history, By)];
    }

    private static int BestOf(IReadOnlyList<EpochMetrics> history, ValidationMetric by)
    {
        int best = 0;
        for (int i = 1; i < history.Count; i++)
        {
            if (by.GoodnessOf(history[i].Validation) > by.GoodnessOf(history[best].Validation))
                best = i;
        }
        return best + 1;
    }

    /// <inheritdoc/>
    public override string ToString() => Word;
}
