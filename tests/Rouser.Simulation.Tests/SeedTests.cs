using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Defects;
using Rouser.Simulation.Scenarios;
using Rouser.Storage.Journals;
using Rouser.Sweeps;

namespace Rouser.Simulation.Tests;

public class SeedTests
{
    /// <summary>
    /// Some of what <c>dotnet run --project tests/Rouser.Simulation -- --seeds 10000</c> does, so that the suite
    /// stays quick.
    /// </summary>
    [Fact]
    public void No_seed_breaks_an_invariant()
    {
        CampaignResult campaign = Campaign.Run(first: 1, seeds: 300, Build.Sound, Environment.ProcessorCount);
        if (campaign.Failing.FirstOrDefault() is { } failing)
            Assert.Fail($"{failing.Broken}\ndotnet run --project tests/Rouser.Simulation -- --seed {failing.Seed} --trace");
        Assert.True(campaign.Results.Min(r => r.Messages) >= SeedRun.LeastMessages);
    }

    public static TheoryData<string> Defects => [.. Build.Defective.Keys];

    [Theory]
    [MemberData(nameof(Defects))]
    public void A_defect_put_in_on_purpose_is_found_within_a_thousand_seeds(string defect) =>
        Assert.NotNull(Campaign.FirstFailing(first: 1, seeds: 1000, Build.Defective[defect]));

    [Fact]
    public void There_are_defects_of_the_coordinator_and_of_the_worker()
    {
        Assert.True(CoordinatorDefects.All.Count >= 20);
        Assert.True(WorkerDefects.All.Count >= 5);
    }

    /// <summary>
    /// Plausible lies and bad memory are found by nothing else: the numbers are finite, of the right shape, and
    /// wrong.
    /// </summary>
    [Fact]
    public void Every_trial_that_a_worker_with_bad_memory_got_wrong_is_found_by_the_cross_check_and_no_other()
    {
        int wrong = 0,
            right = 0;
        for (long seed = 1; seed <= 60; seed++)
        {
            RandomStream random = new(seed, "bad memory");
            Scenario drawn = Scenario.Draw(random);
            Scenario scenario = drawn with
            {
                Spec = drawn.Spec with { Run = drawn.Run with { CrossCheck = 1, Pruner = null } },
                FailsAt = [.. drawn.FailsAt.Select(_ => 0)],
                Workers = 3 + random.NextInt(3),
                Faults = Faults.None with { BadMemory = 0.3, LossShare = 0.05, WorkerCrash = 0.2, DawdleSeconds = 20 },
            };
            SweepSimulation sweep = new(scenario, seed, "bad memory", Build.Sound);
            sweep.Run(messages: 2000);
            HashSet<TrialId> alarms = [.. sweep.Truth.Events.OfType<ResultsDisagreed>().Select(e => e.Trial)];
            HashSet<TrialId> passed = [.. sweep.Truth.Events.OfType<CheckPassed>().Select(e => e.Trial)];
            foreach (IGrouping<TrialId, EpochRecorded> trial in sweep.Truth.Events.OfType<EpochRecorded>().GroupBy(e => e.Trial))
            {
                bool isWrong = trial.Any(e => !Training.IsMeasured(Scenario.PlaceOf(e.Trial), e.Metrics));
                if (isWrong)
                {
                    wrong++;
                    Assert.False(
                        passed.Contains(trial.Key),
                        $"seed {seed}: {trial.Key.Short} was recorded wrong, and its check passed"
                    );
                    // A check may be given up when its workers die; then nothing was said of the trial.
                    bool isChecked = sweep.Truth.Events.OfType<CheckAbandoned>().All(e => e.Trial != trial.Key);
                    Assert.True(
                        alarms.Contains(trial.Key) || !isChecked,
                        $"seed {seed}: {trial.Key.Short} was recorded wrong, and nobody was told"
                    );
                }
                else if (!alarms.Contains(trial.Key))
                {
                    right++;
                }
            }
        }
        Assert.True(wrong > 100, $"only {wrong} trials went wrong");
        Assert.True(right > 100, $"only {right} trials went well");
    }

    [Fact]
    public void A_seed_reproduces_its_run()
    {
        (List<string> trace, List<byte[]> journal) first = Record(5),
            second = Record(5);
        Assert.Equal(first.trace, second.trace);
        Assert.Equal(first.journal, second.journal);

        static (List<string>, List<byte[]>) Record(long seed)
        {
            List<string> trace = [];
            List<byte[]> journal = [];
            SeedRun.Run(seed, Build.Sound, trace.Add, events => journal.AddRange(events.Select(EventJson.Write)));
            return (trace, journal);
        }
    }

    /// <summary>
    /// What the simulator holds a disturbed run's tables against is what an undisturbed one comes to.
    /// </summary>
    [Fact]
    public void A_sweep_that_nothing_happens_to_assigns_every_trial_as_often_as_it_fails_and_once_more()
    {
        Scenario scenario = Scenario.Draw(new RandomStream(3, "undisturbed")) with { Faults = Faults.None };
        SweepSimulation sweep = new(scenario, 3, "undisturbed", Build.Sound);
        sweep.Run(messages: int.MaxValue);
        IEnumerable<TrialAssigned> assigned = sweep.Truth.Events.OfType<TrialAssigned>();
        foreach (IGrouping<int, TrialAssigned> trial in assigned.GroupBy(e => Scenario.PlaceOf(e.Trial)))
            Assert.Equal(scenario.FailsAt[trial.Key] > 0 ? scenario.Run.FailedRetries + 1 : 1, trial.Count());
        Assert.DoesNotContain(sweep.Truth.Events, e => e is AttemptLost);
    }
}
