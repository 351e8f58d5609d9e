using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Simulation.Defects;
using Rouser.Simulation.Scenarios;

namespace Rouser.Simulation;

/// <summary>What a seed came to.</summary>
/// <param name="Inputs">Inputs that machines took.</param>
/// <param name="Messages">Those of them that were not the clock's.</param>
/// <param name="Sweeps">Sweeps that it took to get there.</param>
/// <param name="Broken">What did not hold; null if all did.</param>
internal sealed record SeedResult(long Seed, int Inputs, int Messages, int Sweeps, Exception? Broken);

/// <summary>
/// A seed: sweeps, one after the other, until their coordinators have taken <see cref="LeastMessages"/> messages. The
/// same seed is the same run on every machine.
/// </summary>
internal static class SeedRun
{
    /// <summary>A seed's coordinators take so many messages at least; ticks of the clock are not counted.</summary>
    public const int LeastMessages = 1000;

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">Everything random comes from it.</param>
    /// <param name="build">How the orchestrator is put together.</param>
    /// <param name="trace">Takes a line for everything that happens; null for no trace.</param>
    /// <param name="ended">Takes the journal of each sweep that ended well.</param>
    public static SeedResult Run(long seed, Build build, Action<string>? trace = null, Action<IReadOnlyList<Event>>? ended = null)
    {
        int inputs = 0,
            messages = 0,
            sweeps = 0;
        Exception? broken = null;
        while (messages < LeastMessages && broken is null)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"sweep {++sweeps}");
            Scenario scenario = Scenario.Draw(new RandomStream(seed, $"{name}/scenario"));
            SweepSimulation sweep = new(scenario, seed, name, build, trace);
            trace?.Invoke($"seed {seed}, {name}: {scenario.Plan.Trials.Count} trials, {scenario.Run}, {scenario.Faults}");
            try
            {
                sweep.Run(LeastMessages - messages);
                ended?.Invoke(sweep.Truth.Events);
            }
#pragma warning disable CA1031 // Whatever the product throws is a finding.
            catch (Exception e)
            {
                broken = e;
            }
#pragma warning restore CA1031
            inputs += sweep.Inputs;
            messages += sweep.Messages;
        }
        return new(seed, inputs, messages, sweeps, broken);
    }
}
