namespace Rouser.Orchestrator.Tests;

/// <summary>A sweep that trains in a second or two, with two arms, so that two trials can run side by side.</summary>
internal static class SmallSweep
{
    public const string Yaml = """
        schema: rouser/sweep/v1
        name: small
        base:
          dataset: {name: saccade-digits, steps: 60, train_samples: 60, test_samples: 20}
          network: {hidden: [24, 17]}
          loss: {true_period: 2, false_period: 30}
          epochs: 4
          batch_size: 16
        arms:
          slayer: {threshold.rule: fixed, threshold.init: 0.5}
          rouser: {threshold.rule: learned, threshold.init: 0.5, threshold.learning_rate: 0.01}
        seeds: [0, 1]
        studies:
          arms: {arms: [slayer, rouser]}
        report: {compare_to: slayer, reach: [0.2, 0.5]}
        """;
}
