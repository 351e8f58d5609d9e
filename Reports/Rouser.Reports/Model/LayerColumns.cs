using Rouser.Core;
using Rouser.Core.Metrics;

namespace Rouser.Reports.Model;

/// <summary>The columns of the layers table that the report shows, each one value per row.</summary>
internal sealed class LayerColumns
{
    private static readonly string[] Quantiles = ["min", "q25", "median", "q75", "max"];

    public LayerColumns(Table table, List<Mistake> mistakes)
    {
        TableReader reader = new(table, mistakes);
        TrialId = reader.Require<string>("trial_id").Values;
        Epoch = reader.Require<int>("epoch").Values;
        Layer = reader.Require<int>("layer").Values;
        Neurons = reader.Require<int>("neurons").Values;
        DeadFraction = reader.Require<double>("dead_fraction").Values;
        ActiveFraction = reader.Require<double>("active_fraction").Values;
        SpikeRateTest = reader.Require<double>("spike_rate_test").Values;
        Thresholds = [.. Quantiles.Select(q => reader.Require<double>($"threshold_{q}").Values)];
    }

    public string[] TrialId { get; }

    public int[] Epoch { get; }

    public int[] Layer { get; }

    public int[] Neurons { get; }

    public double[] DeadFraction { get; }

    public double[] ActiveFraction { get; }

    public double[] SpikeRateTest { get; }

    /// <summary>Minimum, lower quartile, median, upper quartile, maximum: one column each.</summary>
    public double[][] Thresholds { get; }
}

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

    /// <summary>Spikes per neuron and step over the test samples.</summary>
    public double SpikeRateTest => _columns.SpikeRateTest[_row];

    /// <summary>Smallest threshold.</summary>
    public double ThresholdMin => _columns.Thresholds[0][_row];

    /// <summary>Lower quartile of the thresholds.</summary>
    public double ThresholdQ25 => _columns.Thresholds[1][_row];

    /// <summary>Median threshold.</summary>
    public double ThresholdMedian => _columns.Thresholds[2][_row];

    /// <summary>Upper quartile of the thresholds.</summary>
    public double ThresholdQ75 => _columns.Thresholds[3][_row];

    /// <summary>Largest threshold.</summary>
    public double ThresholdMax => _columns.Thresholds[4][_row];
}
