using Rouser.Snn;
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
    public void The_torch_engine_that_is_not_in_its_folder_is_a_mistake_that_says_how_to_get_it()
    {
        string message = Assert.Single(TrainingEngines.Version(EngineKind.Torch).Errors).Message;
        Assert.StartsWith("engine: torch is no part of this program", message);
        Assert.Contains("use engine: fused", message);
        Assert.EndsWith(
            $"dotnet publish Worker/Rouser.Engines.Torch -c Release -o \"{Path.Combine(AppContext.BaseDirectory, "engines", "torch")}\"",
            message
        );
    }

    /// <summary>
    /// Guards the size of the program: libtorch takes 480 MB, and was once copied into every folder that a test was
    /// built into.
    /// </summary>
    [Fact]
    public void Nothing_of_libtorch_lies_beside_the_program() =>
        Assert.DoesNotContain(
            Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories),
            file => file.Contains("torch_cpu", StringComparison.Ordinal)
        );
}
