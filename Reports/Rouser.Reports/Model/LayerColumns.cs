using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>The columns of the layers table, each one value per row.</summary>
internal sealed class LayerColumns
{
    public LayerColumns(Table table, List<Mistake> mistakes)
    {
        TableReader reader = new(table, mistakes);
        TrialId = reader.Require<string>("trial_id").Values;
        Epoch = reader.Require<int>("epoch").Values;
        Layer = reader.Require<int>("layer").Values;
        Neurons = reader.Require<int>("neurons").Values;
        DeadFraction = Numbers("dead_fraction");
        ActiveFraction = Numbers("active_fraction");
        SpikeRateTrain = Numbers("spike_rate_train");
        SpikeRateTest = Numbers("spike_rate_test");
        ThresholdMean = Numbers("threshold_mean");
        ThresholdMin = Numbers("threshold_min");
        ThresholdQ10 = Numbers("threshold_q10");
        ThresholdQ25 = Numbers("threshold_q25");
        ThresholdMedian = Numbers("threshold_median");
        ThresholdQ75 = Numbers("threshold_q75");
        ThresholdQ90 = Numbers("threshold_q90");
        ThresholdMax = Numbers("threshold_max");
        ThresholdHistogram = table.Find("threshold_histogram") is null
            ? null
            : reader.Require<string>("threshold_histogram", nullable: true);
        WeightDistanceInitial = Numbers("weight_distance_initial");
        WeightDistanceFinal = reader.Require<double>("weight_distance_final", nullable: true);
        WeightGradientNorm = Numbers("weight_gradient_norm");
        ThresholdGradientNorm = reader.Require<double>("threshold_gradient_norm", nullable: true);

        double[] Numbers(string name) => reader.Require<double>(name).Values;
    }

    public string[] TrialId { get; }

    public int[] Epoch { get; }

    public int[] Layer { get; }

    public int[] Neurons { get; }

    public double[] DeadFraction { get; }

    public double[] ActiveFraction { get; }

    public double[] SpikeRateTrain { get; }

    public double[] SpikeRateTest { get; }

    public double[] ThresholdMean { get; }

    public double[] ThresholdMin { get; }

    public double[] ThresholdQ10 { get; }

    public double[] ThresholdQ25 { get; }

    public double[] ThresholdMedian { get; }

    public double[] ThresholdQ75 { get; }

    public double[] ThresholdQ90 { get; }

    public double[] ThresholdMax { get; }

    /// <summary>Null in tables of before histograms were recorded.</summary>
    public Column<string>? ThresholdHistogram { get; }

    public double[] WeightDistanceInitial { get; }

    public Column<double> WeightDistanceFinal { get; }

    public double[] WeightGradientNorm { get; }

    public Column<double> ThresholdGradientNorm { get; }
}
