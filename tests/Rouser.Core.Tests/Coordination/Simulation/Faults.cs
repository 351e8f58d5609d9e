namespace Rouser.Core.Tests.Coordination.Simulation;

/// <summary>What goes wrong, and how often. Shares are probabilities per occasion, from 0 to 1.</summary>
/// <param name="Lose">A message is lost.</param>
/// <param name="Repeat">A message arrives twice.</param>
/// <param name="Dawdle">A message takes up to three lease times instead of up to a second, and others overtake it.</param>
/// <param name="WorkerCrash">A worker dies before it acts.</param>
/// <param name="Error">An epoch ends in an error.</param>
/// <param name="HandBack">A worker hands a trial back.</param>
/// <param name="LoseCheckpoint">A checkpoint is not there when a trial resumes.</param>
/// <param name="CrashBeforePersisting">The orchestrator dies after a step, before its events are durable.</param>
/// <param name="CrashBeforeEffects">The orchestrator dies after its events are durable, before or amid the effects.</param>
/// <param name="ClockJump">The orchestrator's clock jumps, forwards or backwards.</param>
internal sealed record Faults(
    double Lose,
    double Repeat,
    double Dawdle,
    double WorkerCrash,
    double Error,
    double HandBack,
    double LoseCheckpoint,
    double CrashBeforePersisting,
    double CrashBeforeEffects,
    double ClockJump)
{
    public static readonly Faults None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Each kind is absent, rare or frequent, so that seeds differ in character and not in luck alone.</summary>
    public static Faults Draw(RandomStream random) => new(
        Some(random, 0.3), Some(random, 0.3), Some(random, 0.2), Some(random, 0.02), Some(random, 0.05), Some(random, 0.05),
        Some(random, 0.5), Some(random, 0.02), Some(random, 0.02), Some(random, 0.02));

    private static double Some(RandomStream random, double frequent) => random.NextInt(3) switch { 0 => 0, 1 => frequent / 10, _ => frequent };
}
