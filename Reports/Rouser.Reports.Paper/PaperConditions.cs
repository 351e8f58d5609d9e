using System.Globalization;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Reports.Model;
using Rouser.Results;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Reports.Paper;

/// <summary>
/// What a row's trainings have that the paper's have not, by the parameters that the trials recorded.
/// </summary>
internal static class PaperConditions
{
    /// <summary>Neurons of the hidden layers.</summary>
    public static Parameter Hidden { get; } = ParameterSchema.Declared("network.hidden");

    /// <summary>Training samples that were asked for.</summary>
    public static Parameter TrainSampleCount { get; } = ParameterSchema.Declared("dataset.train_samples");

    /// <summary>Whether weights are normalised, which makes SLAYER 2.0 another method of the paper.</summary>
    public static Parameter Normalize { get; } = ParameterSchema.Declared("weights.normalize");

    private static readonly Parameter Steps = ParameterSchema.Declared("dataset.steps"),
        StepMilliseconds = ParameterSchema.Declared("dataset.step_ms"),
        TestSampleCount = ParameterSchema.Declared("dataset.test_samples"),
        EpochCount = ParameterSchema.Declared("epochs"),
        ResetGradient = ParameterSchema.Declared("neuron.reset_gradient");

    // What the paper leaves open, or what is dealt with apart; a value other than the default is still named.
    private static readonly HashSet<string> Open = Names(
        "batch_size",
        ResetGradient.Name,
        "loss.filter_tau",
        "loss.true_period",
        "loss.false_period",
        "optimizer.beta1",
        "optimizer.beta2",
        "optimizer.epsilon",
        Normalize.Name
    );

    private static readonly HashSet<string> ComparedElsewhere = Names(
        "dataset.name",
        "dataset.root",
        "dataset.seed",
        Steps.Name,
        StepMilliseconds.Name,
        TrainSampleCount.Name,
        TestSampleCount.Name,
        Hidden.Name,
        EpochCount.Name,
        "engine"
    );

    private static readonly string[] Choice = [.. Names("weights.init", "neuron.reset", "neuron.coupling"), ResetGradient.Name];

    /// <summary>Each thing that differs from what the paper states, in words; empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(ResultRow row, PaperClaim claim)
    {
        PaperDataset dataset = claim.Dataset;
        List<string> found = [];
        if (row.DatasetName != dataset.Recorded)
            found.Add($"{row.DatasetName}, {DatasetCatalog.Find(row.DatasetName!)!.Mark}, in place of {dataset.Name}");
        if (row.Parameters.Find(Hidden) is ParameterValue.Integers hidden && !hidden.Values.SequenceEqual(dataset.HiddenSizes))
            found.Add($"{Layers(hidden.Values)} hidden neurons in place of {Layers(dataset.HiddenSizes)}");
        AddSamples(found, TrainSamples(row), dataset.TrainSamples, "training");
        AddSamples(found, row.Parameters.FindReal(TestSampleCount), dataset.TestSamples, "test");
        AddSteps(found, row, dataset);
        foreach ((string parameter, ParameterValue value) in row.Parameters.Values)
        {
            if (!ComparedElsewhere.Contains(parameter) && !IsAsStated(parameter, value, claim))
                found.Add($"{parameter} {value}");
        }
        return found;
    }

    /// <summary>What was chosen where the paper leaves a choice, in words.</summary>
    public static string Choices(ResultRow row)
    {
        IEnumerable<string> chosen = Choice
                .Where(parameter => row.Parameters.Find(parameter) is not null)
                .Select(parameter => $"{parameter} {row.TextOf(parameter)}"),
            others = row
                .Parameters.Values.Where(p => Open.Contains(p.Key) && p.Key != ResetGradient.Name && p.Key != Normalize.Name)
                .Where(p => !IsDefault(p.Key, p.Value))
                .Concat(row.Parameters.Values.Where(p => !Choice.Contains(p.Key) && IsConvention(p.Key, p.Value)))
                .DistinctBy(p => p.Key)
                .Select(p => $"{p.Key} {p.Value}");
        return string.Join(", ", chosen.Concat(others).Prepend($"{row.Epochs} epochs"));
    }

    /// <summary>Epochs that every seed has, or is to have; null if nothing says so.</summary>
    public static int? Epochs(ResultRow row) => row.IsComplete ? row.Epochs : (int?)row.Parameters.FindReal(EpochCount);

    /// <summary>
    /// Samples that an epoch trains on: its seconds times its samples per second. All of a recorded set is a
    /// parameter without a number, and a folder may hold a part of the set. Null if neither says.
    /// </summary>
    public static double? TrainSamples(ResultRow row)
    {
        if (row.Completed.Count > 0 && row.Completed[0].History is { Epochs: > 0 } history)
        {
            double counted = Math.Round(history.Value(EpochsTable.Seconds, 1) * history.Value(EpochsTable.SamplesPerSecond, 1));
            if (double.IsFinite(counted) && counted > 0)
                return counted;
        }
        return row.Parameters.FindReal(TrainSampleCount);
    }

    private static bool IsAsStated(string parameter, ParameterValue value, PaperClaim claim)
    {
        // A statement about a threshold has been matched by it, and on DVS128 Table 2 has five of them.
        if (
            parameter == ThresholdRule.InitParameter.Name
            && (claim.Setting.Threshold is not null || claim.Dataset.HasOtherThreshold(value))
        )
            return true;
        // The paper's numbers are of the authors' own program, whatever its text says.
        return IsConvention(parameter, value)
            || (
                PaperHyperparameter.Find(parameter) is { } stated
                    ? stated.Values.Contains(value)
                    : Open.Contains(parameter) || IsDefault(parameter, value)
            );
    }

    private static void AddSteps(List<string> found, ResultRow row, PaperDataset dataset)
    {
        if (dataset.Steps is not { } stated || row.Parameters.FindReal(Steps) is not { } steps)
            return;
        double? milliseconds = row.Parameters.FindReal(StepMilliseconds);
        if (steps != stated || milliseconds != 1)
            found.Add(
                $"{Text(steps)} steps of {row.Parameters.Find(StepMilliseconds)?.ToString() ?? "?"} ms in place of {stated} of 1 ms"
            );
    }

    // Null: not known, or all that the folder holds.
    private static void AddSamples(List<string> found, double? samples, int all, string purpose)
    {
        if (samples < all)
            found.Add($"{Text(samples.Value)} of {Text(all)} {purpose} samples");
    }

    // What the authors' own program does where the paper says nothing.
    private static bool IsConvention(string parameter, ParameterValue value) =>
        !IsDefault(parameter, value) && Compatibility.Has(parameter, value);

    private static bool IsDefault(string parameter, ParameterValue value) => ParameterSchema.Find(parameter)?.Default == value;

    private static string Layers(IReadOnlyList<long> neurons) => neurons.Count == 0 ? "no" : string.Join('-', neurons);

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    // Of parameters that are there: a name that is none ends the program's first report, in the tests.
    private static HashSet<string> Names(params string[] names) => [.. names.Select(n => ParameterSchema.Declared(n).Name)];
}
