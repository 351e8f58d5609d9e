namespace Rouser.Orchestrator.Sessions;

/// <summary>How the cores are shared out. No result depends on it.</summary>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Threads">Threads per trial.</param>
internal readonly record struct SlotsAndThreads(int Slots, int Threads)
{
    /// <summary>
    /// What the user said, and for the rest: a trial per core, because trials do not wait for each other as a trial's
    /// threads do; the cores that are left go to the trials' threads.
    /// </summary>
    public static SlotsAndThreads Choose(int? slots, int? threads, int trials)
    {
        int cores = Environment.ProcessorCount;
        int chosen = slots ?? Math.Max(1, Math.Min(threads is null ? cores : cores / threads.Value, trials));
        return new SlotsAndThreads(chosen, threads ?? Math.Max(1, cores / chosen));
    }

    /// <summary>Of so many trials, where the user said nothing.</summary>
    public static SlotsAndThreads OfAllCores(int trials) => Choose(null, null, Math.Max(1, trials));

    /// <inheritdoc/>
    public override string ToString() => $"{DisplayText.Count(Slots, "slot")} of {DisplayText.Count(Threads, "thread")}";
}
