namespace Rouser.Coordination;

/// <summary>
/// What a step decides, while it decides: an event changes the state at once, so that what is decided next builds on
/// it.
/// </summary>
internal sealed class Decisions(CoordinatorState state)
{
    private readonly List<Event> _events = [];
    private readonly List<Effect> _effects = [];

    // By how much the journal is ahead of the shell's clock, if that was set back since the journal was written.
    private TimeSpan _ahead;

    /// <summary>The machine's time, which stamps the events.</summary>
    public DateTimeOffset Now { get; private set; } = state.At;

    /// <summary>
    /// Takes the shell's time. The machine's own never runs backwards. It goes on from the journal's last event even
    /// where the clock says that this is yet to come; else no silence would be noticed, and no lease end, until the
    /// clock had caught up.
    /// </summary>
    public void AdvanceClock(DateTimeOffset now)
    {
        if (!state.IsLive && now < Now)
            _ahead = Now - now;
        now = _ahead < DateTimeOffset.MaxValue - now ? now + _ahead : DateTimeOffset.MaxValue;
        if (now > Now)
            Now = now;
    }

    /// <summary>A fact.</summary>
    public void Record(Event decided)
    {
        state.Apply(decided);
        _events.Add(decided);
    }

    /// <summary>Something to do, once the facts are durable.</summary>
    public void Perform(Effect effect) => _effects.Add(effect);

    /// <summary>Something to tell a worker.</summary>
    public void Send(WorkerId worker, WorkerCommand command) => Perform(new SendCommand(worker, command));

    /// <summary>All of the step.</summary>
    public Ready CollectReady()
    {
        Ready ready = new([.. _events], [.. _effects]);
        _events.Clear();
        _effects.Clear();
        return ready;
    }
}
