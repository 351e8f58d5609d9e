namespace Rouser.Orchestrator.Progress;

/// <summary>
/// Estimates the time left from the epochs done since this process began; what earlier ones did was perhaps done on
/// another machine.
/// </summary>
internal sealed class RemainingTime
{
    private const double FewestEpochs = 0.5;

    private double? _doneAtStart;

    /// <summary>The time left, or null while too little has been done to tell.</summary>
    public TimeSpan? Estimate(TimeSpan elapsed, ProgressSnapshot now)
    {
        _doneAtStart ??= now.EpochsDone;
        double done = now.EpochsDone - _doneAtStart.Value;
        return done < FewestEpochs ? null : elapsed * ((now.EpochsTotal - now.EpochsDone) / done);
    }
}
