using Rouser.Core.Coordination;

namespace Rouser.Core.Tests.Coordination.Simulation;

public class SimulationTests
{
    /// <summary>The range can be set from outside, to search further or to look at one seed: ROUSER_SEEDS=17 or ROUSER_SEEDS=1-10000.</summary>
    private static readonly string Seeds = Environment.GetEnvironmentVariable("ROUSER_SEEDS") ?? "1-300";

    [Fact]
    public void No_seed_breaks_an_invariant_and_every_trial_completes_once_whatever_is_lost_repeated_or_killed()
    {
        foreach (long seed in SeedRange())
        {
            Simulation simulation = new(seed);
            try
            {
                simulation.Run(inputs: 1500);
                foreach (TrialCompleted[] results in simulation.Plan.Trials.Select(t => simulation.Journal.OfType<TrialCompleted>().Where(e => e.Trial == t.Id).ToArray()))
                    Assert.Single(results);
            }
            catch (Exception broken)
            {
                Assert.Fail($"ROUSER_SEEDS={seed}, input {simulation.Inputs}: {broken.Message}\n\n{simulation.Trace}\n\n{broken.StackTrace}");
            }
        }
    }

    [Fact]
    public void A_seed_reproduces_its_run()
    {
        Simulation first = new(5), second = new(5);
        first.Run(inputs: 500);
        second.Run(inputs: 500);
        Assert.Equal(first.Journal.Select(e => e.ToString()), second.Journal.Select(e => e.ToString()));
    }

    private static IEnumerable<long> SeedRange()
    {
        long[] ends = [.. Seeds.Split('-').Select(long.Parse)];
        for (long seed = ends[0]; seed <= ends[^1]; seed++) yield return seed;
    }
}
