using System.Reflection;

namespace Rouser.Core.Parameters;

/// <summary>
/// An assembly that is no part of the program and brings methods of its own: public types with a static property
/// <c>Method</c>, as the program's own have.
/// </summary>
/// <param name="Name">The assembly's name: <c>sech-surrogate</c>.</param>
/// <param name="Version">Its version, for people: what counts is the digest.</param>
/// <param name="Digest">SHA-256 of its files, as lower-case hex digits.</param>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="Assembly">What was loaded.</param>
public sealed record Plugin(string Name, string Version, string Digest, string Folder, Assembly Assembly)
{
    /// <summary>
    /// What stands for it in the identity of a trial that uses it: its name and the first 128 bits of its digest.
    /// </summary>
    public string Identity => $"{Name}@{Digest[..32]}";

    /// <summary>The methods of a family that it brings, by the names of their types.</summary>
    /// <typeparam name="T">What they build.</typeparam>
    /// <exception cref="TargetInvocationException">One of them cannot be made.</exception>
    internal IEnumerable<Method<T>> MethodsOf<T>() =>
        Assembly
            .GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => type.GetProperty("Method", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property?.PropertyType == typeof(Method<T>))
            .Select(property => (Method<T>)property!.GetValue(null)! with { Plugin = this });
}
