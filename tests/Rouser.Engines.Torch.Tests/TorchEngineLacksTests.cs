using Rouser.Core.Parameters;
using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Readouts;
using Rouser.Snn.Regularizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Engines.Torch.Tests;

/// <summary>
/// Methods of plug-ins, of which the engine has no form: it says so before the training, and neither throws in it nor
/// trains without them.
/// </summary>
public sealed class TorchEngineLacksTests
{
    private static readonly TrainingSettings Plain = TestNetworks.Settings(10, [8, 4], 20, 2);

    /// <summary>A method may come without a form in this engine; those that have one keep it.</summary>
    [Theory]
    [InlineData("exponential", "rectangle", "fast_sigmoid", "arctan", "triangle", "gaussian")]
    public void It_has_a_form_of_each_of_these_surrogates(params string[] words)
    {
        foreach (string word in words)
            Assert.Null(
                Lacks(Plain with { Surrogate = Surrogate.Family.Methods.Single(m => m.Name == word).Build(ParameterSet.Empty) })
            );
    }

    [Theory]
    [InlineData("van_rossum", "spike_rate", "spike_max", "cross_entropy")]
    public void It_has_a_form_of_each_of_these_losses(params string[] words)
    {
        foreach (string word in words)
            Assert.Null(Lacks(Plain with { Loss = Loss.Family.Methods.Single(m => m.Name == word).Build(ParameterSet.Empty) }));
    }

    [Fact]
    public void It_names_a_method_that_it_has_no_form_of()
    {
        Assert.Equal("a form of OtherSurrogate", Lacks(Plain with { Surrogate = new OtherSurrogate(1, 1) }));
        Assert.Equal("a form of OtherLoss", Lacks(Plain with { Loss = new OtherLoss() }));
        Assert.Equal("a form of OtherTrainedRule", Lacks(Plain with { Threshold = new OtherTrainedRule(1, 0.1) }));
        Assert.Equal("a form of OtherRegularizer", Lacks(Plain with { Regularizer = new OtherRegularizer() }));
    }

    [Fact]
    public void A_rule_that_follows_spike_counts_is_one_function_for_all_engines() =>
        Assert.Null(Lacks(Plain with { Threshold = new OtherRule(1) }));

    [Fact]
    public void An_output_layer_that_does_not_spike_is_refused_in_one_line() =>
        Assert.Equal(
            "an output layer that does not spike (network.readout: leaky)",
            Lacks(Plain with { Loss = new CrossEntropyLoss(), Readout = new LeakyReadout(ReadoutTime.Max) })
        );

    private static string? Lacks(TrainingSettings settings) => new TorchEngineFactory().Lacks(settings);

    private sealed record OtherSurrogate(double Tau, double Scale) : Surrogate<GaussianSurrogate.Kernel>(Tau, Scale)
    {
        public override double Shape(double u) => 1;
    }

    private sealed record OtherLoss : Loss
    {
        protected override double Measure(ReadOnlySpan<double> S, int neurons, int label, Span<double> gS) => 0;
    }

    private sealed record OtherRegularizer : Regularizer
    {
        public override double Evaluate(ReadOnlySpan<double> n, double share, Span<double> gradient) => 0;
    }

    private sealed record OtherRule(double Init) : BatchwiseThreshold(Init)
    {
        public override double Next(double th, double spikes, double layerSpikes, int neurons, int samples) => th;
    }

    private sealed record OtherTrainedRule(double Init, double LearningRate) : TrainedThreshold(Init, LearningRate)
    {
        public override bool PerLayer => false;

        public override bool IsDirect => false;
    }
}
