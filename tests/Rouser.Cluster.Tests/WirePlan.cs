using Rouser.Core;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.Tests;

/// <summary>
/// A plan as a sweep file makes it, so that it survives the wire; its trials train on <see cref="TinyTrials.Data"/>.
/// </summary>
internal static class WirePlan
{
    public const int Epochs = 3;

    /// <summary>So many trials, which differ in their seed.</summary>
    public static Plan Of(int trials, int epochs = Epochs) =>
        SpecOf(trials, epochs).Then(spec => Planner.Create(spec, _ => TinyTrials.Data.Digest, _ => FusedEngine.Version)).Value;

    /// <summary>The sweep that it is the plan of.</summary>
    public static Result<SweepSpec> SpecOf(int trials, int epochs = Epochs)
    {
        string yaml = $$"""
            schema: rouser/sweep/v1
            name: wire
            base:
              dataset: {name: saccade-digits, steps: 20}
              network: {hidden: [8]}
              epochs: {{epochs}}
              batch_size: 3
            seeds: [{{string.Join(", ", Enumerable.Range(0, trials))}}]
            """;
        return SpecReader.Read("wire.yaml", yaml, []);
    }
}
