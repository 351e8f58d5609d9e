using Rouser.Core;

namespace Rouser.Simulation.Scenarios;

/// <summary>
/// What goes wrong, and how often. Shares are probabilities per occasion, from 0 to 1; rates are occasions per minute
/// of virtual time.
/// </summary>
internal sealed record Faults
{
    /// <summary>Nothing goes wrong.</summary>
    public static readonly Faults None = new();

    /// <summary>Share of messages that are lost.</summary>
    public double LossShare { get; init; }

    /// <summary>Share of messages that arrive twice.</summary>
    public double Repeat { get; init; }

    /// <summary>
    /// Share of messages that take up to <see cref="DawdleSeconds"/> instead of a tenth of a second, and are
    /// overtaken.
    /// </summary>
    public double Dawdle { get; init; }

    /// <summary>The longest that a message is under way, in seconds.</summary>
    public double DawdleSeconds { get; init; }

    /// <summary>Rate at which some hosts are cut off from the others; each cut heals after a while.</summary>
    public double Partition { get; init; }

    /// <summary>
    /// Rate at which a worker dies without a word. The service manager starts another; now and then the cluster
    /// notices.
    /// </summary>
    public double WorkerCrash { get; init; }

    /// <summary>
    /// Rate at which a worker is asked to stop (SIGTERM): it hands back what it holds, and another is started.
    /// </summary>
    public double WorkerStop { get; init; }

    /// <summary>
    /// Share of workers that compute wrong now and then, and report what they computed. Not drawn with the others:
    /// what such a sweep records may be wrong, so it has a check of its own.
    /// </summary>
    public double BadMemory { get; init; }

    /// <summary>Rate at which a worker stands still for a while, and then goes on as if nothing had been.</summary>
    public double WorkerFreeze { get; init; }

    /// <summary>Rate at which the cluster takes a worker that lives for gone.</summary>
    public double FalseAlarm { get; init; }

    /// <summary>Share of workers that train ten times slower than the others.</summary>
    public double SlowWorker { get; init; }

    /// <summary>
    /// Share of epochs that end in an error that is not the trial's own, so that a retry may go well.
    /// </summary>
    public double EpochError { get; init; }

    /// <summary>Share of checkpoints that the disk refuses: the worker hands everything back and ends.</summary>
    public double DiskError { get; init; }

    /// <summary>Share of checkpoints that are not there when a trial resumes.</summary>
    public double CheckpointLoss { get; init; }

    /// <summary>Share of workers that lack a data set when they start.</summary>
    public double DataMissing { get; init; }

    /// <summary>
    /// Share of turns in which the orchestrator dies, evenly before, within and after the append, and amid the
    /// effects.
    /// </summary>
    public double OrchestratorCrash { get; init; }

    /// <summary>
    /// Share of turns that are held up for up to <see cref="DawdleSeconds"/> before the append or between it and the
    /// effects.
    /// </summary>
    public double Stall { get; init; }

    /// <summary>Rate at which a standby orchestrator takes over although the other one lives.</summary>
    public double Takeover { get; init; }

    /// <summary>Rate at which the orchestrator's clock jumps, forwards or backwards.</summary>
    public double ClockJump { get; init; }

    /// <summary>
    /// Rate at which the user does something: drains and resumes, retries, pauses and continues, cancels.
    /// </summary>
    public double User { get; init; }

    /// <summary>
    /// Rate at which a message of no sense arrives: an attempt that never was, a trial that is not planned, an epoch
    /// that is none.
    /// </summary>
    public double Nonsense { get; init; }

    /// <summary>
    /// Each kind is absent, rare or frequent, so that seeds differ in character and not in luck alone.
    /// </summary>
    /// <param name="random">The seed's stream for scenarios.</param>
    /// <param name="leaseSeconds">The lease, which delays are measured by.</param>
    public static Faults Draw(RandomStream random, double leaseSeconds) =>
        new()
        {
            LossShare = Some(random, 0.25),
            Repeat = Some(random, 0.3),
            Dawdle = Some(random, 0.2),
            DawdleSeconds = 3 * leaseSeconds,
            Partition = Some(random, 1),
            WorkerCrash = Some(random, 2),
            WorkerStop = Some(random, 1),
            WorkerFreeze = Some(random, 1),
            FalseAlarm = Some(random, 1),
            SlowWorker = Some(random, 0.3),
            EpochError = Some(random, 0.05),
            DiskError = Some(random, 0.02),
            CheckpointLoss = Some(random, 0.5),
            DataMissing = Some(random, 0.3),
            OrchestratorCrash = Some(random, 0.02),
            Stall = Some(random, 0.02),
            Takeover = Some(random, 1),
            ClockJump = Some(random, 0.5),
            User = Some(random, 1),
            Nonsense = Some(random, 2),
        };

    private static double Some(RandomStream random, double frequent) =>
        random.NextInt(3) switch
        {
            0 => 0,
            1 => frequent / 10,
            _ => frequent,
        };
}
