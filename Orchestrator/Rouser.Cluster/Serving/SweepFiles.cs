using Rouser.Coordination;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// The files that an orchestrator exchanges with its workers, whatever carries them. A name is <c>datasets/DIGEST</c>
/// or <c>checkpoints/TRIAL/FILE</c>; anything else is none, so that nothing a worker sends is ever used as a path.
/// </summary>
/// <param name="checkpoints">Where checkpoints lie.</param>
/// <param name="dataset">The file of a data set of the plan, by its digest; null if there is none.</param>
public sealed class SweepFiles(CheckpointFiles checkpoints, Func<string, string?> dataset)
{
    /// <summary>
    /// Bytes of a checkpoint's file at most: a network of a hundred million weights, with its optimiser's moments.
    /// </summary>
    public const long MostCheckpointBytes = 2L << 30;

    /// <summary>A longer digest is none.</summary>
    private const int LongestDigest = 128;

    /// <summary>The name of a data set.</summary>
    public static string Dataset(string digest) => $"datasets/{digest}";

    /// <summary>The name of a file of a trial's checkpoint.</summary>
    public static string Checkpoint(TrialId trial, string file) => $"checkpoints/{trial}/{file}";

    /// <summary>Where a file lies, whether it is there or not; null if the name is none.</summary>
    public string? PathOf(string name) =>
        name.Split('/') switch
        {
            ["datasets", var digest] when digest.Length is > 0 and <= LongestDigest && digest.All(char.IsAsciiLetterOrDigit) =>
                dataset(digest),
            _ => CheckpointOf(name) is var (trial, file) ? checkpoints.PathOf(trial, file) : null,
        };

    /// <summary>Stores a file of a checkpoint, if it comes from whoever holds the trial.</summary>
    /// <param name="service">The sweep, which says who does.</param>
    /// <param name="name">Which file.</param>
    /// <param name="worker">From whom.</param>
    /// <returns>Why it is not taken; null if it is stored.</returns>
    /// <exception cref="IOException">The disk is full, read-only or failing; the file is as it was.</exception>
    public async Task<StoreRefusal?> StoreAsync(SweepService service, string name, WorkerId worker, Func<Stream, Task> write)
    {
        if (CheckpointOf(name) is not var (trial, file))
            return StoreRefusal.NoName;
        PlannedTrial? held = await service
            .Query(state =>
                state.Find(trial) is { State: TrialState.Running } found && found.Worker == worker ? found.Planned : null
            )
            .ConfigureAwait(false);
        if (held is null)
            return StoreRefusal.NotHeld;
        // Weights of an epoch that the trial does not have would only fill the disk.
        if (CheckpointFiles.EpochOf(file) is { } epoch && (epoch < 1 || epoch > held.Settings.Epochs))
            return StoreRefusal.NoName;
        await checkpoints.ReplaceAsync(trial, file, write).ConfigureAwait(false);
        return null;
    }

    private static (TrialId Trial, string File)? CheckpointOf(string name) =>
        name.Split('/') is ["checkpoints", var trial, var file]
        && trial.Length == 32
        && trial.All(char.IsAsciiHexDigitLower)
        && CheckpointFiles.IsName(file)
            ? (new TrialId(trial), file)
            : null;
}

/// <summary>Why a file is not stored.</summary>
public enum StoreRefusal
{
    /// <summary>The name is no file of this trial's checkpoint.</summary>
    NoName,

    /// <summary>Whoever sends it does not hold the trial.</summary>
    NotHeld,
}
