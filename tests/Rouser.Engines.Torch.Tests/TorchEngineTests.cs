using Rouser.Core;
using Rouser.Core.Data;
using Rouser.Core.Snn;
using Rouser.Core.Tests.Snn;
using Rouser.Worker.Engines;
using Rouser.Engines.Torch;

namespace Rouser.Engines.Torch.Tests;

public sealed class TorchEngineTests : TrainingEngineContract
{
    private protected override int Networks => 100;

    private protected override ITrainingEngine Make(TrainingSettings settings) =>
        TrainingEngines.Create(settings with { Engine = EngineKind.Torch }, threads: 2);

    private protected override bool Offers(TrainingSettings settings) => TorchEngine.Lacks(settings) is null;

    [Fact]
    public void Its_version_names_the_device() => Assert.Matches("^torch/1 (cpu|cuda)$", TrainingEngines.Version(EngineKind.Torch).Value);

    [Fact]
    public void Many_updates_follow_the_fused_engine()
    {
        TrainingSettings settings = TestNetworks.Settings(40, [30, 20, 3], 30, 4, seed: 9);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(9, "batch"), 4, 0.3);
        using ITrainingEngine torch = Make(settings), fused = TrainingEngines.Create(settings, threads: 1);
        double[] expected = [.. Enumerable.Range(0, 20).Select(_ => fused.Train(batch).LossSum)];
        double[] actual = [.. Enumerable.Range(0, 20).Select(_ => torch.Train(batch).LossSum)];
        Close.AssertEqual("losses", expected, actual, 1e-2);
    }

    /// <summary>Guards against handles of native tensors that pile up: each would keep its memory.</summary>
    [Fact]
    public void A_batch_leaves_no_tensor_behind()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2) with { Weights = new WeightSettings(WeightInitKind.KaimingUniform, true) };
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6);
        using ITrainingEngine engine = Make(settings);
        engine.Train(batch);
        engine.Evaluate(batch);
        long before = TorchSharp.torch.Tensor.TotalCount;
        for (int n = 0; n < 10; n++)
        {
            engine.Train(batch);
            engine.Evaluate(batch);
            engine.Import(engine.Export());
        }
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }
}
