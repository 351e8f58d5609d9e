using System.Threading.Channels;
using Rouser.Coordination;

namespace Rouser.Cluster;

/// <summary>
/// The mailbox in front of the coordinator: inputs are taken one after the other by a single reader. For each turn it
/// takes what has arrived, steps the machine through it, makes all events durable at once, and only then performs the
/// effects. A crash in between is mended by replaying the journal: an effect that was lost is made up for by leases
/// and repeated requests.
/// </summary>
/// <param name="machine">The machine; from now on touched by this loop alone.</param>
/// <param name="journal">Where its events go.</param>
/// <param name="time">Tells the machine the time, which is asked for once: from then on it is measured, so that a
/// clock that is set moves no lease.</param>
/// <param name="perform">Performs an effect; must not block.</param>
/// <param name="recorded">Takes the events once they are durable; must not block.</param>
/// <param name="fault">Takes what went wrong while an effect was performed or events were told of; neither ends the
/// loop.</param>
public sealed class CoordinatorLoop(
    ICoordinator machine,
    IJournal journal,
    TimeProvider time,
    Action<Effect> perform,
    Action<IReadOnlyList<Event>> recorded,
    Action<Exception> fault
)
{
    /// <summary>
    /// How many messages one turn takes at most, so that a flood cannot hold back what the first of them decided.
    /// </summary>
    private const int MessagesPerTurn = 1024;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<object> _mailbox = Channel.CreateUnbounded<object>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    private DateTimeOffset Now => _startedAt + time.GetElapsedTime(_started);

    /// <summary>
    /// Takes an input, and stamps it with the time of arrival, for every transport alike. Thread-safe; never blocks.
    /// </summary>
    public void Send(Input message) => _mailbox.Writer.TryWrite(message with { Now = Now });

    /// <summary>Reads the machine's state between two turns, so that a reader never sees half a step.</summary>
    /// <returns>The answer, or what <paramref name="read"/> threw; cancelled if the loop has ended.</returns>
    public Task<T> Query<T>(Func<CoordinatorState, T> read) => Ask(_ => [], (state, _) => read(state));

    /// <summary>
    /// Takes the inputs that fit the machine's state, with nothing in between, and answers from what they led to once
    /// that is durable.
    /// </summary>
    /// <param name="choose">The inputs, by the state before them.</param>
    /// <param name="read">The answer, from the state after them and the events that they led to.</param>
    /// <returns>The answer, or what <paramref name="read"/> threw; cancelled if the loop has ended.</returns>
    public Task<T> Ask<T>(
        Func<CoordinatorState, IReadOnlyList<Input>> choose,
        Func<CoordinatorState, IReadOnlyList<Event>, T> read
    )
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var question = new Question(choose, Answer, () => answer.TrySetCanceled());
        if (!_mailbox.Writer.TryWrite(question))
            question.Cancel();
        return answer.Task;

        void Answer(CoordinatorState state, IReadOnlyList<Event> events)
        {
            try
            {
                answer.TrySetResult(read(state, events));
            }
#pragma warning disable CA1031 // A reader's defect is the reader's; it must not end the sweep that it looks at.
            catch (Exception error)
            {
                answer.TrySetException(error);
            }
#pragma warning restore CA1031
        }
    }

    /// <summary>Runs until <paramref name="stop"/>; what is in the mailbox by then is still taken.</summary>
    /// <exception cref="IOException">The journal could not be written; nothing that it lacks was acted
    /// upon.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using ITimer ticks = time.CreateTimer(_ => Send(new Tick(default)), null, TickInterval, TickInterval);
        await using CancellationTokenRegistration end = stop.Register(() => _mailbox.Writer.TryComplete());
        try
        {
            while (await _mailbox.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
                Turn();
        }
        finally
        {
            _mailbox.Writer.TryComplete();
            while (_mailbox.Reader.TryRead(out object? message))
                (message as Question)?.Cancel();
        }
    }

    /// <summary>
    /// Takes what has arrived, in one go: what <see cref="RunAsync"/> does whenever there is something. By itself for
    /// whoever has time of its own, as the simulator.
    /// </summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="IOException">The journal could not be written; nothing that it lacks was acted
    /// upon.</exception>
    internal bool Turn()
    {
        int taken = 0;
        List<Event> events = [];
        List<Effect> effects = [];
        int before = 0;
        Question? question = null;
        try
        {
            for (; taken < MessagesPerTurn && question is null && _mailbox.Reader.TryRead(out object? message); taken++)
            {
                question = message as Question;
                before = events.Count;
                foreach (Input input in InputsOf(message))
                {
                    Ready ready = machine.Step(input);
                    events.AddRange(ready.Events);
                    effects.AddRange(ready.Effects);
                }
            }

            // The ordering rule of Ready binds here: what is acted upon, or told to anyone, must survive a crash first.
            if (events.Count > 0)
                journal.Append(events, machine.CollectChanges());
            foreach (Effect effect in effects)
                Outlive(() => perform(effect));
            if (events.Count > 0)
                Outlive(() => recorded(events));
            question?.Answer(machine.State, events[before..]);
            return taken > 0;
        }
        catch
        {
            // The loop ends here, and whoever asked must not wait for an answer that never comes.
            question?.Cancel();
            throw;
        }
    }

    private IEnumerable<Input> InputsOf(object message) =>
        message switch
        {
            Input input => [input],
            Question question => question.Choose(machine.State).Select(input => input with { Now = Now }),
            _ => [],
        };

    // What is durable is durable, and an effect may be lost: a log line that throws is no reason to end a sweep.
    private void Outlive(Action action)
    {
#pragma warning disable CA1031 // Whatever it is, it is not the machine's or the journal's.
        try
        {
            action();
        }
        catch (Exception error)
        {
            try
            {
                fault(error);
            }
            catch (Exception)
            {
                // Not even that can be told.
            }
        }
#pragma warning restore CA1031
    }

    /// <summary>A reader's question; it ends the turn, so that its answer is of a state that is durable.</summary>
    private sealed record Question(
        Func<CoordinatorState, IReadOnlyList<Input>> Choose,
        Action<CoordinatorState, IReadOnlyList<Event>> Answer,
        Action Cancel
    );
}
