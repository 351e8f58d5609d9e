using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// One layer of one trial after one epoch: a row of the layers table, by the columns that <see cref="LayersTable"/>
/// declares. Shares are from 0 to 1.
/// </summary>
public readonly struct LayerPoint
{
    private readonly TableRows _rows;
    private readonly int _row;

    /// <summary>The columns whose values it has.</summary>
    internal static IReadOnlyList<TableColumn> Columns { get; } =
    [
        LayersTable.Neurons,
        LayersTable.DeadFraction,
        LayersTable.ActiveFraction,
        LayersTable.SpikeRateTest,
        LayersTable.ThresholdMean,
        LayersTable.ThresholdMin,
        LayersTable.ThresholdQ25,
        LayersTable.ThresholdMedian,
        LayersTable.ThresholdQ75,
        LayersTable.ThresholdMax,
        LayersTable.WeightDistanceInitial,
        LayersTable.WeightDistanceFinal,
    ];

    internal LayerPoint(TableRows rows, int row) => (_rows, _row) = (rows, row);

    /// <summary>A column's value; NaN where this row has none, as a layer without spikes has no share of dead neurons.</summary>
    public double this[TableColumn<double> column] => Find(column) ?? double.NaN;

    /// <summary>Whether the layer spikes; an output layer may do without (<c>network.readout: leaky</c>).</summary>
    public bool HasSpikes => Find(LayersTable.DeadFraction) is not null;

    /// <summary>Neurons in the layer.</summary>
    public int Neurons => _rows.Value(LayersTable.Neurons, _row);

    /// <summary>A column in which rows may have no value: null where this one has none.</summary>
    public double? Find(TableColumn<double> column) => _rows.Find(column, _row);

    /// <summary>Share of dead neurons.</summary>
    public double DeadShare(DeadDefinition definition) =>
        definition == DeadDefinition.WholeEpoch ? this[LayersTable.DeadFraction] : 1 - this[LayersTable.ActiveFraction];
}

/// <summary>The two ways to call a neuron dead. Both are recorded.</summary>
public enum DeadDefinition
{
    /// <summary>No spike over all training samples of the epoch.</summary>
    WholeEpoch,

    /// <summary>No spike on the first input of the epoch's last batch, as the paper's figure 10 takes it.</summary>
    FirstInput,
}
