using Rouser.Core;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>
/// What a trial measured, epoch by epoch: a view on its rows of the epochs and layers tables, without a copy of them.
/// </summary>
public sealed class TrialHistory
{
    private static readonly TableColumn[] EpochKeys = [EpochsTable.TrialId, EpochsTable.Epoch],
        LayerKeys = [LayersTable.TrialId, LayersTable.Epoch, LayersTable.Layer];

    private readonly TableRows? _epochs;
    private readonly int[] _epochRows;
    private readonly TableRows? _layers;
    private readonly int[] _layerRows;

    private TrialHistory(TableRows? epochs, int[] epochRows, TableRows? layers, int[] layerRows, int layerCount)
    {
        (_epochs, _epochRows, _layers, _layerRows) = (epochs, epochRows, layers, layerRows);
        Layers = layerCount;
    }

    /// <summary>The columns of the layers table that it needs.</summary>
    internal static IReadOnlyList<TableColumn> LayerColumns { get; } = [.. LayerKeys, .. LayerPoint.Columns];

    /// <summary>Of a trial that has not finished an epoch.</summary>
    public static TrialHistory Empty { get; } = new(null, [], null, [], 0);

    /// <summary>Epochs recorded, without gaps, from 1.</summary>
    public int Epochs => _epochRows.Length;

    /// <summary>Layers, the output layer included.</summary>
    public int Layers { get; }

    /// <summary>Layers that spike: all, or all but the output layer (<c>network.readout: leaky</c>).</summary>
    public int SpikingLayers => Epochs > 0 && Layers > 0 && !Layer(Layers, 1).HasSpikes ? Layers - 1 : Layers;

    /// <summary>
    /// The epoch with the highest test accuracy, the first of equals. Optimistic, and no choice: the test set itself has
    /// picked it.
    /// </summary>
    public int HighestTestEpoch => Highest(TestAccuracy);

    /// <summary>Whether it has validation samples, by which an epoch can be chosen.</summary>
    public bool HasValidation => Epochs > 0 && Validation(1) is not null;

    /// <summary>The best epoch by a metric of the validation samples, the first of equals; null without such samples.</summary>
    public int? BestEpoch(ValidationMetric metric) =>
        HasValidation ? Highest(epoch => metric.GoodnessOf(Validation(epoch))) : null;

    /// <summary>The epoch with the highest validation accuracy, the first of equals; only with validation samples.</summary>
    public int BestValidationEpoch => BestEpoch(ValidationMetric.Accuracy)!.Value;

    /// <summary>What was measured on the validation samples after an epoch; null where there are none.</summary>
    /// <param name="epoch">From 1.</param>
    public ValidationScores? Validation(int epoch) =>
        _epochs!.Find(EpochsTable.ValidationAccuracy, _epochRows[epoch - 1]) is { } accuracy
        && _epochs.Find(EpochsTable.ValidationLoss, _epochRows[epoch - 1]) is { } loss
            ? new(accuracy, loss)
            : null;

    /// <summary>What a column of <see cref="EpochsTable"/> says of an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    public double Value(TableColumn<double> column, int epoch) => _epochs!.Value(column, _epochRows[epoch - 1]);

    /// <summary>Test accuracy after an epoch, from 0 to 1.</summary>
    /// <param name="epoch">From 1.</param>
    public double TestAccuracy(int epoch) => Value(EpochsTable.TestAccuracy, epoch);

    /// <summary>
    /// Test accuracy after the last epoch, which nothing has chosen, in percent: what rows are compared by. One place, so
    /// that a difference is the same in its last bit wherever it is written.
    /// </summary>
    public double LastTestPercent => 100 * TestAccuracy(Epochs);

    /// <summary>
    /// The first epoch after which the test accuracy is at least <paramref name="level"/> and is kept: its mean over that
    /// epoch and the two that follow, fewer at the end, is at least the level too. Null if there is none.
    /// </summary>
    public int? EpochsTo(double level)
    {
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            if (TestAccuracy(epoch) >= level && MeanTestAccuracy(epoch, Math.Min(epoch + KeptEpochs - 1, Epochs)) >= level)
                return epoch;
        }
        return null;
    }

    // Over how many epochs a level has to be kept.
    private const int KeptEpochs = 3;

    private double MeanTestAccuracy(int first, int last)
    {
        double sum = 0;
        for (int epoch = first; epoch <= last; epoch++)
            sum += TestAccuracy(epoch);
        return sum / (last - first + 1);
    }

    private int Highest(Func<int, double> value)
    {
        int highest = 1;
        for (int epoch = 2; epoch <= Epochs; epoch++)
        {
            // NaN is less than any number, so that it is taken only where there is nothing else.
            if (value(epoch).CompareTo(value(highest)) > 0)
                highest = epoch;
        }
        return highest;
    }

    /// <summary>A layer after an epoch.</summary>
    /// <param name="layer">From 1, the first hidden layer.</param>
    /// <param name="epoch">From 1.</param>
    public LayerPoint Layer(int layer, int epoch) => new(_layers!, _layerRows[(epoch - 1) * Layers + layer - 1]);

    /// <summary>The share of dead neurons of a layer that spikes, averaged over the epochs.</summary>
    public double MeanDeadShare(int layer, DeadDefinition definition) =>
        Enumerable.Range(1, Epochs).Average(epoch => Layer(layer, epoch).DeadShare(definition));

    /// <summary>
    /// The histories of all trials that have rows. Rows may stand in any order; gaps and repetitions are mistakes.
    /// </summary>
    internal static Dictionary<string, TrialHistory> ReadAll(Table epochTable, Table layerTable, List<UserError> mistakes)
    {
        // The keys apart from the values: once a history knows its rows, it needs no column of keys in memory.
        TableRows epochKeys = new(epochTable, EpochKeys, mistakes),
            layerKeys = new(layerTable, LayerKeys, mistakes),
            epochs = new(epochTable, [.. EpochsTable.Columns.Except(EpochKeys)], mistakes),
            layers = new(layerTable, LayerPoint.Columns, mistakes);
        if (mistakes.Count > 0)
            return [];

        Dictionary<string, List<int>> epochRows = RowsByTrial(epochKeys, EpochsTable.TrialId),
            layerRows = RowsByTrial(layerKeys, LayersTable.TrialId);
        Dictionary<string, TrialHistory> histories = new(epochRows.Count, StringComparer.Ordinal);
        foreach ((string trial, List<int> rows) in epochRows)
        {
            rows.Sort((a, b) => Epoch(a).CompareTo(Epoch(b)));
            int wrong = FindIndex(rows, (row, i) => Epoch(row) != i + 1);
            if (wrong >= 0)
            {
                mistakes.Add(Damaged(epochTable, $"trial {trial}: epoch {wrong + 1} is missing or stands twice"));
                continue;
            }
            List<int> own = layerRows.GetValueOrDefault(trial) ?? [];
            own.Sort((a, b) => Place(a).CompareTo(Place(b)));
            int count = own.Count / rows.Count;
            bool isWhole = own.Count == count * rows.Count;
            int gap = isWhole ? FindIndex(own, (row, i) => Place(row) != (i / count + 1, i % count + 1)) : 0;
            if (count > 0 && gap < 0)
            {
                histories[trial] = new TrialHistory(epochs, [.. rows], layers, [.. own], count);
                continue;
            }
            int epoch = count == 0 ? 1 : gap / count + 1;
            mistakes.Add(Damaged(layerTable, $"trial {trial}: a layer of epoch {epoch} is missing or stands twice"));
        }
        return histories;

        int Epoch(int row) => epochKeys.Value(EpochsTable.Epoch, row);

        (int Epoch, int Layer) Place(int row) =>
            (layerKeys.Value(LayersTable.Epoch, row), layerKeys.Value(LayersTable.Layer, row));
    }

    private static UserError Damaged(Table table, string what) =>
        new($"{table.Name}.parquet", $"{what}; run 'rouser resume' to write the tables again from the journal");

    private static Dictionary<string, List<int>> RowsByTrial(TableRows table, TableColumn<string> trial)
    {
        Dictionary<string, List<int>> rows = new(StringComparer.Ordinal);
        for (int row = 0; row < table.Count; row++)
        {
            string id = table.Value(trial, row);
            if (!rows.TryGetValue(id, out List<int>? own))
                rows[id] = own = [];
            own.Add(row);
        }
        return rows;
    }

    private static int FindIndex(List<int> rows, Func<int, int, bool> isWrong)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (isWrong(rows[i], i))
                return i;
        }
        return -1;
    }
}
