using System.Reflection;
using System.Runtime.Loader;
using Rouser.Core;
using Rouser.Snn;

namespace Rouser.Worker.Engines;

/// <summary>
/// A training engine that is not part of the program, because what it needs is large: an assembly with its libraries
/// in a folder of its own beside the program, <c>engines/NAME</c>. Nothing of it is loaded before <see cref="Load"/>.
/// </summary>
public sealed class EngineFolder
{
    private readonly string _name,
        _project;

    /// <summary>Names a folder.</summary>
    /// <param name="engine">The engine, as sweep files call it: <c>torch</c>.</param>
    /// <param name="project">Its assembly and project: <c>Rouser.Engines.Torch</c>.</param>
    /// <param name="program">The program's folder.</param>
    public EngineFolder(string engine, string project, string program)
    {
        (_name, _project) = (engine, project);
        Folder = Path.Combine(program, "engines", engine);
    }

    /// <summary>Where the engine is looked for.</summary>
    public string Folder { get; }

    private string Remedy =>
        $"use engine: fused, or get it in a clone of Rouser's: dotnet publish Worker/{_project} -c Release -o \"{Folder}\"";

    /// <summary>The engine, or how to get it.</summary>
    public Result<ITrainingEngineFactory> Load()
    {
        string path = Path.Combine(Folder, $"{_project}.dll");
        if (!File.Exists(path))
            return new UserError("", $"engine: {_name} is no part of this program, and {Folder} does not hold it; {Remedy}");
        try
        {
            Type factory = new Context(path)
                .LoadFromAssemblyPath(path)
                .GetExportedTypes()
                .Single(type => type.IsAssignableTo(typeof(ITrainingEngineFactory)));
            return Result<ITrainingEngineFactory>.Of((ITrainingEngineFactory)Activator.CreateInstance(factory)!);
        }
        // Damaged, or built for another Rouser: then a type or a member is missing, or the class no longer implements
        // the interface.
        catch (Exception e)
            when (e
                    is BadImageFormatException
                        or FileLoadException
                        or FileNotFoundException
                        or TypeLoadException
                        or MissingMemberException
                        or InvalidOperationException
            )
        {
            return new UserError(
                "",
                $"engine: {_name} in {Folder} was not built for this program ({e.Message.ReplaceLineEndings(" ")}); {Remedy}"
            );
        }
    }

    /// <summary>
    /// The engine's own libraries come from its folder; what it shares with the program, the interface above all, is
    /// the program's.
    /// </summary>
    private sealed class Context(string assembly) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assembly))
    {
        // The interface's assembly, and those whose types it speaks of.
        private static readonly HashSet<string> Shared =
        [
            typeof(ITrainingEngineFactory).Assembly.GetName().Name!,
            .. typeof(ITrainingEngineFactory)
                .Assembly.GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(name => name.StartsWith("Rouser.", StringComparison.Ordinal)),
        ];

        private readonly AssemblyDependencyResolver _resolver = new(assembly);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            // A copy of the interface's assembly in the folder would be another interface.
            assemblyName.Name
                is { } name
            && !Shared.Contains(name)
            && _resolver.ResolveAssemblyToPath(assemblyName) is { } path
                ? LoadFromAssemblyPath(path)
                : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
