namespace Rouser.Orchestrator.Progress;

/// <summary>
/// Estimates the time left from the epochs done since this process began; what earlier ones did was perhaps done on
/// another machine. A pause has no end that could be told, and a new estimate begins after it.
/// </summary>
internal sealed class RemainingTime
{
    private const double FewestEpochs = 0.5;

    private (TimeSpan Elapsed, double EpochsDone)? _since;

    /// <summary>The time left, or null while too little has been done to tell, and while the sweep is paused.</summary>
    public TimeSpan? Estimate(TimeSpan elapsed, ProgressSnapshot now)
    {
        _since = now.IsPaused ? null : _since ?? (elapsed, now.EpochsDone);
        if (_since is not { } since)
            return null;
        double done = now.EpochsDone - since.EpochsDone;
        return done < FewestEpochs ? null : (elapsed - since.Elapsed) * ((now.EpochsTotal - now.EpochsDone) / done);
    }
}
