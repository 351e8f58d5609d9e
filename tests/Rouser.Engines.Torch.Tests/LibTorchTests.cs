using Rouser.Core;
using Rouser.Snn;
using Rouser.Testing.Networks;
using Rouser.Worker.Engines;

namespace Rouser.Engines.Torch.Tests;

/// <summary>Where libtorch cannot be loaded, and where the engine is loaded from a folder of its own.</summary>
public sealed class LibTorchTests : IDisposable
{
    private readonly string _program = Directory.CreateTempSubdirectory("rouser-torch-").FullName;

    public void Dispose() => Directory.Delete(_program, recursive: true);

    [Fact]
    public void A_folder_without_libtorch_is_one_line_with_the_remedy()
    {
        string? why = LibTorch.Load(_program);
        Assert.NotNull(why);
        Assert.Matches(@"^engine: torch cannot load libtorch \(.*torch_cpu.*\); use engine: fused$", why);
    }

    [Fact]
    public void A_missing_version_of_the_C_plus_plus_library_is_named()
    {
        const string loader = """
            Unable to load shared library '/e/libLibTorchSharp.so' or one of its dependencies.
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /e/libLibTorchSharp.so)
            /e/libLibTorchSharp: cannot open shared object file: No such file or directory
            """;
        Assert.Equal(
            "engine: torch cannot load libtorch: it wants GLIBCXX_3.4.32, which /lib/x86_64-linux-gnu/libstdc++.so.6 lacks; "
                + "use engine: fused, or a system with the C++ library of GCC 13 or newer",
            LibTorch.Explain(loader)
        );
    }

    /// <summary>
    /// The engine as the program loads it, with the interface of the program and everything else from its folder.
    /// </summary>
    [SkippableFact]
    public void The_engine_is_loaded_from_its_folder_and_trains()
    {
        var engine = new EngineFolder("torch", "Rouser.Engines.Torch", _program);
        Directory.CreateDirectory(engine.Folder);
        // The program's own assemblies lie elsewhere, as they do beside a published engine.
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory).Select(file => Path.GetFileName(file)!))
        {
            bool own =
                file.StartsWith("Rouser.", StringComparison.Ordinal)
                && !file.StartsWith("Rouser.Engines.Torch.dll", StringComparison.Ordinal);
            if (!own)
                File.CreateSymbolicLink(Path.Combine(engine.Folder, file), Path.Combine(AppContext.BaseDirectory, file));
        }

        Result<ITrainingEngineFactory> loaded = engine.Load();

        Assert.Empty(loaded.Errors);
        Assert.NotSame(typeof(TorchEngineFactory).Assembly, loaded.Value.GetType().Assembly);
        TrainingSettings settings = TestNetworks.Settings(10, [8, 4], 20, 2);
        Assert.Equal("truncated gradients (bptt.window)", loaded.Value.Lacks(settings with { GradientWindow = 5 }));
        Assert.Equal(new TorchEngineFactory().Version.Errors, loaded.Value.Version.Errors);
        Skip.If(!loaded.Value.Version.IsOk, LibTorch.WhyNot);
        using ITrainingEngine made = loaded.Value.Create(settings, threads: 1);
        Assert.True(double.IsFinite(made.Train(TestNetworks.Batch(settings, new RandomStream(3, "batch"), 2, 0.6)).LossSum));
    }

    /// <summary>
    /// Guards against TorchSharp's own search, which copies 480 MB beside the program and writes its trace to
    /// standard output.
    /// </summary>
    [Fact]
    public void What_cannot_be_loaded_is_neither_copied_nor_traced()
    {
        TextWriter before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            var factory = new TorchEngineFactory();
            if (!factory.Version.IsOk)
                Assert.Throws<NotSupportedException>(() => factory.Create(TestNetworks.Settings(10, [8, 4], 20, 2), threads: 1));
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.Equal("", output.ToString());
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }
}
