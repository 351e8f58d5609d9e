using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>One layer of one trial after one epoch: a row of the layers table. Shares are from 0 to 1.</summary>
public readonly struct LayerPoint
{
    private readonly LayerColumns _columns;
    private readonly int _row;

    internal LayerPoint(LayerColumns columns, int row) => (_columns, _row) = (columns, row);

    /// <summary>Neurons in the layer.</summary>
    public int Neurons => _columns.Neurons[_row];

    /// <summary>Share of neurons without a spike over all training samples of the epoch.</summary>
    public double DeadFraction => _columns.DeadFraction[_row];

    /// <summary>Share of neurons without a spike on the first input of the epoch's last batch.</summary>
    public double SilentFraction => 1 - ActiveFraction;

    /// <summary>Share of neurons with at least one spike on the first input of the epoch's last batch.</summary>
    public double ActiveFraction => _columns.ActiveFraction[_row];

    /// <summary>Spikes per neuron and step over the training samples.</summary>
    public double SpikeRateTrain => _columns.SpikeRateTrain[_row];

    /// <summary>Spikes per neuron and step over the test samples.</summary>
    public double SpikeRateTest => _columns.SpikeRateTest[_row];

    /// <summary>Mean threshold.</summary>
    public double ThresholdMean => _columns.ThresholdMean[_row];

    /// <summary>Smallest threshold.</summary>
    public double ThresholdMin => _columns.ThresholdMin[_row];

    /// <summary>A tenth of the thresholds lies below it.</summary>
    public double ThresholdQ10 => _columns.ThresholdQ10[_row];

    /// <summary>Lower quartile of the thresholds.</summary>
    public double ThresholdQ25 => _columns.ThresholdQ25[_row];

    /// <summary>Median threshold.</summary>
    public double ThresholdMedian => _columns.ThresholdMedian[_row];

    /// <summary>Upper quartile of the thresholds.</summary>
    public double ThresholdQ75 => _columns.ThresholdQ75[_row];

    /// <summary>A tenth of the thresholds lies above it.</summary>
    public double ThresholdQ90 => _columns.ThresholdQ90[_row];

    /// <summary>Largest threshold.</summary>
    public double ThresholdMax => _columns.ThresholdMax[_row];

    /// <summary>
    /// Neurons per bin, in equal bins from <see cref="ThresholdMin"/> to <see cref="ThresholdMax"/>; one bin where
    /// all thresholds are equal; null where it was not recorded. Parsed at each call.
    /// </summary>
    public int[]? ThresholdHistogram =>
        _columns.ThresholdHistogram is not { } column || column.IsNull(_row) ? null : HistogramText.Read(column.Values[_row]);

    /// <summary>Euclidean distance of the weights from the initial ones.</summary>
    public double WeightDistanceInitial => _columns.WeightDistanceInitial[_row];

    /// <summary>
    /// Euclidean distance of the weights from those after the last epoch; null until the trial is completed.
    /// </summary>
    public double? WeightDistanceFinal => Find(_columns.WeightDistanceFinal);

    /// <summary>Euclidean norm of the weights' gradient, mean over the epoch's batches.</summary>
    public double WeightGradientNorm => _columns.WeightGradientNorm[_row];

    /// <summary>The same of the thresholds'; null where they are fixed.</summary>
    public double? ThresholdGradientNorm => Find(_columns.ThresholdGradientNorm);

    private double? Find(Column<double> column) => column.IsNull(_row) ? null : column.Values[_row];
}
