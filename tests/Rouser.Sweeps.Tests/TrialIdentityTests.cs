using System.Globalization;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps.Tests;

public class TrialIdentityTests
{
    [Fact]
    public void Canonical_text_is_as_documented()
    {
        string text = TrialIdentity.Canonical(ParameterSet.Empty, 3, "d1", "fused/1");
        Assert.Equal(
            """
            rouser/trial/v1
            batch_size=32
            dataset.name=saccade-digits
            dataset.seed=0
            dataset.step_ms=1
            dataset.steps=300
            dataset.test_samples=200
            dataset.train_samples=1000
            epochs=10
            loss.false_period=30
            loss.filter_tau=5
            loss.kind=van_rossum
            loss.true_period=2
            network.hidden=[500, 500]
            neuron.coupling=delayed
            neuron.current_decay=0.75
            neuron.reset=soft
            neuron.reset_gradient=full
            neuron.voltage_decay=0.97
            optimizer.beta1=0.9
            optimizer.beta2=0.999
            optimizer.epsilon=1E-08
            optimizer.kind=adam
            optimizer.learning_rate=0.001
            surrogate.kind=exponential
            surrogate.scale=1.5
            surrogate.tau=3.75
            threshold.init=1.25
            threshold.rule=fixed
            weights.init=kaiming_uniform
            weights.normalize=false
            seed=3
            data=d1
            engine=fused/1

            """.ReplaceLineEndings("\n"),
            text
        );
        // Checked against sha256sum of that text.
        Assert.Equal("feeaf712cabdbc5e98f916a864e2d427", TrialIdentity.Of(ParameterSet.Empty, 3, "d1", "fused/1").Value);
    }

    [Fact]
    public void Order_spelling_and_nesting_of_the_same_values_make_no_difference()
    {
        for (long seed = 0; seed < 300; seed++)
        {
            RandomStream random = new(seed, "identity");
            List<(string Name, string Value)> values = RandomValues(random);
            TrialId first = IdOf(Yaml(values, random)),
                second = IdOf(Yaml(values, random));
            Assert.True(first == second, $"seed {seed}");
        }
    }

    [Fact]
    public void A_parameter_changes_the_identity_if_and_only_if_the_method_uses_it()
    {
        int changed = 0,
            kept = 0;
        for (long seed = 0; seed < 1_000; seed++)
        {
            RandomStream random = new(seed, "identity of a change");
            ParameterSet before = SetOf(Yaml(RandomValues(random), random));
            Parameter parameter = ParameterSchema.Parameters[random.NextInt(ParameterSchema.Parameters.Count)];
            if (Another(parameter, before, random) is not { } value)
                continue;
            ParameterSet after = before.With(new ParameterSet([KeyValuePair.Create(parameter.Name, value)]));
            bool used = parameter.Name switch
            {
                // Written out, as an oracle beside the schema's conditions.
                "threshold.learning_rate"
                or "threshold.form"
                or "threshold.floor"
                or "threshold.ceiling"
                or "threshold.freeze_after"
                or "threshold.restart" => Word(before, "threshold.rule") == "learned",
                "loss.filter_tau" or "loss.true_period" or "loss.false_period" => Word(before, "loss.kind") == "van_rossum",
                "loss.true_rate" or "loss.false_rate" => Word(before, "loss.kind") == "spike_rate",
                "dataset.seed" => Word(before, "dataset.name") == "saccade-digits",
                "dataset.root" or "engine" or "noop.epoch_ms" => false,
                "threshold.bound"
                or "threshold.gain_width"
                or "threshold.regularization"
                or "threshold.final"
                or "threshold.annealing"
                or "threshold.adaptation"
                or "threshold.adaptation_tau" => false,
                // What divides is off.
                _ when parameter.Name.StartsWith("dataset.validation.", StringComparison.Ordinal)
                        || parameter.Name.StartsWith("dataset.split.", StringComparison.Ordinal) => parameter.Name.EndsWith(
                    ".by",
                    StringComparison.Ordinal
                ),
                "threshold.factor" or "threshold.momentum" or "neuron.membrane_per" or "neuron.membrane_learning_rate" => false,
                "neuron.current_per"
                or "neuron.current_learning_rate"
                or "neuron.heterogeneity_of"
                or "neuron.heterogeneity_range"
                or "neuron.heterogeneity_shape"
                or "normalization.alpha"
                or "normalization.momentum"
                or "normalization.learning_rate"
                or "normalization.layers" => false,
                "regularizer.upper_weight"
                or "regularizer.upper_count"
                or "regularizer.lower_weight"
                or "regularizer.lower_count" => false,
                // The other one is drawn in none of these networks.
                "network.hidden" => before.Find("network.layers") is null or ParameterValue.Text { Value: "none" },
                "loss.label_smoothing" => Word(before, "loss.kind") is "spike_max" or "cross_entropy",
                "network.readout_time"
                or "network.readout_tau"
                or "network.max_delay"
                or "network.delay_init"
                or "network.delay_inputs"
                or "network.delay_learning_rate" => false,
                "optimizer.weight_decay"
                or "optimizer.momentum"
                or "optimizer.average_from"
                or "optimizer.smoothing"
                or "optimizer.schedule_floor"
                or "optimizer.schedule_rise"
                or "optimizer.schedule_epochs"
                or "optimizer.schedule_factor" => false,
                "loss.time_reduction" => Word(before, "loss.kind") == "van_rossum",
                "dataset.width" or "dataset.height" or "dataset.time_unit" or "dataset.start" or "dataset.columns" => Word(
                    before,
                    "dataset.name"
                ) == "events",
                _ => true,
            };
            Assert.True(
                used == (Of(before) != Of(after)),
                $"seed {seed}: {parameter.Name} from {before.Find(parameter.Name)} to {value}"
            );
            _ = used ? changed++ : kept++;
        }
        Assert.True(changed > 300 && kept > 50, $"{changed} {kept}");
    }

    [Fact]
    public void Seed_data_and_engine_are_part_of_it()
    {
        TrialId[] ids =
        [
            TrialIdentity.Of(ParameterSet.Empty, 0, "d", "e"),
            TrialIdentity.Of(ParameterSet.Empty, 1, "d", "e"),
            TrialIdentity.Of(ParameterSet.Empty, 0, "d2", "e"),
            TrialIdentity.Of(ParameterSet.Empty, 0, "d", "e2"),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id.Value));
    }

    [Theory]
    [InlineData("dataset.train_samples", "1000")]
    [InlineData("dataset.test_samples", "200")]
    public void All_samples_of_a_generated_set_are_their_number(string name, string number) =>
        Assert.Equal(IdOf($"base: {{{name}: all}}"), IdOf($"base: {{{name}: {number}}}"));

    /// <summary>The identity of trials that were run before there were windows.</summary>
    [Fact]
    public void A_gradient_without_a_window_is_left_out() => Assert.Equal(IdOf("base: {}"), IdOf("base: {bptt.window: all}"));

    /// <summary>The identity of trials that were run before there were these parameters.</summary>
    [Theory]
    [InlineData("dataset.merge_polarities", "false", "true")]
    [InlineData("dataset.crop", "0", "1")]
    [InlineData("network.dropout", "0", "0.1")]
    [InlineData("network.recurrent", "false", "true")]
    [InlineData("network.delays", "none", "axonal")]
    [InlineData("network.delays", "none", "synaptic")]
    [InlineData("optimizer.averaging", "none", "epochs")]
    [InlineData("dataset.downsample", "1", "2")]
    [InlineData("dataset.min_events", "1", "2")]
    [InlineData("dataset.events_per_step", "0", "1")]
    public void Parameters_as_usual_are_left_out(string name, string usual, string other)
    {
        Assert.Equal(IdOf("base: {}"), IdOf($"base: {{{name}: {usual}}}"));
        Assert.NotEqual(IdOf("base: {}"), IdOf($"base: {{{name}: {other}}}"));
    }

    /// <summary>The identity of trials that were run before there were these parameters.</summary>
    [Theory]
    [InlineData("dataset.time_unit", "us", "ms")]
    [InlineData("dataset.start", "by_format", "first_event")]
    [InlineData("dataset.columns", "named", "\"t,x\"")]
    public void Recordings_as_usual_are_left_out(string name, string usual, string other)
    {
        Assert.Equal(IdOf("base: {dataset.name: events}"), IdOf($"base: {{dataset.name: events, {name}: {usual}}}"));
        Assert.NotEqual(IdOf("base: {dataset.name: events}"), IdOf($"base: {{dataset.name: events, {name}: {other}}}"));
    }

    [Fact]
    public void Columns_as_a_text_and_as_a_list_are_the_same() =>
        Assert.Equal(
            IdOf("base: {dataset.name: events, dataset.columns: \"y, x,_,p,t\"}"),
            IdOf("base: {dataset: {name: events, columns: [y, x, _, p, t]}}")
        );

    /// <summary>The identity of trials that were run before there were these parameters.</summary>
    [Theory]
    [InlineData("neuron.membrane", "plain", "plif")]
    [InlineData("surrogate.convention", "paper", "lava")]
    [InlineData("loss.time_reduction", "sum", "mean")]
    [InlineData("loss.output_delayed", "false", "true")]
    [InlineData("regularizer.kind", "none", "activity")]
    [InlineData("quantize", "none", "lava")]
    public void Conventions_as_usual_are_left_out(string name, string usual, string other)
    {
        const string Hard = "neuron.reset: hard";
        Assert.Equal(IdOf($"base: {{{Hard}}}"), IdOf($"base: {{{Hard}, {name}: {usual}}}"));
        Assert.NotEqual(IdOf($"base: {{{Hard}}}"), IdOf($"base: {{{Hard}, {name}: {other}}}"));
    }

    /// <summary>Taken from the version before there were threshold rules but fixed and learned.</summary>
    [Theory]
    [MemberData(nameof(Earlier))]
    public void Trials_of_earlier_versions_keep_their_identity(string yaml, string id) => Assert.Equal(id, IdOf(yaml).Value);

    [Fact]
    public void Minus_zero_is_zero() =>
        Assert.Equal(
            Of(new ParameterSet([KeyValuePair.Create<string, ParameterValue>("threshold.init", new ParameterValue.Real(-0.0))])),
            Of(new ParameterSet([KeyValuePair.Create<string, ParameterValue>("threshold.init", new ParameterValue.Integer(0))]))
        );

    public static TheoryData<string, string> Earlier =>
        new()
        {
            { "base: {}", "196ebec4f0f88be928ace0cd34ca5aa9" },
            {
                "base: {threshold: {rule: learned, learning_rate: 0.001, init: 0.25}, surrogate: {tau: 3, scale: 3}}",
                "87317e28c7126d145edd346f78bd41da"
            },
            {
                "base: {threshold.rule: learned, threshold.init: 0, neuron: {reset: hard, coupling: same_step, "
                    + "reset_gradient: none}, weights.init: kaiming_normal}",
                "5a931f6d49b4f06247b4da85754ccef0"
            },
            {
                "base: {dataset: {name: nmnist, train_samples: 1000}, network.hidden: [512], loss.kind: spike_rate, "
                    + "weights.normalize: true, epochs: 40}",
                "f9a8c09002f3a0d6b0f0644648e32a02"
            },
            {
                "base: {dataset: {name: shd, steps: 100, step_ms: 10}, loss.kind: spike_max, bptt.window: 20, "
                    + "batch_size: 1, optimizer.learning_rate: 0.0001}",
                "3aac24b577e55a23e6a2c121c0f89cc5"
            },
            {
                "base: {dataset.name: spoken-digits, dataset.seed: 7, neuron.voltage_factor: 1, threshold.learning_rate: 0.5}",
                "af5401e72163b94c107199eeeb5ab4e1"
            },
        };

    private static List<(string, string)> RandomValues(RandomStream random)
    {
        (string, string[])[] choices =
        [
            ("surrogate.tau", ["1", "1.0", "1e0"]),
            ("surrogate.scale", ["0.5", ".5", "5e-1"]),
            ("threshold.init", ["0", "-0", "0.0"]),
            ("threshold.rule", ["learned"]),
            ("threshold.rule", ["fixed"]),
            ("threshold.learning_rate", ["0.010", "1e-2"]),
            ("loss.kind", ["spike_rate", "'spike_rate'"]),
            ("loss.kind", ["spike_max"]),
            ("epochs", ["3", "+3", "03"]),
            ("weights.normalize", ["true", "True"]),
            ("network.hidden", ["[7, 8]", "[07,8]"]),
            ("dataset.name", ["nmnist", "\"nmnist\""]),
        ];
        return
        [
            .. choices
                .Where(_ => random.NextInt(2) == 0)
                .DistinctBy(c => c.Item1)
                .Select(c => (c.Item1, string.Join('|', c.Item2))),
        ];
    }

    /// <summary>The values in random order, each spelled in one of its ways, dotted or nested.</summary>
    private static string Yaml(List<(string Name, string Spellings)> values, RandomStream random)
    {
        (string Name, string Spellings)[] shuffled = [.. values];
        random.Shuffle(shuffled.AsSpan());
        List<string> entries = [];
        foreach (
            IGrouping<string, (string Name, string Value)> group in shuffled
                .Select(v => (v.Name, v.Spellings.Split('|') is var spellings ? spellings[random.NextInt(spellings.Length)] : ""))
                .GroupBy(v => v.Name.Split('.')[0])
        )
        {
            if (random.NextInt(2) == 0 || !group.First().Name.Contains('.', StringComparison.Ordinal))
                entries.AddRange(group.Select(v => $"{v.Name}: {v.Value}"));
            else
                entries.Add($"{group.Key}: {{{string.Join(", ", group.Select(v => $"{v.Name.Split('.')[1]}: {v.Value}"))}}}");
        }
        return $"base: {{{string.Join(", ", entries)}}}";
    }

    private static ParameterValue? Another(Parameter parameter, ParameterSet set, RandomStream random) =>
        parameter.Type switch
        {
            ParameterType.Real => new ParameterValue.Real(0.123 + (random.NextDouble() / 2)),
            ParameterType.Integer => new ParameterValue.Integer(2_000 + random.NextInt(1_000)),
            ParameterType.Boolean => new ParameterValue.Boolean(set.Find(parameter.Name)!.ToString() == "false"),
            ParameterType.Integers => new ParameterValue.Integers([1 + random.NextInt(400)]),
            ParameterType.Choice words => words.Values.FirstOrDefault(w => w != Word(set, parameter.Name)) is { } other
                ? new ParameterValue.Text(other)
                : null,
            _ => new ParameterValue.Text(random.NextInt(1_000).ToString(CultureInfo.InvariantCulture)),
        };

    private static string Word(ParameterSet set, string name) => set.Find(name)!.ToString()!;

    private static TrialId IdOf(string yaml) => Of(SetOf(yaml));

    private static TrialId Of(ParameterSet set) => TrialIdentity.Of(set, 0, "digest", "test/1");

    private static ParameterSet SetOf(string yaml)
    {
        Result<SweepSpec> spec = SpecReader.Read("x.yaml", $"schema: rouser/sweep/v1\nname: x\n{yaml}\n", []);
        Assert.Empty(spec.Errors);
        return spec.Value.Base;
    }
}
