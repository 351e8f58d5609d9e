namespace Rouser.Cluster.Serving;

/// <summary>A sweep that this process serves, on a journal that it alone may write now.</summary>
/// <param name="Service">The machine behind its mailbox.</param>
/// <param name="Files">What its workers fetch and store.</param>
/// <param name="Journal">Closed when this process serves no longer.</param>
public sealed record ActiveSweep(SweepService Service, SweepFiles Files, IDisposable Journal);
