using Rouser.Coordination;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;
using Rouser.Snn.Losses;
using Rouser.Snn.Optimizers;
using Rouser.Snn.Surrogates;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Testing.Worker;

/// <summary>Trials of a network so small that an epoch takes a millisecond, and the data they train on.</summary>
internal static class TinyTrials
{
    public const int Inputs = 12,
        Hidden = 8,
        Classes = 3,
        Steps = 20;

    public static readonly RunSettings Run = new(
        LostRetries: 2,
        FailedRetries: 1,
        Lease: TimeSpan.FromSeconds(60),
        Timeout: TimeSpan.FromHours(1),
        CheckpointEvery: 1
    );

    /// <summary>Seven training samples, so that batches of three leave a last one of one, and five to test.</summary>
    public static readonly Dataset Data = Samples(train: 7, test: 5);

    /// <summary>
    /// A trial of the network 12-8-3. Learned thresholds and normalised weights between them use every tensor of a
    /// checkpoint.
    /// </summary>
    public static PlannedTrial Trial(long seed = 0, int epochs = 4, bool learned = true) =>
        new(
            new TrialId(seed.ToString("x32")),
            ParameterSet.Empty,
            new TrialSettings(
                new MethodSettings(
                    new NeuronSettings(0.75, 0.97, ResetKind.Soft, CouplingKind.Delayed, ResetGradientKind.Full),
                    new ExponentialSurrogate(1, 1),
                    learned ? new LearnedThreshold(0.5, 0.01) : new FixedThreshold(0.5),
                    new WeightSettings(WeightInitKind.KaimingUniform, Normalize: true),
                    new VanRossumLoss(5, 2, 10),
                    new AdamOptimizer(0.01, 0.9, 0.999, 1e-8),
                    BatchSize: 3
                ),
                new DatasetSettings("tiny", null, Steps, 1, null, null, 0),
                [Hidden],
                epochs
            ),
            seed,
            Data.Digest,
            Synthetic: true,
            FusedEngine.Version
        );

    /// <summary>A plan of trials with the seeds 0, 1, 2, …; a cell each.</summary>
    public static Plan Plan(int trials, int epochs)
    {
        PlannedTrial[] planned = [.. Enumerable.Range(0, trials).Select(seed => Trial(seed, epochs))];
        return new("tiny", "f1a9", planned, [.. planned.Select(t => new Cell("study", "arm", "", t.Seed, t.Id))]);
    }

    /// <summary>An epoch of such a trial as a worker might report it; nobody has trained it.</summary>
    public static EpochMetrics Epoch(int epoch, bool learned = true)
    {
        return new(epoch, 1.0 / epoch, 0.5, 0.5, Seconds: 1, SamplesPerSecond: 7, [Layer(Hidden), Layer(Classes)]);

        LayerMetrics Layer(int neurons) =>
            new(
                neurons,
                0,
                1,
                0.1,
                0.1,
                new(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, [neurons]),
                epoch,
                0.1,
                learned ? 0.1 : null
            );
    }

    /// <summary>What such a trial might report at its end.</summary>
    public static IReadOnlyList<IReadOnlyList<double>> Distances(int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(epoch => new double[] { epochs - epoch, 0 })];

    /// <summary>An order to train it.</summary>
    public static WorkerCommand.Assign Assign(LeaseKey lease, PlannedTrial trial) =>
        new(lease, Run.Lease, Run.CheckpointEvery, trial);

    /// <summary>The data, whatever is asked for.</summary>
    public static Result<Dataset> Load(DatasetSettings settings, CancellationToken stop) => Data;

    private static Dataset Samples(int train, int test)
    {
        var random = new RandomStream(1, "tiny data");
        Sample[] samples =
        [
            .. Enumerable.Range(0, train + test).Select(i => new Sample(Raster(random, i % Classes), i % Classes)),
        ];
        return new("tiny", Synthetic: true, "d1", Inputs, Classes, Steps, samples[..train], samples[train..]);
    }

    /// <summary>Noise, and more spikes in the class's own third of the inputs.</summary>
    private static SpikeRaster Raster(RandomStream random, int label)
    {
        int[] offsets = new int[Steps + 1];
        List<ushort> neurons = [];
        for (int t = 0; t < Steps; t++)
        {
            for (ushort j = 0; j < Inputs; j++)
            {
                if (random.NextDouble() < (j / (Inputs / Classes) == label ? 0.4 : 0.1))
                    neurons.Add(j);
            }
            offsets[t + 1] = neurons.Count;
        }
        return new(Inputs, offsets, [.. neurons]);
    }
}
