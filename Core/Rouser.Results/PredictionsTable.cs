using Rouser.Snn;

namespace Rouser.Results;

/// <summary>
/// The <c>predictions</c> table: every test sample of every completed trial, after the last epoch, by the trials' order
/// in the plan. It has millions of rows, so it is made and read a trial at a time: each is a row group.
/// </summary>
public static class PredictionsTable
{
    /// <summary>The table's name.</summary>
    public const string Name = "predictions";

    private static readonly TableColumns<Row> Declared = new();

    /// <summary>The trial's identity.</summary>
    public static TableColumn<string> TrialId { get; } = Declared.Add("trial_id", r => r.Trial.Trial.Value);

    /// <summary>From 0, in the order of the data set's test samples.</summary>
    public static TableColumn<int> Sample { get; } = Declared.Add("sample", r => r.Index);

    /// <summary>The sample's class, from 0.</summary>
    public static TableColumn<int> Label { get; } = Declared.Add("label", r => r.Trial.Labels[r.Index]);

    /// <summary>The class that the network says, see <see cref="BatchResult.PredictedClass(int)"/>.</summary>
    public static TableColumn<int> Predicted { get; } = Declared.Add("predicted", r => r.Trial.PredictedClass(r.Index));

    /// <summary>
    /// Spikes of each output neuron, as <see cref="HistogramText"/> writes them; null where the output layer has logits.
    /// </summary>
    public static TableColumn<string> OutputSpikes { get; } =
        Declared.AddNullable(
            "output_spikes",
            r => r.Trial.Logits is null ? HistogramText.Write(r.Trial.SpikesOf(r.Index).ToArray()) : null
        );

    /// <summary>
    /// The logit of each output neuron, <c>[0.5, -1.25]</c>; null where the output layer spikes. Earlier tables lack it.
    /// </summary>
    public static TableColumn<string> Logits { get; } =
        Declared.AddNullable(
            "logits",
            r => r.Trial.Logits is null ? null : LogitText.Write(r.Trial.LogitsOf(r.Index)),
            isOptional: true
        );

    /// <summary>All columns.</summary>
    public static IReadOnlyList<TableColumn> Columns => Declared.All;

    /// <summary>The rows of a trial; of none, a table without rows.</summary>
    public static Table Build(TrialPredictions? trial) =>
        new(
            Name,
            Declared.Write(trial is null ? [] : [.. Enumerable.Range(0, trial.SampleCount).Select(i => new Row(trial, i))]),
            new Dictionary<string, string>()
        );

    /// <summary>
    /// Reads the rows of one trial, in any order; a mistake if they are not the samples of one, each once.
    /// </summary>
    public static Result<TrialPredictions> Read(Table table)
    {
        List<UserError> mistakes = [];
        TableRows rows = new(table, Columns, mistakes);
        if (mistakes.Count > 0)
            return Result<TrialPredictions>.Failed(mistakes);
        string id = rows.Count == 0 ? "" : rows.Value(TrialId, 0);
        int[] labels = new int[rows.Count];
        int[]?[] spikes = new int[]?[rows.Count];
        float[]?[] logits = new float[]?[rows.Count];
        bool hasLogits = rows.Count > 0 && rows.Find(Logits, 0) is not null;
        for (int row = 0; row < rows.Count; row++)
        {
            int sample = rows.Value(Sample, row);
            if (rows.Value(TrialId, row) != id || sample < 0 || sample >= rows.Count || spikes[sample] is not null)
                return Damaged(id, $"row {row + 1} is none of its samples, or one that stands twice");
            if (hasLogits)
                (spikes[sample], logits[sample]) = ([], LogitText.Read(rows.Find(Logits, row) ?? ""));
            else
                spikes[sample] = HistogramText.Read(rows.Find(OutputSpikes, row) ?? "");
            if ((hasLogits ? logits[sample]?.Length : spikes[sample]?.Length) is null or 0)
                return Damaged(id, $"row {row + 1} has no outputs of its network");
            labels[sample] = rows.Value(Label, row);
        }
        int classes =
            rows.Count == 0 ? 0
            : hasLogits ? logits[0]!.Length
            : spikes[0]!.Length;
        return
            rows.Count == 0
            || (hasLogits ? logits.Any(z => z!.Length != classes) : spikes.Any(counts => counts!.Length != classes))
            || labels.Any(label => label < 0 || label >= classes)
            ? Damaged(id, "its samples have different numbers of classes")
            : new TrialPredictions(new Sweeps.TrialId(id), classes, labels, [.. spikes.SelectMany(counts => counts!)])
            {
                Logits = hasLogits ? [.. logits.SelectMany(z => z!)] : null,
            };
    }

    private static UserError Damaged(string trial, string what) =>
        new($"{Name}.parquet", $"trial {trial}: {what}; run 'rouser report' to write the tables again");

    private sealed record Row(TrialPredictions Trial, int Index);
}
