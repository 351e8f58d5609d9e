using Rouser.Core.Parameters;
using Rouser.Core.Sweeps;

namespace Rouser.Reports.Model;

/// <summary>What two trainings were asked for, as far as it differs.</summary>
public static class ParameterDifferences
{
    /// <summary>
    /// Parameters with other values in the two sets, by name. What is no part of a trial's identity, such as a folder,
    /// is left out.
    /// </summary>
    public static IEnumerable<string> NamesOfDifferences(this ParameterSet a, ParameterSet b) =>
        a
            .Values.Union(b.Values)
            .Select(p => p.Key)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Where(name => ParameterSchema.Find(name) is not { IsIdentity: false } && a.Find(name) != b.Find(name));
}
