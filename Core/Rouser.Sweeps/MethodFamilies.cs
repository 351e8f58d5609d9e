using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;

namespace Rouser.Sweeps;

/// <summary>
/// All families that a trial chooses from, and so all that a plug-in may add to. May be asked before plug-ins are
/// registered.
/// </summary>
public static class MethodFamilies
{
    /// <summary>The data sets, then the methods.</summary>
    public static IReadOnlyList<IMethodFamily> All { get; } = [DatasetCatalog.Family, .. MethodSettings.Families];
}
