using Rouser.Core;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Testing.Networks;

namespace Rouser.Engines.Torch.Tests;

public sealed class TorchEngineTests : TrainingEngineContract
{
    private readonly TorchEngineFactory _factory = new();

    public TorchEngineTests() => Skip.If(!_factory.Version.IsOk, LibTorch.WhyNot);

    private protected override int Networks => 100;

    private protected override ITrainingEngine Make(TrainingSettings settings) => _factory.Create(settings, threads: 2);

    private protected override bool Offers(TrainingSettings settings) => _factory.Lacks(settings) is null;

    /// <summary>Trials of before are found again by it.</summary>
    [SkippableFact]
    public void Its_version_names_the_processor() => Assert.Equal("torch/1 cpu", _factory.Version.Value);

    [SkippableFact]
    public void Many_updates_follow_the_fused_engine()
    {
        TrainingSettings settings = TestNetworks.Settings(40, [30, 20, 3], 30, 4, seed: 9);
        Sample[] batch = TestNetworks.Batch(settings, new RandomStream(9, "batch"), 4, 0.3);
        using ITrainingEngine torch = Make(settings);
        using FusedEngine fused = new(settings, threads: 1);
        double[] expected = [.. Enumerable.Range(0, 20).Select(_ => fused.Train(batch).LossSum)];
        double[] actual = [.. Enumerable.Range(0, 20).Select(_ => torch.Train(batch).LossSum)];
        Close.AssertEqual("losses", expected, actual, 1e-2);
    }

    /// <summary>Guards against handles of native tensors that pile up: each would keep its memory.</summary>
    [SkippableFact]
    public void A_batch_leaves_no_tensor_behind()
    {
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2) with
        {
            Weights = new WeightSettings(WeightInitKind.KaimingUniform, true),
        };
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
