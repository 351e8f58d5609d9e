using Rouser.Coordination;
using Rouser.Core;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Web.Tests;

/// <summary>A sweep of two arms, two settings and three seeds, and events of it; nobody has trained it.</summary>
internal static class Runs
{
    public const int Epochs = 4;

    /// <summary>Where a test's clock begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static readonly RunEnvironment Environment = new("test", "fused/2", "", "", "", 1, "");

    public static readonly SweepSpec Spec = SpecOf("two-arms").Value;

    public static readonly Plan Plan = PlanOf(Spec);

    public static Result<SweepSpec> SpecOf(string name, int seeds = 3) =>
        SpecReader.Read(
            "web.yaml",
            $$"""
            schema: rouser/sweep/v1
            name: {{name}}
            base:
              dataset: {name: saccade-digits, steps: 20}
              network: {hidden: [8]}
              epochs: {{Epochs}}
              batch_size: 3
            arms:
              fixed: {threshold.rule: fixed}
              learned: {threshold.rule: learned, threshold.learning_rate: 0.01}
            seeds: [{{string.Join(", ", Enumerable.Range(0, seeds))}}]
            studies:
              thresholds:
                over: {threshold.init: [0.5, 1]}
            report: {compare_to: fixed}
            """,
            []
        );

    public static Plan PlanOf(SweepSpec spec) =>
        Planner.Create(spec, _ => TinyTrials.Data.Digest, _ => FusedEngine.Version).Value;

    /// <summary>An epoch as a worker might report it.</summary>
    public static EpochMetrics Epoch(int epoch, double test, int hidden = 8, int classes = 10)
    {
        return new(epoch, 2.0 / epoch, test / 2, test, Seconds: 1, SamplesPerSecond: 7, [Layer(hidden), Layer(classes)]);

        LayerMetrics Layer(int neurons) =>
            new(neurons, 0.25, 0.5, 0.1, 0.1, new(0.5, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, [neurons]), epoch, 0.1, 0.1);
    }

    /// <summary>A trial from its assignment to its result; the accuracy grows to <paramref name="test"/>.</summary>
    public static IEnumerable<Event> Completed(PlannedTrial trial, double test, DateTimeOffset at, string worker = "w1")
    {
        yield return new TrialAssigned(at, trial.Id, 1, new WorkerId(worker));
        for (int epoch = 1; epoch <= Epochs; epoch++)
            yield return new EpochRecorded(at.AddSeconds(epoch), trial.Id, 1, Epoch(epoch, test * epoch / Epochs));
        yield return new TrialCompleted(at.AddSeconds(Epochs), trial.Id, 1, TinyTrials.Distances(Epochs));
    }

    /// <summary>Every trial completed: the second arm gains ten points, a little more with each seed.</summary>
    public static IEnumerable<Event> AllCompleted(Plan? plan = null)
    {
        plan ??= Plan;
        return plan.Trials.SelectMany(
            (trial, i) =>
            {
                Cell cell = plan.Cells.First(c => c.Trial == trial.Id);
                double test =
                    0.5 + (cell.Arm == "learned" ? 0.1 : 0) + (0.01 * cell.Seed) + (cell.Setting.EndsWith('1') ? 0.2 : 0);
                return Completed(trial, test, Start.AddSeconds(10 * i));
            }
        );
    }
}
