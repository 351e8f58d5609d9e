using System.Reflection;
using System.Runtime.Loader;
using Rouser.Snn;

namespace Rouser.Worker.Extensions;

/// <summary>
/// Loads an assembly that is no part of the program: an engine in a folder of its own, a plug-in. Its own libraries
/// come from its folder; what it shares with the program, the interfaces above all, is the program's.
/// </summary>
/// <param name="assembly">The assembly's file.</param>
internal sealed class ExtensionContext(string assembly) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assembly))
{
    // The assembly of networks, and those whose types it speaks of.
    private static readonly HashSet<string> Shared =
    [
        typeof(ITrainingEngineFactory).Assembly.GetName().Name!,
        .. typeof(ITrainingEngineFactory)
            .Assembly.GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Rouser.", StringComparison.Ordinal)),
    ];

    private readonly AssemblyDependencyResolver _resolver = new(assembly);

    /// <summary>Loads the assembly.</summary>
    public Assembly Load() => LoadFromAssemblyPath(assembly);

    /// <summary>Whether an assembly is the program's own.</summary>
    public static bool IsShared(AssemblyName name) => Shared.Contains(name.Name!);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        // A copy of a shared assembly in the folder would have other types of the same names.
        !IsShared(assemblyName) && _resolver.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadFromAssemblyPath(path)
            : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
