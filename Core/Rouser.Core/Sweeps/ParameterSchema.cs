using Rouser.Core.Data;
using Rouser.Core.Parameters;
using Rouser.Core.Snn.Surrogates;
using static Rouser.Core.Parameters.ParameterType;

namespace Rouser.Core.Sweeps;

/// <summary>
/// The one table of every parameter. Validation, "did you mean", <c>--set</c>, trial identity, table columns, <see cref="TrialSettings"/>
/// and docs/sweep-file.md all come from it.
/// </summary>
public static class ParameterSchema
{
    /// <summary>The word for every sample of a set.</summary>
    internal const string All = ParameterType.All;

    /// <summary>The word for no number.</summary>
    internal const string None = ParameterType.None;

    /// <summary>The parameter that names the training engine.</summary>
    internal const string Engine = "engine";

    private static readonly UsedIf Learned = new("threshold.rule", "learned", "ltmd", "diet", "trsg");
    private static readonly UsedIf Annealed = new("threshold.rule", "annealed");
    private static readonly UsedIf Adaptive = new("threshold.rule", "adaptive");
    private static readonly UsedIf DsAtgo = new("threshold.rule", "ds_atgo");
    private static readonly UsedIf Plif = new("neuron.membrane", "plif");
    private static readonly UsedIf Regularized = new("regularizer.kind", "activity");
    private static readonly UsedIf VanRossum = new("loss.kind", "van_rossum");
    private static readonly UsedIf SpikeRate = new("loss.kind", "spike_rate");
    private static readonly UsedIf Recorded = new("dataset.name", KnownDatasets.Recorded);
    private static readonly UsedIf Noop = new(Engine, "noop");
    private static readonly UsedIf Own = new("dataset.name", DatasetCatalog.Events.Name);
    private static readonly UsedIf Polar = new("dataset.name", KnownDatasets.Polar);
    private static readonly UsedIf Synthetic = new("dataset.name", KnownDatasets.Synthetic);

    private static readonly Real Positive = new(0, Above: true);
    private static readonly Real NotNegative = new(0);
    private static readonly Real Share = new(0, 1);
    private static readonly Real Decay = new(0, 1);
    private static readonly Real MomentDecay = new(0, 1, Below: true);
    private static readonly Integer Period = new(1, 100_000);
    private static readonly Integer Window = new(1, 100_000, OrAll: true);
    private static readonly Integer Samples = new(1, 1_000_000, OrAll: true);

    /// <summary>Every parameter, in the order of the documentation.</summary>
    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("dataset.name", new Word([.. KnownDatasets.Recorded, .. KnownDatasets.Synthetic]), Of("saccade-digits"),
            "The data set. Recorded, read from files: `nmnist` (N-MNIST, 34×34×2, ten digits), `dvs128` (DVS128 Gesture, 128×128×2, eleven gestures), `shd` (Spiking Heidelberg Digits, 700 channels, twenty classes), `events` (your own recordings). Generated, so that no download is needed and every output says \"synthetic\": `saccade-digits`, `gesture-blobs`, `spoken-digits`, shaped like the first three. docs/data.md has them all."),
        new("dataset.root", new ParameterType.Path(), Of("data/nmnist"),
            "The folder of a recorded set; docs/data.md says what it holds. No part of a trial's identity: the digest of the recordings is.", Recorded),
        new("dataset.steps", new Integer(1, 100_000), Of(300), "T, the steps per sample."),
        new("dataset.step_ms", Positive, Of(1.0), "Length of a step, ms."),
        new("dataset.train_samples", Samples, Of(All),
            $"Training samples to take, from the start of the set's fixed order; `all` of a generated set are {KnownDatasets.SyntheticTrainSamples}."),
        new("dataset.test_samples", Samples, Of(All), $"Test samples to take; `all` of a generated set are {KnownDatasets.SyntheticTestSamples}."),
        new("dataset.seed", new Integer(0, long.MaxValue), Of(0), "The generator's seed: another one gives other samples.", Synthetic),
        new("dataset.width", new Integer(1, 65_536), Of(128), "Columns of the sensor; of an ear, its channels.", Own),
        new("dataset.height", new Integer(1, 65_536), Of(128), "Rows of the sensor; 1 for an ear.", Own),
        new("dataset.merge_polarities", new Truth(), new ParameterValue.Truth(false), "Whether ON and OFF events of a pixel share an input.", Polar, SilentDefault: true),
        new("dataset.crop", new Integer(0, 32_768), Of(0), "Pixels cut off each side; of an ear, channels cut off both ends.", SilentDefault: true),
        new("dataset.downsample", new Integer(1, 65_536), Of(1), "So many pixels per side, or neighbouring channels, become one: 2 makes 34×34 to 17×17, 5 makes 700 to 140.", SilentDefault: true),
        new("dataset.min_events", new Integer(1, 65_536), Of(1), "So many events of a pixel within a step make a spike; 1: any event does.", SilentDefault: true),
        new("dataset.events_per_step", new Integer(0, 1_000_000_000), Of(0), "A step is so many events instead of `step_ms`; 0: it is a time.", SilentDefault: true),

        new("augment.jitter_steps", new Integer(0, 99_999), Of(0),
            "Every spike of a training sample moves by −n to n steps at random, in every epoch anew; 0: none does.", SilentDefault: true),
        new("augment.shift", new Integer(0, 65_535), Of(0),
            "A training sample's picture moves by −n to n pixels along each axis at random, in every epoch anew; of an ear, by so many channels. Counted after `dataset.crop` and `dataset.downsample`. 0: it stays.", SilentDefault: true),

        new("network.hidden", new Integers(0, 16, 1, 65_536), new ParameterValue.Integers([500, 500]),
            "Neurons per hidden layer, from the input on, `[]` for none; the output layer has one neuron per class."),

        new("neuron.current_decay", Decay, Of(0.75), "1/τ_i, the multiplier of a neuron's current per step."),
        new("neuron.voltage_decay", Decay, Of(0.97), "1/τ_v, the multiplier of the membrane potential per step."),
        new("neuron.reset", new Word("soft", "hard"), Of("soft"),
            "After a spike: `soft` subtracts the threshold from the potential (paper, equation 2), `hard` sets it to 0 (SLAYER 2.0)."),
        new("neuron.coupling", new Word("delayed", "same_step"), Of("delayed"),
            "`delayed`: current one step after the input spike, potential one step after the current (paper, equations 1 and 2); `same_step`: both at once, the output one step later (SLAYER 2.0)."),
        new("neuron.reset_gradient", new Word("none", "threshold", "full"), Of("full"),
            "The paths through the reset that the gradient follows: `none` (SLAYER 2.0), to the `threshold` only, or `full`, to the threshold and to the spike."),
        new("neuron.membrane", new Word("plain", "plif"), Of("plain"),
            "`plain`: 1/τ_v stays as it is; `plif`: it is where the training of 1 − sigmoid(w) starts (PLIF, Fang et al. 2021).", SilentDefault: true),
        new("neuron.membrane_per", new Word("layer", "neuron"), Of("layer"), "Whether a layer shares one w or each neuron has its own.", Plif),
        new("neuron.membrane_learning_rate", NotNegative, Of(0.001), "Adam's learning rate for what the membrane learns: w, or the leak of rule diet.",
            Plif with { Or = new("threshold.rule", "diet") }),

        .. Surrogate.Family.Parameters,

        new("threshold.rule", new Word("fixed", "learned", "ds_atgo", "lee_regularized", "annealed", "ltmd", "diet", "trsg", "adaptive"), Of("fixed"),
            "`fixed` (SLAYER 2.0); `learned`: every neuron's threshold follows its gradient (Rouser; paper, equations 5, 8 and 10); `ds_atgo`: mean plus deviation of the batch's potentials, step by step; `lee_regularized`: busy neurons get a higher one; `annealed`: from init to final; `ltmd`, `diet`, `trsg`: one learned threshold per layer, as tanh, as it is with a learned leak, as softplus; `adaptive`: every spike raises it for a while. docs/methods.md has a section on each."),
        new("threshold.init", NotNegative, Of(1.25), "Th_init, every neuron's threshold before training; for `ds_atgo` where its running average starts."),
        new("threshold.learning_rate", NotNegative, Of(0.01), "lr_Th, Adam's learning rate for thresholds.", Learned),
        new("threshold.bound", Positive, Of(1.0), "κ of Th = κ·tanh(w); the paper's is 1.", new UsedIf("threshold.rule", "ltmd")),
        new("threshold.regularization", NotNegative, Of(1e-5), "ρ: how far a threshold moves for every spike more than its layer's mean, per neuron of the layer.", new UsedIf("threshold.rule", "lee_regularized")),
        new("threshold.final", new Real(0, OrNone: true), Of(None), "Th_final, where annealing ends; it has to be given.", Annealed),
        new("threshold.annealing", new Real(0, 1, Above: true), Of(0.01), "α, the share of the rest of the way that thresholds go after every batch.", Annealed),
        new("threshold.adaptation", NotNegative, Of(1.8), "β, how far a neuron that fires at every step raises its threshold.", Adaptive),
        new("threshold.adaptation_tau", Positive, Of(200.0), "The time constant of the rise and its decay, steps; ρ = exp(−1/τ).", Adaptive),
        new("threshold.factor", Positive, Of(1.0), "f, of Th = f·(mean + deviation).", DsAtgo),
        new("threshold.momentum", MomentDecay, Of(0.9), "μ, the decay of the running average per batch.", DsAtgo),

        new("weights.init", new Word("kaiming_uniform", "kaiming_normal"), Of("kaiming_uniform"),
            "Initial weights: `kaiming_uniform` in ±1/√fan_in, `kaiming_normal` with standard deviation √(2/fan_in)."),
        new("weights.normalize", new Truth(), new ParameterValue.Truth(false), "Weight normalisation per neuron, w = g·v/‖v‖ (Salimans and Kingma 2016)."),

        new("loss.kind", new Word("van_rossum", "spike_rate", "spike_max"), Of("van_rossum"),
            "`van_rossum`: distance to a target spike train (paper, equation 6); `spike_rate`: squared difference from target rates; `spike_max`: negative log-likelihood of the softmax over rates."),
        new("loss.filter_tau", Positive, Of(5.0), "Time constant of the van Rossum filter h(n) = (n+1)·exp(−n/τ), steps.", VanRossum),
        new("loss.true_period", Period, Of(2), "The right class's target spikes every so many steps.", VanRossum),
        new("loss.false_period", Period, Of(30), "The other classes' targets spike every so many steps.", VanRossum),
        new("loss.time_reduction", new Word("sum", "mean"), Of("sum"), "Whether the distance adds up over the steps or is their mean, which divides it by T.", VanRossum, SilentDefault: true),
        new("loss.output_delayed", new Truth(), new ParameterValue.Truth(false), "Whether the loss sees the output spikes one step late, as behind lava-dl's blocks.", SilentDefault: true),
        new("loss.true_rate", Share, Of(0.2), "The right class's target rate, spikes per step.", SpikeRate),
        new("loss.false_rate", Share, Of(0.03), "The other classes' target rate, spikes per step.", SpikeRate),

        new("regularizer.kind", new Word(None, "activity"), Of(None),
            "`activity`: hidden layers that fire more than the upper count, and hidden neurons that fire less than the lower one, cost (Zenke and Vogels 2021).", SilentDefault: true),
        new("regularizer.upper_weight", NotNegative, Of(0.06), "λ_u, the price of a spike of a layer's mean neuron above the upper count.", Regularized),
        new("regularizer.upper_count", NotNegative, Of(1.0), "f_u, spikes per neuron and sample, a mean over the layer; 10 for Spiking Heidelberg Digits.", Regularized),
        new("regularizer.lower_weight", NotNegative, Of(100.0), "λ_l, the price of the square of what a neuron lacks.", Regularized),
        new("regularizer.lower_count", NotNegative, Of(1e-3), "f_l, spikes per neuron and sample, of each neuron.", Regularized),

        new("optimizer.kind", new Word("adam"), Of("adam"), "The optimiser: Adam with bias correction (Kingma and Ba 2015)."),
        new("optimizer.learning_rate", Positive, Of(0.001), "lr, Adam's learning rate for weights."),
        new("optimizer.beta1", MomentDecay, Of(0.9), "β₁, decay of the first moment per update."),
        new("optimizer.beta2", MomentDecay, Of(0.999), "β₂, decay of the second moment per update."),
        new("optimizer.epsilon", Positive, Of(1e-8), "ε, added to the root of the second moment."),

        new("quantize", new Word(None, "lava"), Of(None),
            "`lava`: weights, decays, thresholds and states are rounded to Loihi's fixed-point numbers, as in lava-dl; the gradient passes the roundings by.", SilentDefault: true),

        new("bptt.window", Window, Of(All),
            "Truncated backpropagation through time: no gradient passes back over the steps n, 2n, … for this n; `all`: none is cut, which is exact. The forward pass and the loss see the whole sample."),

        new("epochs", new Integer(1, 1_000_000), Of(10), "Passes over the training samples."),
        new("batch_size", new Integer(1, 1_000_000), Of(32), "Samples per update."),

        new(Engine, new Word("fused", "torch", "noop"), Of("fused"),
            "What trains: `fused`, this program's own event-driven loops, or `torch`, the same network dense and by autograd in libtorch, on a GPU where there is one; `torch` needs a build that found TorchSharp (`rouser doctor`); `noop` trains nothing and makes its numbers up, to try a cluster out. Its name and version are part of a trial's identity.") { IsIdentity = false },

        new("noop.epoch_ms", NotNegative, Of(0.0), "How long an epoch that trains nothing takes, ms.", Noop),
    ];

    /// <summary>Every parameter with its default.</summary>
    public static ParameterSet Defaults { get; } = new(Parameters.Select(p => KeyValuePair.Create(p.Name, p.Default)));

    private static readonly Dictionary<string, Parameter> ByName = Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
    private static readonly Parameter[] Sorted = [.. Parameters.OrderBy(p => p.Name, StringComparer.Ordinal)];
    private static readonly HashSet<string> GroupNames =
        [.. Parameters.Where(p => p.Name.Contains('.', StringComparison.Ordinal)).Select(p => p.Name[..p.Name.LastIndexOf('.')])];

    /// <summary>The parameter of that name, or null.</summary>
    public static Parameter? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Groups of parameters: <c>surrogate</c>.</summary>
    internal static IReadOnlySet<string> Groups => GroupNames;

    /// <summary>Whether a method with these values uses the parameter.</summary>
    internal static bool IsUsedBy(this Parameter parameter, ParameterSet set) => parameter.Condition?.Holds(name => ValueOf(set, name)) != false;

    /// <summary>The value in the set, or the default.</summary>
    internal static ParameterValue ValueOf(ParameterSet set, string name) => set.Find(name) ?? ByName[name].Default;

    /// <summary>
    /// What the method uses of these values, with defaults for what is missing. Two sets that mean the same training give the same values:
    /// <c>all</c> samples of a generated set become their number, those of a recorded one are left out, as are <c>all</c> steps.
    /// </summary>
    public static ParameterSet Used(ParameterSet set)
    {
        bool synthetic = IsSynthetic(set);
        List<KeyValuePair<string, ParameterValue>> used = new(Sorted.Length);
        ReadOnlySpan<KeyValuePair<string, ParameterValue>> given = set.Sorted;
        foreach (Parameter parameter in Sorted)
        {
            // Both are in order, so one walk over them finds every value.
            while (!given.IsEmpty && string.CompareOrdinal(given[0].Key, parameter.Name) < 0) given = given[1..];
            if (!parameter.IsUsedBy(set)) continue;
            ParameterValue value = !given.IsEmpty && given[0].Key == parameter.Name ? given[0].Value : parameter.Default;
            if (parameter.Kind == ParameterKind.Integer && value is ParameterValue.Word)
            {
                if (!synthetic || parameter.Name == "bptt.window") continue;
                value = Of(parameter.Name == "dataset.train_samples" ? KnownDatasets.SyntheticTrainSamples : KnownDatasets.SyntheticTestSamples);
            }
            if (parameter.Kind == ParameterKind.Real && value is ParameterValue.Word) continue;
            if (parameter.SilentDefault && value == parameter.Default) continue;
            used.Add(KeyValuePair.Create(parameter.Name, value));
        }
        return ParameterSet.FromSorted([.. used]);
    }

    /// <summary>Whether the set's data is generated.</summary>
    internal static bool IsSynthetic(ParameterSet set) =>
        ValueOf(set, "dataset.name") is ParameterValue.Word name && KnownDatasets.Synthetic.Contains(name.Value);

    private static ParameterValue.Real Of(double value) => new(value);

    private static ParameterValue.Integer Of(int value) => new(value);

    private static ParameterValue.Word Of(string value) => new(value);
}
