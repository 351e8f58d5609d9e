using System.Collections.Concurrent;
using Rouser.Core;
using Rouser.Data;

namespace Rouser.Storage.Datasets;

/// <summary>
/// Loaded data sets, shared by the trials of a process. Trials that ask for the same settings get the same object,
/// and while one of them loads it the others wait. Safe for use by several threads.
/// </summary>
/// <remarks>
/// The set asked for last is kept; others live as long as some trial holds them, so that a sweep over many sets does
/// not fill the memory. A mistake or a cancelled load is not kept: the next trial tries again.
/// </remarks>
/// <param name="load">Loads a set; <see cref="DatasetLoader"/> but for tests.</param>
public sealed class DatasetCache(Func<DatasetSettings, CancellationToken, Result<Dataset>> load)
{
    private readonly ConcurrentDictionary<DatasetSettings, Entry> _entries = new();
    private volatile Dataset? _last;

    /// <summary>A cache of what <see cref="DatasetLoader"/> loads, packed in a folder that processes share.</summary>
    public DatasetCache(PackedDatasets packed)
        : this((settings, cancellation) => DatasetLoader.Load(settings, packed, cancellation)) { }

    /// <summary>The set of these settings, loaded if it is not there.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled while this call
    /// loaded it.</exception>
    public Result<Dataset> Get(DatasetSettings settings, CancellationToken cancellation)
    {
        Entry entry = _entries.GetOrAdd(settings, _ => new());
        lock (entry.Sync)
        {
            if (!entry.Loaded.TryGetTarget(out Dataset? dataset))
            {
                Result<Dataset> result = load(settings, cancellation);
                if (!result.IsOk)
                    return result;
                dataset = result.Value;
                entry.Loaded.SetTarget(dataset);
            }
            _last = dataset;
            return dataset;
        }
    }

    private sealed class Entry
    {
        public Lock Sync { get; } = new();

        public WeakReference<Dataset> Loaded { get; } = new(null!);
    }
}
