using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Rouser.Web.Feeds;

namespace Rouser.Web.Door;

/// <summary>
/// The runs that a page shows. An orchestrator that stands by shows none; one that takes over shows its run from then
/// on. Thread-safe.
/// </summary>
public sealed class PageRuns(TimeProvider time, ILogger<PageRuns> log) : IAsyncDisposable
{
    private ImmutableList<RunFeed> _feeds = [];

    /// <summary>The runs in their order.</summary>
    internal IReadOnlyList<RunFeed> Feeds => _feeds;

    /// <summary>Shows a run.</summary>
    /// <returns>Shows it no longer, when disposed of.</returns>
    public IAsyncDisposable Show(RunSource source)
    {
        RunFeed feed = new(source, time, log);
        ImmutableInterlocked.Update(ref _feeds, feeds => feeds.Add(feed));
        return new Shown(this, feed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RunFeed feed in _feeds)
            await feed.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Shown(PageRuns runs, RunFeed feed) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref runs._feeds, feeds => feeds.Remove(feed));
            return feed.DisposeAsync();
        }
    }
}
