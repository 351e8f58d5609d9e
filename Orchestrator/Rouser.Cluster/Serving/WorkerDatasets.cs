using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;
using Rouser.Sweeps;

namespace Rouser.Cluster.Serving;

/// <summary>
/// A worker's data sets, found by digest: in the cache that the processes of its machine share, in its own folders,
/// or at the orchestrator's. Trials share what is found, and while one of them looks the others wait.
/// </summary>
/// <param name="packed">The cache.</param>
/// <param name="load">Makes a set of the recordings that lie here, or generates it.</param>
/// <param name="orchestrator">The way to the orchestrator's files.</param>
/// <param name="log">Told of what is fetched, and what is not to be had.</param>
public sealed class WorkerDatasets(
    PackedDatasets packed,
    Func<DatasetSettings, CancellationToken, Result<Dataset>> load,
    IOrchestratorFiles orchestrator,
    ILogger log
)
{
    /// <summary>Bytes of a data set that is fetched, at most.</summary>
    private const long MostBytes = 64L << 30;

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>A trial's data set; null if it is not to be had here.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public Result<Dataset?> Get(PlannedTrial trial, CancellationToken stop)
    {
        Entry entry = _entries.GetOrAdd(trial.DataDigest, _ => new Entry());
        lock (entry)
        {
            return entry.Found ??= Find(trial, stop);
        }
    }

    private Dataset? Find(PlannedTrial trial, CancellationToken stop)
    {
        bool isDigest = PackedDatasets.IsDigest(trial.DataDigest);
        if (isDigest && File.Exists(packed.PathOf(trial.DataDigest)) && packed.Open(trial.DataDigest) is { IsOk: true } cached)
            return cached.Value;

        Result<Dataset> own = load(trial.Settings.Dataset, stop);
        if (own.IsOk && own.Value.Digest == trial.DataDigest)
            return own.Value;

        string why = own.IsOk ? "what lies here is another set, or of another binning" : own.Errors[0].ToString();
        string name = $"data set {trial.Settings.Dataset.Name}";
        if (!isDigest || !Fetch(trial.DataDigest, stop, out Result<Dataset>? fetched))
        {
            log.LogWarning("{Name} is not to be had: {Why}; nor has the orchestrator it to give", name, why);
            return null;
        }
        if (fetched.IsOk)
            log.LogInformation("{Name} fetched from the orchestrator", name);
        else
            log.LogWarning("{Name} cannot be used: {Why}", name, fetched.Errors[0]);
        return fetched.IsOk ? fetched.Value : null;
    }

    private bool Fetch(
        string digest,
        CancellationToken stop,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Result<Dataset>? fetched
    )
    {
        Result<Dataset>? taken = null;
        bool came = orchestrator
            .FetchAsync(
                SweepFiles.Dataset(digest),
                content =>
                    Task.Run(
                        () =>
                        {
                            taken = packed.Import(digest, content, MostBytes, stop);
                        },
                        stop
                    ),
                stop
            )
            .GetAwaiter()
            .GetResult();
        fetched = taken;
        return came && taken is not null;
    }

    private sealed class Entry
    {
        public Dataset? Found { get; set; }
    }
}
