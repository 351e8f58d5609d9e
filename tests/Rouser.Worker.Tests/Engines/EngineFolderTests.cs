using Rouser.Worker.Engines;

namespace Rouser.Worker.Tests.Engines;

public sealed class EngineFolderTests : IDisposable
{
    private readonly string _program = Directory.CreateTempSubdirectory("rouser-engine-").FullName;

    public void Dispose() => Directory.Delete(_program, recursive: true);

    [Fact]
    public void A_damaged_engine_is_a_mistake_of_one_line_with_the_remedy() =>
        AssertMistake(path => File.WriteAllText(path, "no assembly"));

    /// <summary>An assembly that offers no engine, as one that was built for an older interface offers none.</summary>
    [Fact]
    public void An_assembly_without_an_engine_is_a_mistake_of_one_line_with_the_remedy() =>
        AssertMistake(path => File.Copy(typeof(FactAttribute).Assembly.Location, path));

    private void AssertMistake(Action<string> put)
    {
        var engine = new EngineFolder("other", "Rouser.Engines.Other", _program);
        Directory.CreateDirectory(engine.Folder);
        put(Path.Combine(engine.Folder, "Rouser.Engines.Other.dll"));

        string message = Assert.Single(engine.Load().Errors).Message;

        Assert.StartsWith($"engine: other in {engine.Folder} was not built for this program (", message);
        Assert.Contains("dotnet publish Worker/Rouser.Engines.Other", message);
        Assert.DoesNotContain('\n', message);
    }
}
