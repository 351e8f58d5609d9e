using System.Text.RegularExpressions;
using Rouser.Core.Parameters;

namespace Rouser.Worker.Extensions;

/// <summary>Whether what a plug-in brings has a place beside what is there.</summary>
internal static partial class PluginCheck
{
    /// <summary>What is wrong with a plug-in, with the remedy; null if nothing is.</summary>
    /// <param name="plugin">The plug-in, not registered yet.</param>
    /// <param name="families">All that it may add to.</param>
    /// <param name="before">The plug-ins that were accepted before it.</param>
    public static string? Complaint(Plugin plugin, IReadOnlyList<IMethodFamily> families, IReadOnlyList<Plugin> before)
    {
        bool brings = false;
        foreach (IMethodFamily family in families)
        {
            (IReadOnlyList<IMethod> own, IReadOnlyList<Parameter> common) = family.Own;
            List<IMethod> methods = [.. own, .. before.SelectMany(family.MethodsOf)];
            foreach (IMethod method in family.MethodsOf(plugin))
            {
                brings = true;
                if (Complaint(method, family, methods, common) is { } complaint)
                    return complaint;
                methods.Add(method);
            }
        }
        return brings
            ? null
            : "this plug-in brings nothing: none of its public types has a public static property Method of a family, which are "
                + $"{string.Join(", ", families.Select(family => family.Name))}; see docs/how-to/plugin.md";
    }

    private static string? Complaint(IMethod method, IMethodFamily family, List<IMethod> methods, IReadOnlyList<Parameter> common)
    {
        if (!Word().IsMatch(method.Name))
            return $"this plug-in has '{method.Name}' for {family.Name}; a word has lower-case letters, digits, '_' and '-'";
        if (methods.Find(m => m.Name == method.Name) is { } same)
            return $"this plug-in has '{method.Name}' for {family.Name}, which {Owner(same)} has already; rename it";
        string group = family.Name[..(family.Name.IndexOf('.', StringComparison.Ordinal) + 1)];
        List<Parameter> known = [.. common, .. methods.SelectMany(m => m.Parameters)];
        foreach (Parameter parameter in method.Parameters)
        {
            if (!ParameterName().IsMatch(parameter.Name) || !parameter.Name.StartsWith(group, StringComparison.Ordinal))
                return $"this plug-in has a parameter '{parameter.Name}'; one of {family.Name} is named {group}NAME";
            if (parameter.Name == family.Name || known.Exists(p => p.Name == parameter.Name && p != parameter))
                return $"this plug-in has a parameter '{parameter.Name}', which means something else already; rename it";
        }
        return null;
    }

    private static string Owner(IMethod method) => method.Plugin is { } plugin ? $"plug-in {plugin.Name}" : "rouser";

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[a-z]+\.[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
