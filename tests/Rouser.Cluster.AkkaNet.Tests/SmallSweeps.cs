using System.Globalization;
using Rouser.Orchestrator.Tests;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>Sweeps that train little.</summary>
internal static class SmallSweeps
{
    /// <summary>Writes the file of one.</summary>
    /// <returns>The file.</returns>
    public static string Write(TemporaryFolder folder, int trials, int epochs, string more = "") =>
        folder.Write(
            "sweep.yaml",
            $$"""
            schema: rouser/sweep/v1
            name: sweep
            base:
              dataset: {name: saccade-digits, steps: 30, train_samples: 40, test_samples: 10}
              network: {hidden: [16]}
              threshold: {init: 0.5}
              epochs: {{epochs.ToString(CultureInfo.InvariantCulture)}}
              batch_size: 8
            seeds: [{{string.Join(", ", Enumerable.Range(0, trials))}}]
            {{more}}
            """
        );
}
