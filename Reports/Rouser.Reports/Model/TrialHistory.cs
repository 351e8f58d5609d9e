using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// What a trial measured, epoch by epoch: a view on its rows of the epochs and layers tables, without a copy of them.
/// </summary>
public sealed class TrialHistory
{
    private readonly EpochColumns? _epochs;
    private readonly int[] _epochRows;
    private readonly LayerColumns? _layers;
    private readonly int[] _layerRows;

    private TrialHistory(EpochColumns? epochs, int[] epochRows, LayerColumns? layers, int[] layerRows, int layerCount)
    {
        (_epochs, _epochRows, _layers, _layerRows) = (epochs, epochRows, layers, layerRows);
        Layers = layerCount;
    }

    /// <summary>Of a trial that has not finished an epoch.</summary>
    public static TrialHistory Empty { get; } = new(null, [], null, [], 0);

    /// <summary>Epochs recorded, without gaps, from 1.</summary>
    public int Epochs => _epochRows.Length;

    /// <summary>Layers, the output layer included.</summary>
    public int Layers { get; }

    /// <summary>Mean loss per training sample during an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    public double TrainLoss(int epoch) => _epochs!.TrainLoss[_epochRows[epoch - 1]];

    /// <summary>Training accuracy during an epoch, from 0 to 1.</summary>
    /// <param name="epoch">From 1.</param>
    public double TrainAccuracy(int epoch) => _epochs!.TrainAccuracy[_epochRows[epoch - 1]];

    /// <summary>Test accuracy after an epoch, from 0 to 1.</summary>
    /// <param name="epoch">From 1.</param>
    public double TestAccuracy(int epoch) => _epochs!.TestAccuracy[_epochRows[epoch - 1]];

    /// <summary>Wall time of an epoch's training, s. It differs from run to run.</summary>
    /// <param name="epoch">From 1.</param>
    public double Seconds(int epoch) => _epochs!.Seconds[_epochRows[epoch - 1]];

    /// <summary>Training samples per second of wall time.</summary>
    /// <param name="epoch">From 1.</param>
    public double SamplesPerSecond(int epoch) => _epochs!.SamplesPerSecond[_epochRows[epoch - 1]];

    /// <summary>The best epoch on the test set, the first of equals. Optimistic: the test set has chosen it.</summary>
    public int BestEpoch
    {
        get
        {
            int best = 1;
            for (int epoch = 2; epoch <= Epochs; epoch++)
            {
                // NaN is less than any number, so that it is best only where there is nothing else.
                if (TestAccuracy(epoch).CompareTo(TestAccuracy(best)) > 0)
                    best = epoch;
            }
            return best;
        }
    }

    /// <summary>
    /// The first epoch after which the test accuracy is at least <paramref name="level"/>; null if there is none.
    /// </summary>
    public int? EpochsTo(double level)
    {
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            if (TestAccuracy(epoch) >= level)
                return epoch;
        }
        return null;
    }

    /// <summary>A layer after an epoch.</summary>
    /// <param name="layer">From 1, the first hidden layer.</param>
    /// <param name="epoch">From 1.</param>
    public LayerPoint Layer(int layer, int epoch) => new(_layers!, _layerRows[(epoch - 1) * Layers + layer - 1]);

    /// <summary>
    /// The histories of all trials that have rows. Rows may stand in any order; gaps and repetitions are mistakes.
    /// </summary>
    internal static Dictionary<string, TrialHistory> ReadAll(Table epochTable, Table layerTable, List<Mistake> mistakes)
    {
        EpochColumns epochs = new(epochTable, mistakes);
        LayerColumns layers = new(layerTable, mistakes);
        if (mistakes.Count > 0)
            return [];

        Dictionary<string, List<int>> epochRows = RowsByTrial(epochs.TrialId),
            layerRows = RowsByTrial(layers.TrialId);
        Dictionary<string, TrialHistory> histories = new(epochRows.Count, StringComparer.Ordinal);
        foreach ((string trial, List<int> rows) in epochRows)
        {
            rows.Sort((a, b) => epochs.Epoch[a].CompareTo(epochs.Epoch[b]));
            int wrong = rows.FindIndexed((row, i) => epochs.Epoch[row] != i + 1);
            if (wrong >= 0)
            {
                mistakes.Add(Damaged("epochs", $"trial {trial}: epoch {wrong + 1} is missing or stands twice"));
                continue;
            }
            List<int> own = layerRows.GetValueOrDefault(trial) ?? [];
            own.Sort((a, b) => (layers.Epoch[a], layers.Layer[a]).CompareTo((layers.Epoch[b], layers.Layer[b])));
            int count = own.Count / rows.Count;
            int gap =
                own.Count == count * rows.Count
                    ? own.FindIndexed((row, i) => layers.Epoch[row] != i / count + 1 || layers.Layer[row] != i % count + 1)
                    : 0;
            if (count == 0 || gap >= 0)
                mistakes.Add(
                    Damaged(
                        "layers",
                        $"trial {trial}: a layer of epoch {(count == 0 ? 1 : gap / count + 1)} is missing or stands twice"
                    )
                );
            else
                histories[trial] = new TrialHistory(epochs, [.. rows], layers, [.. own], count);
        }
        return histories;
    }

    private static Mistake Damaged(string table, string what) =>
        new($"{table}.parquet", $"{what}; run 'rouser resume' to write the tables again from the journal");

    private static Dictionary<string, List<int>> RowsByTrial(string[] trials)
    {
        Dictionary<string, List<int>> rows = new(StringComparer.Ordinal);
        for (int row = 0; row < trials.Length; row++)
        {
            if (!rows.TryGetValue(trials[row], out List<int>? own))
                rows[trials[row]] = own = [];
            own.Add(row);
        }
        return rows;
    }
}

/// <summary>Looks a list through with the index at hand.</summary>
internal static class IndexedSearch
{
    /// <summary>The first index whose item fits, or −1.</summary>
    public static int FindIndexed<T>(this List<T> items, Func<T, int, bool> fits)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (fits(items[i], i))
                return i;
        }
        return -1;
    }
}
