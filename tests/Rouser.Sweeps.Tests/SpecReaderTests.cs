using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Data.Splits;
using Rouser.Snn;
using Rouser.Snn.Currents;
using Rouser.Snn.Heterogeneities;
using Rouser.Snn.Losses;
using Rouser.Snn.Membranes;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps.Pruners;

namespace Rouser.Sweeps.Tests;

public class SpecReaderTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    /// <summary>
    /// What an engine lacks is the engine's to say; the reader asks it for every setting, and tells where the engine
    /// was chosen.
    /// </summary>
    [Fact]
    public void What_an_engine_does_not_offer_is_a_mistake_at_its_line()
    {
        const string Yaml =
            Head
            + "base: {engine: torch}\narms:\n  plain: {}\n  ds: {threshold.rule: ds_atgo}\nstudies:\n  s: {over: {bptt.window: [all, 50]}}\n";
        static string? Lacks(TrainingSettings settings) =>
            settings.Threshold.MovesWithinBatch ? "thresholds that move"
            : settings.GradientWindow is { } window ? $"a window of {window}"
            : null;

        Assert.Equal(
            [
                "x.yaml:3: engine torch does not offer a window of 50 (arm 'plain')",
                "x.yaml:3: engine torch does not offer thresholds that move (arm 'ds')",
            ],
            SpecReader.Read("x.yaml", Yaml, [], Lacks).Errors.Select(m => m.ToString()).Order(StringComparer.Ordinal)
        );
        Assert.Empty(SpecReader.Read("x.yaml", Yaml, [], _ => null).Errors);
    }

    /// <summary>It was passed over in silence, while in an arm it is refused.</summary>
    [Theory]
    [InlineData("arms:\n  a: {threshold.rule: fixed}\n  b: {threshold.rule: lee_regularized}\n", true)]
    [InlineData("arms:\n  a: {threshold.rule: fixed}\n  b: {threshold.rule: learned, threshold.learning_rate: 0.1}\n", false)]
    [InlineData("studies:\n  s: {over: {threshold.rule: [fixed, learned]}}\n", false)]
    public void A_value_of_base_that_no_arm_uses_is_told_of(string rest, bool isTold)
    {
        SweepSpec spec = SpecReader.Read("x.yaml", Head + "base: {threshold.freeze_after: 2}\n" + rest, []).Value;
        Assert.Equal(
            isTold ? 1 : 0,
            spec.Notes.Count(note =>
                note.ToString()
                    .StartsWith("x.yaml:3: threshold.freeze_after has no effect on any arm of a study: ", StringComparison.Ordinal)
            )
        );
    }

    /// <summary>Before, only the training itself refused it: ds_atgo needs a whole batch in memory.</summary>
    [Fact]
    public void A_batch_that_the_fused_engine_cannot_hold_is_a_mistake() =>
        Assert.Contains(
            "engine fused does not offer threshold rule ds_atgo on batches of 100000",
            Assert
                .Single(SpecReader.Read("x.yaml", Head + "base: {threshold.rule: ds_atgo, batch_size: 100000}\n", []).Errors)
                .Message
        );

    [Fact]
    public void A_pruner_is_off_unless_it_is_asked_for_and_compares_by_the_sweep_s_metric()
    {
        Assert.Null(Read(Head).Run.Pruner);
        Assert.Null(Read(Head + "run: {pruner: {kind: none, min_epochs: 3}}\n").Run.Pruner);
        Assert.Equal(
            new PrunerSettings(new SuccessiveHalvingPruner(MinEpochs: 2, ReductionFactor: 4), ValidationMetric.Loss),
            Read(
                Head
                    + "metric: {name: validation_loss}\nbase: {dataset.validation.by: share}\n"
                    + "run: {pruner: {kind: successive_halving, min_epochs: 2, reduction_factor: 4}}\n"
            ).Run.Pruner
        );
        Assert.Equal(
            new PrunerSettings(new MedianPruner(MinEpochs: 1, MinTrials: 5), ValidationMetric.Accuracy),
            Read(
                Head + "metric.name: validation_accuracy\nbase: {dataset.validation.by: share}\nrun.pruner.kind: median\n"
            ).Run.Pruner
        );
    }

    [Theory]
    [InlineData("run.keep: all", "all", 50_000_000_000)]
    [InlineData("run: {keep: none, models_limit: 500MB}", "none", 500_000_000)]
    [InlineData("run.models_limit: 1.5 TB", "last", 1_500_000_000_000)]
    [InlineData(
        "metric.name: validation_loss\nbase: {dataset.validation.by: share}\nrun.keep: best",
        "best:validation_loss",
        50_000_000_000
    )]
    public void Which_networks_are_kept_and_how_many_bytes_of_them(string yaml, string word, long limit)
    {
        RunSettings run = Read(Head + yaml + "\n").Run;
        Assert.Equal((word, limit), (run.Keep.Word, run.ModelsLimit));
    }

    /// <summary>Before, a pruner and `select: best` looked at the test set, and every result after them was a choice.</summary>
    [Theory]
    [InlineData("metric.select: best\n", "x.yaml:3: metric.select: best would choose an epoch by test_accuracy; ")]
    [InlineData("run.keep: best\n", "x.yaml:3: run.keep: best would choose an epoch's network by test_accuracy; ")]
    [InlineData("run.pruner.kind: median\n", "x.yaml:3: run.pruner.kind would end trials by their test_accuracy; ")]
    [InlineData(
        "metric.name: train_loss\nrun.pruner.kind: median\n",
        "x.yaml:4: run.pruner.kind would end trials by their train_loss; "
    )]
    public void What_chooses_by_anything_but_validation_samples_is_refused_with_the_remedy(string yaml, string expected) =>
        Assert.Equal(
            expected
                + "only validation samples may choose: set metric.name: validation_accuracy and base.dataset.validation.by: share",
            Assert.Single(SpecReader.Read("x.yaml", Head + yaml, []).Errors).ToString()
        );

    [Theory]
    [InlineData("", "x.yaml:3")]
    [InlineData("base: {dataset.validation.by: share}\narms: {a: {dataset.validation.by: none}}\n", "x.yaml:3")]
    [InlineData(
        "base: {dataset.validation.by: share}\nstudies:\n  s: {over: {dataset.validation.by: [share, none]}}\n",
        "x.yaml:6"
    )]
    public void A_metric_of_validation_samples_needs_them_in_every_trial(string yaml, string place)
    {
        UserError mistake = Assert.Single(
            SpecReader.Read("x.yaml", Head + "metric: {name: validation_accuracy}\n" + yaml, []).Errors
        );
        Assert.Equal(place, mistake.Location);
        Assert.Contains("needs validation samples", mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith("set base.dataset.validation.by: share", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_is_part_of_a_trial_and_its_absence_is_not()
    {
        Assert.Equal(Fingerprint(Head), Fingerprint(Head + "base: {dataset.validation.by: none, dataset.split.by: folders}\n"));
        Assert.NotEqual(Fingerprint(Head), Fingerprint(Head + "base: {dataset.validation.by: share}\n"));
        SplitRule rule = TrialSettings
            .From(
                Read(
                    Head
                        + "base: {dataset: {validation: {by: fold, folds: 4, fold: 2, seed: 7, unit: group}, groups: '*_<group>'}}\n"
                ).Base
            )
            .Dataset.Validation!;
        Assert.Equal(new SplitRule(SplitBy.Fold, SplitUnit.Group, 0, 4, 2, 7, ""), rule);
    }

    [Fact]
    public void Silent_file_has_the_documented_defaults()
    {
        SweepSpec spec = Read(Head);
        Assert.Equal("x", spec.Name);
        Assert.Equal(new MetricSettings("test_accuracy", true, EpochSelection.Last), spec.Metric);
        Assert.Equal(new RunSettings(5, 1, TimeSpan.FromSeconds(60), TimeSpan.FromHours(4), 1), spec.Run);
        Assert.Null(spec.Report.CompareTo);
        Assert.Equal([0.8, 0.9, 0.95], spec.Report.Reach);
        Assert.Equal("base", Assert.Single(spec.Arms).Name);
        Assert.Equal([0L], spec.Seeds);
        Study study = Assert.Single(spec.Studies);
        Assert.Equal(("x", StudyMode.Grid, 1, 0), (study.Name, study.Mode, study.Points.Count, study.Over.Count));

        TrialSettings settings = TrialSettings.From(spec.Base);
        Assert.Equal(new DatasetSettings("saccade-digits", null, 300, 1, 1_000, 200, 0), settings.Dataset);
        Assert.Equal([500, 500], settings.Hidden);
        Assert.Equal(
            new NeuronSettings(0.75, 0.97, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
            settings.Neuron
        );
        Assert.Equal(new ExponentialSurrogate(3.75, 1.5), settings.Surrogate);
        Assert.Equal(new FixedThreshold(1.25), settings.Threshold);
        Assert.Equal(new WeightSettings(WeightInitKind.KaimingUniform, false), settings.Weights);
        Assert.Equal(new VanRossumLoss(5, 2, 30), settings.Loss);
        Assert.Equal(new AdamOptimizer(0.001, 0.9, 0.999, 1e-8), settings.Optimizer);
        Assert.Equal((10, 32, (int?)null), (settings.Epochs, settings.BatchSize, settings.GradientWindow));
    }

    [Fact]
    public void A_network_may_have_no_hidden_layer_and_a_gradient_a_window()
    {
        TrialSettings settings = TrialSettings.From(Read(Head + "base: {network.hidden: [], bptt.window: 25}\n").Base);
        Assert.Empty(settings.Hidden);
        Assert.Equal(25, settings.GradientWindow);
    }

    [Fact]
    public void Every_word_of_the_schema_has_its_type()
    {
        // The one value without which a word means nothing.
        ParameterSet complete = ParameterSchema.Defaults.With(
            new ParameterSet([KeyValuePair.Create<string, ParameterValue>("threshold.final", new ParameterValue.Real(1))])
        );
        foreach (Parameter parameter in ParameterSchema.Parameters)
        {
            if (parameter.Type is not ParameterType.Choice words)
                continue;
            foreach (string word in words.Values)
                TrialSettings.From(
                    complete.With(
                        new ParameterSet([
                            KeyValuePair.Create<string, ParameterValue>(parameter.Name, new ParameterValue.Text(word)),
                        ])
                    )
                );
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_threshold_rule_is_typed(string values, ThresholdRule expected) =>
        Assert.Equal(expected, TrialSettings.From(Read(Head + $"base: {{threshold: {{{values}}}}}\n").Base).Threshold);

    public static TheoryData<string, ThresholdRule> Rules =>
        new()
        {
            { "rule: fixed", new FixedThreshold(1.25) },
            { "rule: learned, learning_rate: 0.1", new LearnedThreshold(1.25, 0.1) },
            { "rule: ds_atgo, init: 1", new DsAtgoThreshold(1, 1, 0.9) },
            { "rule: lee_regularized, regularization: 1e-4", new LeeThreshold(1.25, 1e-4) },
            { "rule: annealed, final: 0.5, annealing: 0.1", new AnnealedThreshold(1.25, 0.5, 0.1) },
            { "rule: ltmd, init: 0.5", new LtmdThreshold(0.5, 0.01, 1) },
            { "rule: diet", new DietThreshold(1.25, 0.01) },
            { "rule: trsg", new TrsgThreshold(1.25, 0.01) },
            { "rule: adaptive, adaptation_tau: 1e300", new AdaptiveThreshold(1.25, 1, 1.8) },
        };

    [Fact]
    public void Membrane_regulariser_and_the_conventions_of_lava_dl_are_typed()
    {
        TrialSettings settings = TrialSettings.From(
            Read(
                Head
                    + "base: {neuron: {membrane: plif, membrane_per: neuron}, regularizer.kind: activity, compat: lava-dl-slayer2}\n"
            ).Base
        );
        Assert.Equal(new PlifMembrane(true, 0.001), settings.Neuron.Membrane);
        Assert.Equal(new PlainCurrent(), settings.Neuron.Current);
        Assert.Null(settings.Neuron.Heterogeneity);
        Assert.Equal(new ActivityRegularizer(0.06, 1, 100, 1e-3), settings.Regularizer);
        Assert.Equal(
            (ResetKind.Hard, CouplingKind.SameStep, ResetGradientKind.None),
            (settings.Neuron.Reset, settings.Neuron.Coupling, settings.Neuron.ResetGradient)
        );
        Assert.Equal(
            (SurrogateConvention.Lava, Quantization.Lava, true),
            (settings.Surrogate.Convention, settings.Quantization, settings.Loss.OutputDelayed)
        );
        Assert.Equal(0.04, settings.Surrogate.Height, 12);
        Assert.Equal(
            new LeakMembrane(false, 0.001),
            TrialSettings.From(Read(Head + "base: {threshold.rule: diet}\n").Base).Neuron.Membrane
        );
    }

    [Fact]
    public void Trained_and_drawn_decays_are_typed()
    {
        NeuronSettings neuron = TrialSettings
            .From(
                Read(
                    Head
                        + "base: {neuron: {current: trained, current_per: neuron, current_learning_rate: 0.01, "
                        + "heterogeneity: gamma, heterogeneity_shape: 2}}\n"
                ).Base
            )
            .Neuron;
        Assert.Equal(new TrainedCurrent(true, 0.01), neuron.Current);
        Assert.Equal(new GammaHeterogeneity(HeterogeneousDecays.Both, 2), neuron.Heterogeneity);
        neuron = TrialSettings
            .From(Read(Head + "base: {neuron: {heterogeneity: uniform, heterogeneity_of: current}}\n").Base)
            .Neuron;
        Assert.Equal(new UniformHeterogeneity(HeterogeneousDecays.Current, 0.5), neuron.Heterogeneity);
    }

    [Fact]
    public void Normalisation_is_typed()
    {
        Assert.Equal(
            new TdbnNormalization(2, 0.9, 0.001, NormalizedLayers.All),
            TrialSettings.From(Read(Head + "base: {normalization: {kind: tdbn, alpha: 2, layers: all}}\n").Base).Normalization
        );
        Assert.Null(TrialSettings.From(Read(Head).Base).Normalization);
    }

    [Fact]
    public void Same_step_coupling_and_hard_reset_are_typed()
    {
        TrialSettings settings = TrialSettings.From(
            Read(Head + "base: {neuron: {coupling: same_step, reset: hard, reset_gradient: none}, loss.kind: spike_max}\n").Base
        );
        Assert.Equal(
            (CouplingKind.SameStep, ResetKind.Hard, ResetGradientKind.None, new SpikeMaxLoss()),
            (settings.Neuron.Coupling, settings.Neuron.Reset, settings.Neuron.ResetGradient, settings.Loss)
        );
    }

    [Fact]
    public void Recorded_set_has_its_folder_and_all_samples()
    {
        DatasetSettings dataset = TrialSettings
            .From(Read(Head + "base: {dataset.name: nmnist, dataset.test_samples: 7}\n").Base)
            .Dataset;
        Assert.Equal(new DatasetSettings("nmnist", "data/nmnist", 300, 1, null, 7, 0), dataset);
    }

    [Fact]
    public void Dotted_and_nested_keys_are_the_same()
    {
        string nested = """
            base: {surrogate: {tau: 2, scale: 1}}
            arms: {a: {threshold: {rule: learned, learning_rate: 0.5}}}
            studies: {s: {points: [{threshold: {init: 1}}], over: {neuron: {reset: [soft, hard]}}}}
            run: {retries: {lost: 2}}
            """;
        string dotted = """
            base.surrogate.tau: 2
            base: {surrogate.scale: 1}
            arms: {a: {threshold.rule: learned, threshold.learning_rate: 0.5}}
            studies: {s: {points: [{threshold.init: 1}], over: {neuron.reset: [soft, hard]}}}
            run.retries.lost: 2
            """;
        Assert.Equal(Fingerprint(Head + nested), Fingerprint(Head + dotted));
        Assert.Equal(2, Read(Head + dotted).Run.LostRetries);
    }

    [Fact]
    public void Overrides_reach_every_part_however_the_file_spells_it()
    {
        SweepSpec spec = Read(
            Head
                + """
                base: {epochs: 3, surrogate: {tau: 3}}
                arms: {slayer: , rouser-0.5: {threshold.rule: learned}}
                studies: {s: {over: {threshold: {init: [1]}}}}
                """,
            "base.epochs=4",
            "base.epochs=5",
            "base.surrogate.tau=2",
            "base={network.hidden: [7]}",
            "arms.rouser-0.5.threshold.learning_rate=0.5",
            "arms.slayer.epochs=9",
            "studies.s.over.threshold.init=[1, 2]",
            "studies.s.arms=[slayer]",
            "seeds=[1, 2]",
            "run.retries.lost=3",
            "report.compare_to=slayer",
            "metric.name=validation_accuracy",
            "metric.select=best",
            "base.dataset.validation.by=share",
            "name=y"
        );
        Assert.Equal("y", spec.Name);
        TrialSettings settings = TrialSettings.From(spec.Base);
        Assert.Equal((5, 2.0, 7), (settings.Epochs, settings.Surrogate.Tau, settings.Hidden.Single()));
        Assert.Equal("0.5", spec.Arms[1].Overrides.Find("threshold.learning_rate")!.ToString());
        Assert.Equal("9", spec.Arms[0].Overrides.Find("epochs")!.ToString());
        Assert.Equal(2, Assert.Single(spec.Studies[0].Over).Value.Count);
        Assert.Equal(["slayer"], spec.Studies[0].Arms);
        Assert.Equal([1, 2], spec.Seeds);
        Assert.Equal((3, "slayer", EpochSelection.Best), (spec.Run.LostRetries, spec.Report.CompareTo, spec.Metric.Select));
    }

    [Fact]
    public void Colours_of_arms_change_no_trial()
    {
        const string arms = Head + "arms: {a: {}, b: {threshold.init: 0.5}}\n";
        SweepSpec spec = Read(arms + "report: {colors: [orange, grey]}\n");
        Assert.Equal(["orange", "grey"], spec.Report.Colors);
        Assert.Equal(Fingerprint(arms), Fingerprint(arms + "report: {colors: [orange, grey]}\n"));
    }

    [Theory]
    [InlineData("orange", "report.colors expects a list of colours, got 'orange'")]
    [InlineData("[red]", "report.colors has 'red'; the colours are blue, orange, green, purple, olive, grey")]
    [InlineData("[blue, blue]", "report.colors gives one colour to two arms")]
    [InlineData("[blue, green, olive]", "report.colors has 3 colours for 2 arms")]
    public void Colours_that_cannot_be_are_named(string colors, string message)
    {
        string yaml = Head + $"arms: {{a: {{}}, b: {{threshold.init: 0.5}}}}\nreport: {{colors: {colors}}}\n";
        Assert.Contains(message, Assert.Single(SpecReader.Read("x.yaml", yaml, []).Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_fine()
    {
        Result<SweepSpec> wrong = SpecReader.Read(
            "x.yaml",
            "\uFEFFschema: rouser/sweep/v1\r\nname: x\r\nbase:\r\n  epochs: 0\r\n",
            []
        );
        Assert.Equal(new UserError("x.yaml:4", "epochs (0) must be positive"), Assert.Single(wrong.Errors));
    }

    private static string Fingerprint(string yaml) => Planner.Create(Read(yaml), _ => "digest", _ => "test/1").Value.Fingerprint;

    private static SweepSpec Read(string yaml, params string[] overrides)
    {
        Result<SweepSpec> spec = SpecReader.Read("x.yaml", yaml, overrides);
        Assert.Empty(spec.Errors);
        return spec.Value;
    }
}
