using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;

namespace Rouser.Core.Tests.Coordination.Simulation;

/// <summary>
/// A worker as the protocol asks for it: joins, asks, heartbeats, reports epochs in order, re-reports the history that a checkpoint
/// brings, repeats the end of a trial until it is acknowledged, and stops when told to. It dies without a word.
/// </summary>
internal sealed class Worker(WorkerId id, int slots, Plan plan, RandomStream random, Dictionary<TrialId, int> checkpoints, Action<Func<DateTimeOffset, Input>> send)
{
    // Value: epochs trained.
    private readonly SortedDictionary<LeaseKey, int> _held = new(Comparer<LeaseKey>.Create((a, b) => (a.Trial, a.Attempt).CompareTo((b.Trial, b.Attempt))));
    private readonly HashSet<LeaseKey> _ended = [];

    public WorkerId Id => id;

    public void Join() => send(now => new WorkerJoined(now, id, slots));

    /// <summary>Does one thing of those that a worker does.</summary>
    public void Act(Faults faults)
    {
        switch (random.NextInt(6))
        {
            case 0: Join(); break;
            case 1: Ask(); break;
            case 2: Heartbeat(); break;
            default: Train(faults); break;
        }
    }

    public void Receive(Effect effect, Faults faults)
    {
        switch (effect)
        {
            case AssignTrial e: Start(e, faults); break;
            case RevokeLease e: End(e.Lease); break;
            case ResendEpochs e when _held.TryGetValue(e.Lease, out int trained): Report(e.Lease, e.FromEpoch, trained); break;
            case AcknowledgeEnding e: End(e.Lease); break;
            case RequestJoin: Join(); break;
            case DrainWorker: foreach (LeaseKey lease in _held.Keys.ToArray()) HandBack(lease, "drains"); break;
        }
    }

    private void Ask()
    {
        int free = slots - _held.Count;
        if (free > 0) send(now => new WorkRequested(now, id, free));
    }

    private void Heartbeat()
    {
        LeaseKey[] leases = [.. _held.Keys];
        send(now => new HeartbeatReceived(now, id, leases));
    }

    private void Start(AssignTrial assigned, Faults faults)
    {
        if (_held.ContainsKey(assigned.Lease) || _ended.Contains(assigned.Lease)) return;
        if (_held.Count >= slots)
        {
            HandBack(assigned.Lease, "no free slot");
            return;
        }
        TrialId trial = assigned.Lease.Trial;
        int trained = random.NextDouble() < faults.LoseCheckpoint ? 0 : checkpoints.GetValueOrDefault(trial);
        _held.Add(assigned.Lease, trained);
        Report(assigned.Lease, 1, trained);
    }

    private void Train(Faults faults)
    {
        if (_held.Count == 0) return;
        (LeaseKey lease, int trained) = _held.ElementAt(random.NextInt(_held.Count));
        if (random.NextDouble() < faults.Error)
        {
            End(lease);
            send(now => new TrialErrored(now, lease, "the loss is not finite"));
        }
        else if (random.NextDouble() < faults.HandBack) HandBack(lease, "asked to stop");
        else if (trained < Epochs(lease))
        {
            checkpoints[lease.Trial] = _held[lease] = ++trained;
            Report(lease, trained, trained);
        }
        else Report(lease, trained + 1, trained);
    }

    private void Report(LeaseKey lease, int from, int to)
    {
        int place = Place(lease);
        // Wall times differ from attempt to attempt; nothing else does.
        double seconds = 1 + random.NextDouble();
        for (int epoch = from; epoch <= to; epoch++)
        {
            int reported = epoch;
            send(now => new EpochReported(now, lease, Samples.Epoch(place, reported, seconds)));
        }
        if (to == Epochs(lease)) send(now => new TrialFinished(now, lease, Samples.Distances(place, Epochs(lease))));
    }

    private void HandBack(LeaseKey lease, string reason)
    {
        End(lease);
        send(now => new TrialHandedBack(now, lease, reason));
    }

    private void End(LeaseKey lease)
    {
        _held.Remove(lease);
        _ended.Add(lease);
    }

    private int Place(LeaseKey lease) => plan.Trials.Index().First(t => t.Item.Id == lease.Trial).Index;

    private int Epochs(LeaseKey lease) => plan.Trials[Place(lease)].Settings.Epochs;
}
