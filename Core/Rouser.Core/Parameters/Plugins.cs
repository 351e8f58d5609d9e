using System.Diagnostics;

namespace Rouser.Core.Parameters;

/// <summary>
/// The plug-ins of this process. They are registered before anything asks what methods there are, and stay: the
/// parameters of a sweep file are the same from the first line of the program to the last.
/// </summary>
public static class Plugins
{
    private static IReadOnlyList<Plugin> _registered = [];
    private static bool _isAsked;

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Plugin> Registered
    {
        get
        {
            _isAsked = true;
            return _registered;
        }
    }

    /// <summary>Adds the plug-ins that were loaded.</summary>
    /// <exception cref="InvalidOperationException">Somebody has asked for them already.</exception>
    public static void Register(IReadOnlyList<Plugin> plugins)
    {
        if (_isAsked)
            throw new InvalidOperationException("Plug-ins are registered before anything asks for a method.");
        _registered = [.. plugins.OrderBy(plugin => plugin.Name, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The plug-in in whose code an error arose, or in what its code called; null if none had a part in it.
    /// </summary>
    public static Plugin? ResponsibleFor(Exception error)
    {
        if (_registered.Count == 0)
            return null;
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            foreach (StackFrame frame in new StackTrace(e).GetFrames())
            {
                if (_registered.FirstOrDefault(p => p.Assembly == frame.GetMethod()?.Module.Assembly) is { } plugin)
                    return plugin;
            }
        }
        return null;
    }

    /// <summary>
    /// An error in one line: what a plug-in did and what to do about it, or, where no plug-in had a part in it, what
    /// <paramref name="otherwise"/> makes of it.
    /// </summary>
    public static string Explain(Exception error, Func<Exception, string> otherwise)
    {
        if (ResponsibleFor(error) is not { } plugin)
            return otherwise(error);
        Exception cause = error.GetBaseException();
        return $"plug-in {plugin.Name} {plugin.Version} threw {cause.GetType().Name}: {OneLine.Of(cause.Message)}; mend it, "
            + "or leave its methods out of the sweep";
    }
}
