using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Fused;

public sealed class FusedEngineContractTests : TrainingEngineContract
{
    private protected override int Networks => 100;

    private protected override ITrainingEngine Make(TrainingSettings settings) => new FusedEngine(settings, 2);
}
