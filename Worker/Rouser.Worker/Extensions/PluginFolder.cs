using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Rouser.Core;
using Rouser.Core.Parameters;

namespace Rouser.Worker.Extensions;

/// <summary>
/// The folder of plug-ins, each in a folder of its own with the assembly of the same name:
/// <c>plugins/NAME/NAME.dll</c>. Whoever puts a plug-in there lets the program run it, so the folder belongs to the
/// program or to who starts it, and no sweep file can name one.
/// </summary>
/// <param name="folder">The folder; none of it needs to be there.</param>
/// <param name="isNamed">Whether the user named it, so that it has to be there.</param>
public sealed partial class PluginFolder(string folder, bool isNamed)
{
    /// <summary>The environment variable that names another folder than the one beside the program.</summary>
    public const string Variable = "ROUSER_PLUGINS";

    /// <summary>The folder of this process.</summary>
    public static PluginFolder OfProgram { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? new(System.IO.Path.GetFullPath(named), isNamed: true)
            : new(System.IO.Path.Combine(AppContext.BaseDirectory, "plugins"), isNamed: false);

    /// <summary>The folder.</summary>
    public string Path => folder;

    /// <summary>Loads all plug-ins of the folder.</summary>
    /// <param name="families">All that a plug-in may add to.</param>
    /// <returns>The plug-ins, by name; or what is wrong, one mistake for each that is not sound.</returns>
    public Result<IReadOnlyList<Plugin>> Load(IReadOnlyList<IMethodFamily> families)
    {
        if (!Directory.Exists(folder))
            return isNamed
                ? new UserError(Variable, $"names {folder}, which is no folder; make it, or unset {Variable}")
                : Result<IReadOnlyList<Plugin>>.Of([]);
        List<Plugin> plugins = [];
        List<UserError> errors =
        [
            .. Directory
                .EnumerateFiles(folder, "*.dll")
                .Order(StringComparer.Ordinal)
                .Select(file => new UserError(
                    file,
                    $"a plug-in has a folder of its own; move it to {System.IO.Path.Combine(folder, NameOf(file), System.IO.Path.GetFileName(file))}"
                )),
        ];
        foreach (string path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            Result<Plugin> plugin = LoadOne(path, families, plugins);
            if (plugin.IsOk)
                plugins.Add(plugin.Value);
            else
                errors.AddRange(plugin.Errors);
        }
        return errors.Count == 0 ? Result<IReadOnlyList<Plugin>>.Of(plugins) : Result<IReadOnlyList<Plugin>>.Failed(errors);
    }

    private static Result<Plugin> LoadOne(string path, IReadOnlyList<IMethodFamily> families, IReadOnlyList<Plugin> before)
    {
        string name = System.IO.Path.GetFileName(path),
            file = System.IO.Path.Combine(path, $"{name}.dll");
        if (!Name().IsMatch(name))
            return new UserError(path, "a plug-in is named by letters, digits, '.', '-' and '_'; rename it");
        if (!File.Exists(file))
            return new UserError(path, $"holds no {name}.dll; publish the plug-in of that name into it, or remove the folder");
        try
        {
            Assembly assembly = new ExtensionContext(file).Load();
            if (ForOtherVersion(assembly) is { } other)
                return new UserError(file, other);
            Prepare(assembly);
            var plugin = new Plugin(name, VersionOf(assembly), DigestOf(path), path, assembly);
            return PluginCheck.Complaint(plugin, families, before) is { } complaint ? new UserError(file, complaint) : plugin;
        }
#pragma warning disable CA1031 // Damaged, built for another Rouser, or with a method that throws as it is made: whatever a plug-in does is one line.
        catch (Exception error) when (error is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            Exception cause = error is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] }
                ? first
                : error.GetBaseException();
            return new UserError(
                file,
                $"this plug-in cannot be used ({cause.GetType().Name}: {OneLine.Of(cause.Message)}); build it again against this "
                    + "rouser, or remove its folder"
            );
        }
    }

    /// <summary>
    /// The seam is as old as the version of the program that it belongs to, so a plug-in is built for each anew.
    /// </summary>
    private static string? ForOtherVersion(Assembly assembly)
    {
        Version here = typeof(Plugin).Assembly.GetName().Version!;
        AssemblyName[] shared = [.. assembly.GetReferencedAssemblies().Where(ExtensionContext.IsShared)];
        if (shared.Length == 0)
            return "this is no plug-in, for it uses nothing of Rouser's; remove it, or publish the plug-in of that name";
        return shared.FirstOrDefault(name => name.Version != here) is { } other
            ? $"this plug-in was built for rouser {other.Version!.ToString(3)}, and this is {here.ToString(3)}; build it against this one"
            : null;
    }

    /// <summary>
    /// Compiles the plug-in, so that what it needs and the program does not have is told now and not in the middle of
    /// a training.
    /// </summary>
    private static void Prepare(Assembly assembly)
    {
        const BindingFlags all =
            BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        foreach (Type type in assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
        {
            foreach (MethodBase method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
            {
                if (!method.IsAbstract && !method.ContainsGenericParameters)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString(3)
        ?? "0.0.0";

    /// <summary>
    /// SHA-256 of the names and contents of all files, ordered by name, but for those that change nothing of what
    /// the plug-in does: symbols, documentation, and what the build says of its packages.
    /// </summary>
    private static string DigestOf(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            string file in Directory
                .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => System.IO.Path.GetExtension(file) is not (".pdb" or ".xml" or ".json"))
                .Select(file => System.IO.Path.GetRelativePath(path, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
        )
        {
            using FileStream stream = File.OpenRead(System.IO.Path.Combine(path, file));
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\n{Convert.ToHexStringLower(SHA256.HashData(stream))}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameOf(string file) => System.IO.Path.GetFileNameWithoutExtension(file);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
