using Rouser.Snn;

namespace Rouser.Results;

/// <summary>The <c>layers</c> table: every layer of every recorded epoch, in the order of <c>epochs</c>.</summary>
internal static class LayersTable
{
    public static Table Build(IReadOnlyList<TrialRecord> trials, RunMetadata metadata)
    {
        List<Row> rows =
        [
            .. trials.SelectMany(t =>
                t.Epochs.SelectMany(e => e.Layers.Select((layer, index) => new Row(t, e.Epoch, index, layer)))
            ),
        ];
        return new(
            "layers",
            [
                rows.Column("trial_id", r => r.Trial.Planned.Id.Value),
                rows.Column("epoch", r => r.Epoch),
                rows.Column("layer", r => r.Index + 1),
                rows.Column("neurons", r => r.Layer.Neurons),
                rows.Column("dead_fraction", r => r.Layer.DeadFraction),
                rows.Column("active_fraction", r => r.Layer.ActiveFraction),
                rows.Column("spike_rate_train", r => r.Layer.SpikeRateTrain),
                rows.Column("spike_rate_test", r => r.Layer.SpikeRateTest),
                rows.Column("threshold_mean", r => r.Layer.Threshold.Mean),
                rows.Column("threshold_min", r => r.Layer.Threshold.Min),
                rows.Column("threshold_q10", r => r.Layer.Threshold.Q10),
                rows.Column("threshold_q25", r => r.Layer.Threshold.Q25),
                rows.Column("threshold_median", r => r.Layer.Threshold.Median),
                rows.Column("threshold_q75", r => r.Layer.Threshold.Q75),
                rows.Column("threshold_q90", r => r.Layer.Threshold.Q90),
                rows.Column("threshold_max", r => r.Layer.Threshold.Max),
                rows.NullableColumn("threshold_histogram", r => HistogramText.Write(r.Layer.Threshold.Histogram)),
                rows.Column("weight_distance_initial", r => r.Layer.WeightDistanceInitial),
                rows.NullableColumn("weight_distance_final", r => r.WeightDistanceFinal),
                rows.Column("weight_gradient_norm", r => r.Layer.WeightGradientNorm),
                rows.NullableColumn("threshold_gradient_norm", r => r.Layer.ThresholdGradientNorm),
            ],
            metadata.WriteIdentity()
        );
    }

    private sealed record Row(TrialRecord Trial, int Epoch, int Index, LayerMetrics Layer)
    {
        /// <summary>Null until the trial is completed, or if the worker that completed it did not say.</summary>
        public double? WeightDistanceFinal =>
            Trial.WeightDistancesFinal is { } distances && Epoch <= distances.Count && Index < distances[Epoch - 1].Count
                ? distances[Epoch - 1][Index]
                : null;
    }
}
