using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Results;

/// <summary>Where a journal says something of a trial's layers.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Epochs">How many epochs it has.</param>
/// <param name="First">The number of the first event that does, from 1.</param>
/// <param name="Last">That of the last.</param>
internal readonly record struct LayerSpan(TrialId Trial, int Epochs, long First, long Last);

/// <summary>
/// The <c>layers</c> table: every layer of every recorded epoch, in the order of <c>epochs</c>. An output layer that does
/// not spike has no value of what spikes and thresholds are needed for.
/// </summary>
public static class LayersTable
{
    private static readonly TableColumns<Row> Declared = new();

    /// <summary>The trial's identity.</summary>
    public static TableColumn<string> TrialId { get; } = Declared.Add("trial_id", r => r.Record.Trial);

    /// <summary>From 1.</summary>
    public static TableColumn<int> Epoch { get; } = Declared.Add("epoch", r => r.Epoch);

    /// <summary>From 1, the first hidden layer.</summary>
    public static TableColumn<int> Layer { get; } = Declared.Add("layer", r => r.Index + 1);

    /// <inheritdoc cref="LayerMetrics.Neurons"/>
    public static TableColumn<int> Neurons { get; } = Declared.Add("neurons", r => r.Layer.Neurons);

    /// <inheritdoc cref="LayerMetrics.DeadFraction"/>
    public static TableColumn<double> DeadFraction { get; } = Declared.AddNullable("dead_fraction", r => r.Layer.DeadFraction);

    /// <inheritdoc cref="LayerMetrics.ActiveFraction"/>
    public static TableColumn<double> ActiveFraction { get; } =
        Declared.AddNullable("active_fraction", r => r.Layer.ActiveFraction);

    /// <inheritdoc cref="LayerMetrics.SpikeRateTrain"/>
    public static TableColumn<double> SpikeRateTrain { get; } =
        Declared.AddNullable("spike_rate_train", r => r.Layer.SpikeRateTrain);

    /// <inheritdoc cref="LayerMetrics.SpikeRateTest"/>
    public static TableColumn<double> SpikeRateTest { get; } =
        Declared.AddNullable("spike_rate_test", r => r.Layer.SpikeRateTest);

    /// <summary>Mean threshold.</summary>
    public static TableColumn<double> ThresholdMean { get; } =
        Declared.AddNullable("threshold_mean", r => r.Layer.Threshold?.Mean);

    /// <summary>Smallest threshold.</summary>
    public static TableColumn<double> ThresholdMin { get; } = Declared.AddNullable("threshold_min", r => r.Layer.Threshold?.Min);

    /// <summary>A tenth of the thresholds lies below it.</summary>
    public static TableColumn<double> ThresholdQ10 { get; } = Declared.AddNullable("threshold_q10", r => r.Layer.Threshold?.Q10);

    /// <summary>Lower quartile of the thresholds.</summary>
    public static TableColumn<double> ThresholdQ25 { get; } = Declared.AddNullable("threshold_q25", r => r.Layer.Threshold?.Q25);

    /// <summary>Median threshold.</summary>
    public static TableColumn<double> ThresholdMedian { get; } =
        Declared.AddNullable("threshold_median", r => r.Layer.Threshold?.Median);

    /// <summary>Upper quartile of the thresholds.</summary>
    public static TableColumn<double> ThresholdQ75 { get; } = Declared.AddNullable("threshold_q75", r => r.Layer.Threshold?.Q75);

    /// <summary>A tenth of the thresholds lies above it.</summary>
    public static TableColumn<double> ThresholdQ90 { get; } = Declared.AddNullable("threshold_q90", r => r.Layer.Threshold?.Q90);

    /// <summary>Largest threshold.</summary>
    public static TableColumn<double> ThresholdMax { get; } = Declared.AddNullable("threshold_max", r => r.Layer.Threshold?.Max);

    /// <summary>
    /// Neurons per bin, as <see cref="HistogramText"/> writes them: in equal bins from the smallest to the largest
    /// threshold. Tables of schema 1 lack it.
    /// </summary>
    public static TableColumn<string> ThresholdHistogram { get; } =
        Declared.AddNullable("threshold_histogram", r => HistogramText.Write(r.Layer.Threshold?.Histogram), isOptional: true);

    /// <inheritdoc cref="LayerMetrics.WeightDistanceInitial"/>
    public static TableColumn<double> WeightDistanceInitial { get; } =
        Declared.Add("weight_distance_initial", r => r.Layer.WeightDistanceInitial);

    /// <summary>
    /// Euclidean distance of the weights from those after the last epoch; null until the trial is completed.
    /// </summary>
    public static TableColumn<double> WeightDistanceFinal { get; } =
        Declared.AddNullable("weight_distance_final", r => r.WeightDistanceFinal);

    /// <inheritdoc cref="LayerMetrics.WeightGradientNorm"/>
    public static TableColumn<double> WeightGradientNorm { get; } =
        Declared.Add("weight_gradient_norm", r => r.Layer.WeightGradientNorm);

    /// <inheritdoc cref="LayerMetrics.ThresholdGradientNorm"/>
    public static TableColumn<double> ThresholdGradientNorm { get; } =
        Declared.AddNullable("threshold_gradient_norm", r => r.Layer.ThresholdGradientNorm);

    /// <summary>All columns.</summary>
    public static IReadOnlyList<TableColumn> Columns => Declared.All;

    internal static Table Empty(RunMetadata metadata) => Of([], metadata);

    /// <summary>The rows of all trials in parts, each read from the journal when it is asked for.</summary>
    /// <param name="spans">Of the trials, in the order of the plan, by which they were trained for the most part: the
    /// events of a part stand close together then, and the journal is read about once for all parts.</param>
    /// <param name="journal">The events after a number.</param>
    /// <param name="metadata">Of the run.</param>
    /// <param name="epochsAtOnce">About how many epochs a part has; a trial is in one part.</param>
    internal static IEnumerable<Table> Parts(
        IReadOnlyList<LayerSpan> spans,
        Func<long, IEnumerable<Event>> journal,
        RunMetadata metadata,
        int epochsAtOnce
    )
    {
        List<LayerSpan> part = [];
        long epochs = 0;
        foreach (LayerSpan trial in spans)
        {
            part.Add(trial);
            epochs += trial.Epochs;
            if (epochs < epochsAtOnce)
                continue;
            yield return Of(ReadRows(part, journal), metadata);
            part.Clear();
            epochs = 0;
        }
        if (part.Count > 0)
            yield return Of(ReadRows(part, journal), metadata);
    }

    private static Table Of(IReadOnlyList<Row> rows, RunMetadata metadata) =>
        new("layers", Declared.Write(rows), metadata.WriteIdentity());

    private static List<Row> ReadRows(List<LayerSpan> part, Func<long, IEnumerable<Event>> journal)
    {
        Dictionary<TrialId, LayerRecord> layers = part.ToDictionary(t => t.Trial, t => new LayerRecord(t.Trial.Value));
        long number = part.Min(t => t.First) - 1,
            last = part.Max(t => t.Last);
        foreach (Event happened in journal(number).Take((int)(last - number)))
        {
            switch (happened)
            {
                case EpochRecorded e:
                    layers.GetValueOrDefault(e.Trial)?.Epochs.Add(e.Metrics);
                    break;
                case TrialCompleted e:
                    layers.GetValueOrDefault(e.Trial)?.WeightDistancesFinal = e.WeightDistancesFinal;
                    break;
            }
        }
        return
        [
            .. part.Select(t => layers[t.Trial])
                .SelectMany(t => t.Epochs.SelectMany(e => e.Layers.Select((layer, index) => new Row(t, e.Epoch, index, layer)))),
        ];
    }

    /// <summary>What a journal says of a trial's layers.</summary>
    private sealed class LayerRecord(string trial)
    {
        public string Trial { get; } = trial;

        public List<EpochMetrics> Epochs { get; } = [];

        /// <summary><c>[epoch − 1][layer]</c>; null until the trial is completed.</summary>
        public IReadOnlyList<IReadOnlyList<double>>? WeightDistancesFinal { get; set; }
    }

    private sealed record Row(LayerRecord Record, int Epoch, int Index, LayerMetrics Layer)
    {
        /// <summary>Null until the trial is completed, or if the worker that completed it did not say.</summary>
        public double? WeightDistanceFinal =>
            Record.WeightDistancesFinal is { } distances && Epoch <= distances.Count && Index < distances[Epoch - 1].Count
                ? distances[Epoch - 1][Index]
                : null;
    }
}
