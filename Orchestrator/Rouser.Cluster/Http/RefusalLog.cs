using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>
/// Tells of what was refused, one line each; but of the same kind only so many a minute, and then how many more there
/// were, so that whoever knocks cannot fill the disk.
/// </summary>
internal sealed class RefusalLog(ILogger log, TimeProvider time)
{
    private const int LinesAMinute = 10;

    private readonly ConcurrentDictionary<string, Window> _windows = new();

    /// <summary>How many were refused so far, by kind.</summary>
    public IReadOnlyList<(string Kind, long Count)> Counts =>
        [.. _windows.Select(pair => (pair.Key, pair.Value.Total)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Counts a refusal, and tells of it unless there were many.</summary>
    /// <param name="kind">One of a few words.</param>
    /// <param name="line">What to tell.</param>
    /// <param name="lines">How many lines of the kind a minute may have.</param>
    public void Add(string kind, string line, int lines = LinesAMinute)
    {
        Window window = _windows.GetOrAdd(kind, _ => new Window());
        lock (window)
        {
            window.Total++;
            DateTimeOffset now = time.GetUtcNow();
            if (now - window.Since >= TimeSpan.FromMinutes(1))
            {
                if (window.Count > lines)
                    log.LogWarning(
                        "{Line}",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"refused: {window.Count - lines:N0} more like the last ({kind})"
                        )
                    );
                (window.Since, window.Count) = (now, 0);
            }
            if (++window.Count <= lines)
                log.LogWarning("refused: {Line}", OneLine.Of(line));
        }
    }

    private sealed class Window
    {
        public DateTimeOffset Since { get; set; }

        public int Count { get; set; }

        public long Total { get; set; }
    }
}
