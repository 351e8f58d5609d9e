using Rouser.Core.Snn;

namespace Rouser.Core.Tests.Snn.Fused;

public sealed class FusedEngineContractTests : TrainingEngineContract
{
    private protected override int Networks => 100;

    private protected override ITrainingEngine Make(TrainingSettings settings) => new FusedEngine(settings, 2);
}
