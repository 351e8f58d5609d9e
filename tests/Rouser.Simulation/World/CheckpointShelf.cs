using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Simulation.World;

/// <summary>
/// The folder that all workers keep checkpoints in. Whoever writes last wins, an attempt included that does not know
/// yet that its lease has ended.
/// </summary>
internal sealed class CheckpointShelf
{
    private readonly Dictionary<TrialId, IReadOnlyList<EpochMetrics>> _histories = [];

    /// <summary>The epochs that are done by the trial's checkpoint; none if there is no checkpoint.</summary>
    public IReadOnlyList<EpochMetrics> Load(TrialId trial) => _histories.GetValueOrDefault(trial, []);

    /// <summary>Keeps a checkpoint.</summary>
    public void Save(TrialId trial, IReadOnlyList<EpochMetrics> history) => _histories[trial] = history;

    /// <summary>Deletes what nobody needs any more.</summary>
    public void Delete(TrialId trial) => _histories.Remove(trial);
}
