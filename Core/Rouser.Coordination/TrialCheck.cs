using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>Where the second training of a completed trial stands.</summary>
public enum CheckState
{
    /// <summary>Waits for a worker that did not complete the trial.</summary>
    Waiting,

    /// <summary>A worker holds it by a lease.</summary>
    Running,

    /// <summary>The second training gave the same bytes.</summary>
    Passed,

    /// <summary>It gave others; <see cref="TrialStatus.Alarm"/> says whose.</summary>
    Disagreed,

    /// <summary>It was given up without a verdict.</summary>
    Abandoned,
}

/// <summary>
/// The second training of a completed trial (<c>run.cross_check</c>): by another worker, from the first epoch, under
/// attempt numbers that follow those of the trial. It changes no result; it says whether two machines agree on it.
/// </summary>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was given out.</param>
/// <param name="Worker">Who holds it, or held it last; null before the first attempt.</param>
/// <param name="FailedAttempts">Attempts that failed or were lost; those that were handed back cost nothing.</param>
public sealed record TrialCheck(CheckState State, int Attempts, WorkerId? Worker, int FailedAttempts)
{
    /// <summary>One that waits.</summary>
    internal static readonly TrialCheck Wanted = new(CheckState.Waiting, 0, null, 0);

    /// <summary>Whether there is still something to be done.</summary>
    public bool IsOpen => State is CheckState.Waiting or CheckState.Running;

    /// <summary>
    /// Whether a trial is among those that are trained twice. Chosen by the name of the run, which workers are
    /// never told, so that none knows which of its trials will be looked at. Trials of engines whose bytes depend on
    /// the machine are left out.
    /// </summary>
    /// <param name="run">The fingerprint of the plan that the run was made for.</param>
    /// <param name="share">The share that is checked, from 0 to 1.</param>
    internal static bool IsChosen(string run, PlannedTrial trial, double share)
    {
        if (share <= 0 || trial.Settings.Engine == EngineKind.Torch)
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"rouser/cross-check/{run}/{trial.Id}"), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) < share * (1L << 32);
    }
}
