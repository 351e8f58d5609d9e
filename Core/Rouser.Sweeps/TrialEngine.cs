using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>
/// The code that a trial's numbers come from, as its identity has it: the training engine with its version, and each
/// plug-in that brings one of its methods or its data set, with its digest:
/// <c>fused/1 + sech-surrogate@0f3a…</c>. Trials without plug-ins have the engine alone.
/// </summary>
public static class TrialEngine
{
    private const string Plus = " + ";

    /// <summary>The text for a trial.</summary>
    /// <param name="engineVersion">The training engine and its version, <c>fused/1</c>.</param>
    /// <param name="parameters">The trial's parameters.</param>
    public static string Of(string engineVersion, ParameterSet parameters) =>
        string.Join(Plus, [engineVersion, .. UsedBy(parameters).Select(plugin => plugin.Identity)]);

    /// <summary>The plug-ins that these values use, by name.</summary>
    public static IReadOnlyList<Plugin> UsedBy(ParameterSet parameters) =>
        Plugins.Registered.Count == 0
            ? []
            :
            [
                .. MethodFamilies
                    .All.Select(family => family.PluginOf(parameters))
                    .OfType<Plugin>()
                    .Distinct()
                    .OrderBy(plugin => plugin.Name, StringComparer.Ordinal),
            ];

    /// <summary>
    /// The first plug-in that a trial needs and this process does not have, or has with another digest, as one
    /// sentence with the remedy; null if nothing is missing.
    /// </summary>
    /// <param name="text">What <see cref="Of"/> gave where the trial was planned.</param>
    public static string? Missing(string text)
    {
        foreach (string identity in text.Split(Plus).Skip(1))
        {
            if (Plugins.Registered.Any(plugin => plugin.Identity == identity))
                continue;
            string name = identity.Split('@')[0];
            string here = Plugins.Registered.FirstOrDefault(plugin => plugin.Name == name) is { } other
                ? $"the one here is {other.Identity}"
                : "which is not here";
            return $"needs plug-in {OneLine.Of(identity)}, {here}; copy the folder of that plug-in from where the sweep was "
                + "planned into the folder of plug-ins that rouser doctor names";
        }
        return null;
    }
}

/// <summary>
/// A trial was read whose plug-in is not here: nothing is wrong with it, and nothing can be made of it.
/// </summary>
/// <param name="message">Which one, and what to do.</param>
public sealed class PluginMissingException(string message) : Exception(message);
