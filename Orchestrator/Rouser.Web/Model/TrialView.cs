using Rouser.Coordination;
using Rouser.Snn;

namespace Rouser.Web.Model;

/// <summary>An attempt at a trial, as its events tell of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Outcome">A word: <c>running</c>, <c>completed</c>, <c>failed</c>, <c>lost</c>, <c>returned</c>,
/// <c>pruned</c>, <c>cancelled</c> or <c>reused</c>.</param>
/// <param name="Reason">Why it ended without a result; null where it did not.</param>
internal sealed record AttemptView(
    int Number,
    string Worker,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string Outcome,
    string? Reason
);

/// <summary>
/// What of a trial its status does not keep: its epochs, layers and attempts, as numbers side by side. An epoch of
/// three layers is 180 bytes, a small part of its event.
/// </summary>
internal sealed class TrialView(int epochs)
{
    private const int MostLogLines = 40;

    /// <summary>The recorded epochs, from 1, without gaps.</summary>
    public List<EpochPoint> Epochs { get; } = new(Math.Min(epochs, 8));

    /// <summary>The layers of the recorded epochs, one epoch after the other.</summary>
    public List<LayerNumbers> Layers { get; } = [];

    /// <summary>How many layers it has; 0 before the first epoch.</summary>
    public int LayerCount { get; private set; }

    /// <summary>In the order of their numbers.</summary>
    public List<AttemptView> Attempts { get; } = [];

    /// <summary>The last events about it but its epochs, the newest last.</summary>
    public Queue<EventRow> Log { get; } = new();

    /// <summary>How many there were.</summary>
    public int LogLines { get; private set; }

    /// <summary>Adds a line to its log.</summary>
    public void Note(EventRow row)
    {
        if (Log.Count == MostLogLines)
            Log.Dequeue();
        Log.Enqueue(row);
        LogLines++;
    }

    /// <summary>A layer of an epoch.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="layer">From 0.</param>
    public LayerNumbers Layer(int epoch, int layer) => Layers[((epoch - 1) * LayerCount) + layer];

    /// <summary>Takes a recorded epoch in.</summary>
    public void Record(EpochMetrics metrics)
    {
        Epochs.Add(EpochPoint.Of(metrics));
        // A journal of before reports were checked may hold an epoch of another network; it is drawn as far as it goes.
        if (Epochs.Count == 1)
            LayerCount = metrics.Layers.Count;
        for (int l = 0; l < LayerCount; l++)
            Layers.Add(l < metrics.Layers.Count ? LayerNumbers.Of(metrics.Layers[l]) : default);
    }

    /// <summary>An attempt begins.</summary>
    public void Start(int attempt, WorkerId worker, DateTimeOffset at) =>
        Attempts.Add(new AttemptView(attempt, worker.Value, at, null, "running", null));

    /// <summary>The latest attempt ends, if there is one that runs.</summary>
    public void End(DateTimeOffset at, string outcome, string? reason)
    {
        if (Attempts is [.., { EndedAt: null } last])
            Attempts[^1] = last with
            {
                EndedAt = at,
                Outcome = outcome,
                Reason = reason is null ? null : ReportCheck.Reason(reason),
            };
    }
}
