using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Sweeps;

namespace Rouser.Reports.Paper;

/// <summary>
/// What a row's trainings have that the paper's have not, by the parameters that the trials recorded.
/// </summary>
internal static class PaperConditions
{
    // Table 2, and the text. A parameter may have any of its values.
    private static readonly Dictionary<string, string[]> Stated = new(StringComparer.Ordinal)
    {
        ["threshold.init"] = ["1.25", "0.25"],
        ["surrogate.tau"] = ["3.75", "3"],
        ["surrogate.scale"] = ["1.5", "3"],
        ["threshold.learning_rate"] = ["0", "0.001", "0.01"],
        ["neuron.current_decay"] = ["0.75"],
        ["neuron.voltage_decay"] = ["0.97"],
        ["neuron.reset"] = ["soft"],
        ["neuron.coupling"] = ["delayed"],
        ["surrogate.kind"] = ["exponential"],
        ["weights.init"] = ["kaiming_uniform", "kaiming_normal"],
        ["loss.kind"] = ["van_rossum"],
        ["optimizer.kind"] = ["adam"],
        ["optimizer.learning_rate"] = ["0.001"],
        ["threshold.rule"] = ["fixed", "learned"],
    };

    // What the paper leaves open, or what is dealt with below; a value other than the default is still named.
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "batch_size",
        "neuron.reset_gradient",
        "loss.filter_tau",
        "loss.true_period",
        "loss.false_period",
        "optimizer.beta1",
        "optimizer.beta2",
        "optimizer.epsilon",
        "weights.normalize",
    };

    private static readonly HashSet<string> Elsewhere = new(StringComparer.Ordinal)
    {
        "dataset.name",
        "dataset.root",
        "dataset.seed",
        "dataset.steps",
        "dataset.step_ms",
        "dataset.train_samples",
        "dataset.test_samples",
        "network.hidden",
        "epochs",
        "engine",
    };

    /// <summary>Each thing that differs from what the paper states, in words; empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(ResultRow row, PaperClaim claim)
    {
        PaperDataset dataset = claim.Dataset;
        List<string> found = [];
        string name = row.Parameters.GetValueOrDefault("dataset.name", "");
        if (name != dataset.Recorded)
            found.Add($"{name}, generated, in place of {dataset.Name}");
        if (Integers(row, "network.hidden") is { } hidden && !hidden.SequenceEqual(dataset.Hidden))
            found.Add($"{Layers(hidden)} hidden neurons in place of {Layers(dataset.Hidden)}");
        AddSamples(found, TrainSamples(row), dataset.TrainSamples, "training");
        AddSamples(found, Number(row, "dataset.test_samples"), dataset.TestSamples, "test");
        if (
            dataset.Steps is { } steps
            && (Number(row, "dataset.steps") is var t && t != steps || Number(row, "dataset.step_ms") != 1)
            && row.Parameters.ContainsKey("dataset.steps")
        )
            found.Add(
                $"{Text(t)} steps of {row.Parameters.GetValueOrDefault("dataset.step_ms", "?")} ms in place of {steps} of 1 ms"
            );
        if (claim.Quantity == PaperQuantity.AccuracyAfter10 && row.Epochs is > 0 and < PaperQuantity.Figure3Epoch)
            found.Add($"after {row.Epochs} epochs in place of {PaperQuantity.Figure3Epoch}");
        foreach ((string parameter, string value) in row.Parameters)
        {
            if (Elsewhere.Contains(parameter))
                continue;
            // A statement about a threshold has been matched by it, and on DVS128 Table 2 has five of them.
            if (
                parameter == "threshold.init"
                && (
                    claim.Setting.Threshold is not null
                    || (dataset == PaperDataset.Dvs128 && value is "0" or "0.5" or "0.75" or "1")
                )
            )
                continue;
            if (
                Stated.TryGetValue(parameter, out string[]? values)
                    ? !values.Contains(value)
                    : !IsDefault(parameter, value) && !Open.Contains(parameter)
            )
                found.Add($"{parameter} {value}");
        }
        return found;
    }

    /// <summary>What was chosen where the paper leaves a choice, in words.</summary>
    public static string Choices(ResultRow row)
    {
        List<string> words = [$"{row.Epochs} epochs"];
        foreach (string parameter in (string[])["weights.init", "neuron.reset", "neuron.coupling", "neuron.reset_gradient"])
        {
            if (row.Parameters.TryGetValue(parameter, out string? value))
                words.Add($"{parameter} {value}");
        }
        words.AddRange(
            row.Parameters.Where(p =>
                    Open.Contains(p.Key)
                    && p.Key is not "neuron.reset_gradient" and not "weights.normalize"
                    && !IsDefault(p.Key, p.Value)
                )
                .Select(p => $"{p.Key} {p.Value}")
        );
        return string.Join(", ", words);
    }

    /// <summary>The values that Table 2 has for a parameter; null if it says nothing of it.</summary>
    public static IReadOnlyList<string>? StatedFor(string parameter) => Stated.GetValueOrDefault(parameter);

    /// <summary>A parameter as a number; NaN where the row has none.</summary>
    public static double Number(ResultRow row, string parameter) =>
        row.Parameters.TryGetValue(parameter, out string? text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : double.NaN;

    /// <summary>
    /// Samples that an epoch trains on: its seconds times its samples per second. All of a recorded set is a
    /// parameter without a number, and a folder may hold a part of the set.
    /// </summary>
    public static double TrainSamples(ResultRow row)
    {
        double counted =
            row.Completed.Count > 0 && row.Completed[0].History is { Epochs: > 0 } h
                ? Math.Round(h.Seconds(1) * h.SamplesPerSecond(1))
                : double.NaN;
        return double.IsFinite(counted) && counted > 0 ? counted : Number(row, "dataset.train_samples");
    }

    private static void AddSamples(List<string> found, double samples, int all, string purpose)
    {
        // NaN: not known, or all that the folder holds.
        if (samples < all)
            found.Add($"{Text(samples)} of {all.ToString("N0", CultureInfo.InvariantCulture)} {purpose} samples");
    }

    private static int[]? Integers(ResultRow row, string parameter) =>
        row.Parameters.TryGetValue(parameter, out string? text)
            ?
            [
                .. text.Trim('[', ']')
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(n => int.Parse(n, CultureInfo.InvariantCulture)),
            ]
            : null;

    private static bool IsDefault(string parameter, string value) => ParameterSchema.Find(parameter)?.Default.ToString() == value;

    private static string Layers(IReadOnlyList<int> neurons) => neurons.Count == 0 ? "no" : string.Join('-', neurons);

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
