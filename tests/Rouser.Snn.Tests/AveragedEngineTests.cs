using Rouser.Data;
using Rouser.Snn.Currents;
using Rouser.Snn.Membranes;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Optimizers.Schedules;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests;

public sealed class AveragedEngineTests
{
    private const int Epochs = 6,
        UpdatesPerEpoch = 3,
        From = 3;

    private static readonly TrainingSettings Settings = TestNetworks.Settings(30, [20, 4], 25, 4, seed: 5) with
    {
        Neuron = new NeuronSettings(0.7, 0.9, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full)
        {
            Membrane = new PlifMembrane(true, 0.01),
            Current = new TrainedCurrent(false, 0.01),
        },
        Threshold = new LearnedThreshold(0.5, 0.01, IsSoftplus: true),
        Length = new TrainingLength(Epochs, UpdatesPerEpoch),
    };

    private static readonly Sample[] Batch = TestNetworks.Batch(Settings, new RandomStream(5, "batch"), 4, 0.3);

    [Fact]
    public void What_is_tested_is_the_mean_over_the_ends_of_epochs_and_training_goes_on_as_without_it()
    {
        using FusedEngine plain = new(Settings, 1),
            imported = new(Settings, 1);
        using ITrainingEngine averaged = Averaged();
        List<NetworkState> ends = [];
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            for (int n = 0; n < UpdatesPerEpoch; n++)
                Assert.Equal(plain.Train(Batch).LossSum, averaged.Train(Batch).LossSum);
            NetworkState end = plain.Export(),
                mean = averaged.Export();
            if (epoch >= From)
                ends.Add(end);
            for (int l = 0; l < end.Layers.Count; l++)
            {
                LayerState found = mean.Layers[l];
                AssertMean(epoch < From ? [end] : ends, l, layer => layer.Weights, found.Weights);
                AssertMean(epoch < From ? [end] : ends, l, layer => layer.Thresholds, found.Thresholds);
                foreach (string name in (string[])["thresholds.p", "membrane.w", "current.w"])
                    AssertMean(epoch < From ? [end] : ends, l, layer => layer.Tensors[name], found.Tensors[name]);
                Assert.Equal(end.Layers[l].Weights, found.Tensors["live.weights"]);
            }
            imported.Import(mean);
            Assert.Equal(imported.Evaluate(Batch).LossSum, averaged.Evaluate(Batch).LossSum);
            if (epoch > From)
                Assert.NotEqual(plain.Evaluate(Batch).LossSum, averaged.Evaluate(Batch).LossSum);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(From)]
    [InlineData(From + 1)]
    public void Going_on_from_an_export_gives_the_same_bytes_as_never_stopping(int epochs)
    {
        using ITrainingEngine straight = Averaged(),
            resumed = Averaged();
        for (int n = 0; n < epochs * UpdatesPerEpoch; n++)
            straight.Train(Batch);
        straight.Evaluate(Batch);
        NetworkState middle = straight.Export();
        resumed.Train(Batch);
        resumed.Evaluate(Batch);
        resumed.Import(middle);
        States.AssertSame(middle, resumed.Export(), "the state itself");
        for (int n = 0; n < 2 * UpdatesPerEpoch; n++)
            Assert.Equal(straight.Train(Batch).LossSum, resumed.Train(Batch).LossSum);
        Assert.Equal(straight.Evaluate(Batch).LossSum, resumed.Evaluate(Batch).LossSum);
        States.AssertSame(straight.Export(), resumed.Export(), $"from epoch {epochs}");
    }

    [Fact]
    public void Settings_that_ask_for_no_mean_get_the_engine_itself()
    {
        using FusedEngine engine = new(Settings, 1);
        Assert.Same(engine, AveragedEngine.Around(engine, Settings));
    }

    private static ITrainingEngine Averaged() =>
        AveragedEngine.Around(new FusedEngine(Settings, 1), Settings with { Averaging = new WeightAveraging(From) });

    private static void AssertMean(List<NetworkState> states, int l, Func<LayerState, float[]> of, float[] found)
    {
        for (int k = 0; k < found.Length; k++)
            Assert.Equal(states.Average(state => (double)of(state.Layers[l])[k]), found[k], 1e-6);
    }
}
