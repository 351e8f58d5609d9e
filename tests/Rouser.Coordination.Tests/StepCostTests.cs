using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

public class StepCostTests
{
    private static readonly WorkerId Worker = new("w1");

    /// <summary>
    /// Guards against a step that copies, snapshots or enumerates into memory what it should look up: counted in
    /// bytes, which are the same on every machine. Ten thousand trials more may cost a few levels of a tree, nothing
    /// that grows with them.
    /// </summary>
    [Fact]
    public void A_step_allocates_no_more_in_a_plan_of_ten_thousand_trials_than_in_one_of_a_hundred()
    {
        AllocatedPerTrial(100);
        Assert.InRange(AllocatedPerTrial(10_000), 0, 2 * AllocatedPerTrial(100));
    }

    /// <summary>
    /// With a step that scans the plan this would take not a second but many minutes, which is how such a defect
    /// shows.
    /// </summary>
    [Fact]
    public void A_plan_of_a_hundred_thousand_trials_runs_to_its_end_and_is_replayed()
    {
        Plan plan = Samples.Plan(100_000, epochs: 1);
        List<Event> journal = [];
        Coordinator machine = new(plan, Samples.Run, journal);
        RunAll(machine, plan, journal);
        Assert.True(machine.State.IsFinished);
        Assert.Equal(0, machine.State.Summary.WithoutResult);
        Assert.Equal(100_000, new Coordinator(plan, Samples.Run, journal).State.Count(TrialState.Completed));
    }

    [Fact]
    public void Every_trial_of_a_hundred_thousand_can_say_how_many_wait_before_it()
    {
        Plan plan = Samples.Plan(100_000, epochs: 1);
        CoordinatorState state = new Coordinator(plan, Samples.Run, []).State;
        Assert.All(
            state.Trials,
            trial => Assert.Equal($"waits for a free slot; {trial.PlanIndex} before it", state.Why(trial, Samples.Start))
        );
    }

    private static long AllocatedPerTrial(int trials)
    {
        Plan plan = Samples.Plan(trials, epochs: 1);
        Coordinator machine = new(plan, Samples.Run, []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunAll(machine, plan, []);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / trials;
    }

    private static void RunAll(Coordinator machine, Plan plan, List<Event> journal)
    {
        EpochMetrics metrics = Samples.Epoch(0, 1);
        DateTimeOffset now = Samples.Start;
        Take(new MessageReceived(now, Worker, new WorkerJoined(8)));
        for (int place = 0; place < plan.Trials.Count; place++)
        {
            now = now.AddMilliseconds(10);
            LeaseKey lease = new(plan.Trials[place].Id, 1);
            Take(new MessageReceived(now, Worker, new WorkRequested(8)));
            Take(new MessageReceived(now, Worker, new Heartbeat([lease])));
            Take(new MessageReceived(now, Worker, new EpochReported(lease, metrics)));
            Take(new Tick(now));
            Take(new MessageReceived(now, Worker, new TrialFinished(lease, Samples.Distances(0, 1))));
        }

        void Take(Input input) => journal.AddRange(machine.Step(input).Events);
    }
}
