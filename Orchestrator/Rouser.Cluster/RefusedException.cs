namespace Rouser.Cluster;

/// <summary>
/// The orchestrator refuses what a worker asks, and would refuse it again: a wrong token, another version. The
/// message says what and why.
/// </summary>
public sealed class RefusedException(string message) : Exception(message);
