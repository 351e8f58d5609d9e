namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>
/// The long form of tests with processes: with ROUSER_CLUSTER_LONG=1 what is done once by default is done ten times, and
/// the storm is five times as large.
/// </summary>
internal static class LongForm
{
    /// <summary>Whether it was asked for.</summary>
    public static bool IsAskedFor { get; } = Environment.GetEnvironmentVariable("ROUSER_CLUSTER_LONG") == "1";

    /// <summary>How often what can be repeated is done.</summary>
    public static int Times => IsAskedFor ? 10 : 1;
}
