using Rouser.Core.Snn;
using Rouser.Worker.Engines;

namespace Rouser.Worker.Tests.Engines;

public sealed class TrainingEnginesTests
{
    [Fact]
    public void The_fused_engine_is_always_there()
    {
        Assert.Equal(FusedEngine.Version, TrainingEngines.Version(EngineKind.Fused).Value);
        Assert.StartsWith(FusedEngine.Version, TrainingEngines.InThisBuild);
    }

    [Fact]
    public void The_torch_engine_that_was_left_out_is_a_mistake_with_a_remedy()
    {
        string message = Assert.Single(TrainingEngines.Version(EngineKind.Torch).Mistakes).Message;
        Assert.StartsWith("engine: torch is not in this build", message);
        Assert.Contains("use engine: fused", message);
    }
}
