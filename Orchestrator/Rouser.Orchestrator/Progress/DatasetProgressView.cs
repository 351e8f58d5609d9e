using System.Globalization;
using Rouser.Storage.Datasets;

namespace Rouser.Orchestrator.Progress;

/// <summary>
/// Shows how far a data set is that takes long to read or make: a bar that redraws itself on a terminal, a plain line
/// every few seconds elsewhere. Small sets show nothing. Disposing takes the bar away.
/// </summary>
/// <param name="to">Where to; standard error, so that results can be piped.</param>
/// <param name="width">The terminal's width in columns; null if it is none.</param>
/// <param name="time">Tells when to draw.</param>
internal sealed class DatasetProgressView(TextWriter to, int? width, TimeProvider time) : IDisposable
{
    private const int BarWidth = 24;

    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100),
        LineInterval = TimeSpan.FromSeconds(5),
        Patience = TimeSpan.FromSeconds(0.5);

    private readonly Lock _sync = new();
    private long _next = time.GetTimestamp() + Ticks(time, width is null ? LineInterval : Patience);
    private bool _drawn;

    /// <summary>A view on standard error.</summary>
    /// <param name="quiet">Shows nothing.</param>
    public static DatasetProgressView OnTerminal(bool quiet = false) =>
        new(quiet ? TextWriter.Null : Console.Error, quiet ? null : Terminal.ErrorWidth, TimeProvider.System);

    /// <summary>
    /// Draws if it is time. Called by all cores after each sample, so mostly it only looks at the clock.
    /// </summary>
    public void Show(DatasetProgress now)
    {
        if (time.GetTimestamp() < Volatile.Read(ref _next))
            return;
        lock (_sync)
        {
            long instant = time.GetTimestamp();
            if (instant < _next)
                return;
            _next = instant + Ticks(time, width is null ? LineInterval : RedrawInterval);
            if (width is null)
                to.WriteLine($"rouser: {Line(now)}");
            else
                Draw($"{now.Work} {Bar(now)} {Count(now)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_drawn)
            to.Write($"\r{new string(' ', width!.Value - 1)}\r");
    }

    /// <summary>
    /// The same line again: as wide as the terminal, so that nothing of the last is left, and no wider, so that it
    /// does not wrap.
    /// </summary>
    private void Draw(string text)
    {
        int columns = Math.Max(1, width!.Value - 1);
        to.Write($"\r{(text.Length > columns ? text[..columns] : text.PadRight(columns))}");
        _drawn = true;
    }

    private static string Line(DatasetProgress now) => $"{now.Work}: {Count(now)}";

    private static string Count(DatasetProgress now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.Done:N0} of {now.Total:N0}");

    private static string Bar(DatasetProgress now)
    {
        int full = now.Total == 0 ? 0 : (int)((long)BarWidth * now.Done / now.Total);
        return new string('━', full) + new string('─', BarWidth - full);
    }

    private static long Ticks(TimeProvider time, TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
