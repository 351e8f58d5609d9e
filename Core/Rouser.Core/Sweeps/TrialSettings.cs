using Rouser.Core.Data;
using Rouser.Core.Parameters;
using Rouser.Core.Snn;
using Rouser.Core.Snn.Losses;
using Rouser.Core.Snn.Regularizers;
using Rouser.Core.Snn.Surrogates;
using Rouser.Core.Snn.Thresholds;

namespace Rouser.Core.Sweeps;

/// <summary>A trial's parameters in their types: what <see cref="ParameterSet"/> says, as the training core takes it.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Hidden">Neurons per hidden layer; the output layer has one per class.</param>
/// <param name="Neuron">The neuron.</param>
/// <param name="Surrogate">The surrogate gradient.</param>
/// <param name="Threshold">The threshold rule.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Adam">The optimiser.</param>
/// <param name="Epochs">Passes over the training samples.</param>
/// <param name="BatchSize">Samples per update.</param>
/// <param name="Engine">What trains it.</param>
/// <param name="GradientWindow">Steps between truncations of backpropagation through time; null for none.</param>
/// <param name="NoopEpochMs">How long an epoch of engine noop takes, ms.</param>
public sealed record TrialSettings(
    DatasetSettings Dataset,
    IReadOnlyList<int> Hidden,
    NeuronSettings Neuron,
    Surrogate Surrogate,
    ThresholdRule Threshold,
    WeightSettings Weights,
    Loss Loss,
    AdamSettings Adam,
    int Epochs,
    int BatchSize,
    EngineKind Engine,
    int? GradientWindow = null,
    double NoopEpochMs = 0)
{
    /// <summary>What is changed at random in training samples.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>The penalty on the activity of hidden layers; null for none.</summary>
    public Regularizer? Regularizer { get; init; }

    /// <summary>The numbers that weights and states are rounded to.</summary>
    public Quantization Quantization { get; init; }

    /// <summary>
    /// Types the values. What is missing, or not used by the method, has its default, so that the same trial has the same settings; a fixed
    /// threshold has the learning rate 0.
    /// </summary>
    /// <exception cref="ArgumentException">A value has another type or word than <see cref="ParameterSchema"/> says.</exception>
    public static TrialSettings From(ParameterSet parameters) => FromUsed(ParameterSchema.Used(parameters));

    /// <summary>The same for values that <see cref="ParameterSchema.Used"/> gave.</summary>
    internal static TrialSettings FromUsed(ParameterSet set)
    {
        bool synthetic = ParameterSchema.IsSynthetic(set);
        ThresholdRule rule = ThresholdRule.Family.Build(set);
        return new TrialSettings(
            new DatasetSettings(
                Word("dataset.name"),
                synthetic ? null : Word("dataset.root"),
                Whole("dataset.steps"),
                Real("dataset.step_ms"),
                WholeOrAll("dataset.train_samples"),
                WholeOrAll("dataset.test_samples"),
                synthetic ? Long("dataset.seed") : 0)
            {
                Width = Whole("dataset.width"),
                Height = Whole("dataset.height"),
                Raster = new RasterOptions(
                    Truth("dataset.merge_polarities"),
                    Whole("dataset.crop"),
                    Whole("dataset.downsample"),
                    Whole("dataset.min_events"),
                    Whole("dataset.events_per_step")),
            },
            Value("network.hidden") is ParameterValue.Integers sizes ? [.. sizes.Values.Select(n => checked((int)n))] : throw Wrong("network.hidden"),
            NeuronSettings.From(set) with { Membrane = rule.MembraneFor(set) },
            Surrogate.Family.Build(set),
            rule,
            WeightSettings.From(set),
            Loss.Family.Build(set),
            AdamSettings.From(set),
            Whole("epochs"),
            Whole("batch_size"),
            Kind<EngineKind>(ParameterSchema.Engine),
            WholeOrAll("bptt.window"),
            Real("noop.epoch_ms"))
        {
            Augmentation = new(Whole("augment.jitter_steps"), Whole("augment.shift")),
            Regularizer = Regularizer.Family.Build(set),
            Quantization = Kind<Quantization>("quantize"),
        };

        bool Truth(string name) => Value(name) is ParameterValue.Truth truth ? truth.Value : throw Wrong(name);

        ParameterValue Value(string name) => ParameterSchema.ValueOf(set, name);

        string Word(string name) => Value(name) is ParameterValue.Word word ? word.Value : throw Wrong(name);

        long Long(string name) => Value(name) is ParameterValue.Integer number ? number.Value : throw Wrong(name);

        int Whole(string name) => checked((int)Long(name));

        int? WholeOrAll(string name) => Value(name) is ParameterValue.Word ? null : Whole(name);

        double Real(string name) =>
            Value(name) switch { ParameterValue.Real number => number.Value, ParameterValue.Integer number => number.Value, _ => throw Wrong(name) };

        TEnum Kind<TEnum>(string name)
            where TEnum : struct, Enum => Words<TEnum>.Kinds.TryGetValue(Word(name), out TEnum kind) ? kind : throw Wrong(name);

        ArgumentException Wrong(string name) => new($"{name} cannot be {Value(name)}.", nameof(set));
    }

    /// <summary>The words of a sweep file are the enumerations' names: <c>same_step</c> is SameStep.</summary>
    private static class Words<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<string, TEnum> Kinds = Enum.GetValues<TEnum>().ToDictionary(
            kind => string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")),
            StringComparer.Ordinal);
    }
}

/// <summary>Which data, and how it is binned.</summary>
/// <param name="Name">Its name in the catalogue: <c>nmnist</c>.</param>
/// <param name="Root">The folder of a recorded set; null for a generated one. Not part of a trial's identity: the data's digest is.</param>
/// <param name="Steps">T.</param>
/// <param name="StepMilliseconds">Length of a step, ms.</param>
/// <param name="TrainSamples">How many training samples to take, from the start of the set's fixed order; null for all (of a generated set: 1,000).</param>
/// <param name="TestSamples">How many test samples; null for all (of a generated set: 200).</param>
/// <param name="Seed">The generator's seed; 0 for a recorded set.</param>
public sealed record DatasetSettings(string Name, string? Root, int Steps, double StepMilliseconds, int? TrainSamples, int? TestSamples, long Seed)
{
    /// <summary>Columns of the sensor of a user's own recordings; other sets know theirs.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Its rows.</summary>
    public int Height { get; init; } = 128;

    /// <summary>What is done to the sensor's addresses, and how steps are counted.</summary>
    public RasterOptions Raster { get; init; } = RasterOptions.Plain;

    /// <summary>How its events become rasters.</summary>
    /// <exception cref="InvalidOperationException">The catalogue has no such set.</exception>
    public EventBinning Binning() => DatasetCatalog.Find(Name) switch
    {
        null => throw new InvalidOperationException($"There is no data set {Name}."),
        { Width: > 0 } known => known.Binning(Steps, StepMilliseconds, Raster),
        // An ear, of one row, has no polarity.
        _ => new(Width, Height, Steps, StepMilliseconds) { Options = Height == 1 ? Raster with { MergePolarities = true } : Raster },
    };
}
