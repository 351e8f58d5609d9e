using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Sweeps;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rouser.Orchestrator.Progress;

/// <summary>How what is watched is shown.</summary>
internal enum WatchForm
{
    /// <summary>A table that redraws itself.</summary>
    Live,

    /// <summary>A plain line every few seconds.</summary>
    Lines,

    /// <summary>The same as lines of JSON.</summary>
    Json,
}

/// <summary>
/// Shows a sweep that is trained elsewhere: the same table and lines as where it is trained, until it has ended. While
/// nothing is heard of it, what was heard last stays, with a line that says so.
/// </summary>
/// <param name="source">Asks how the sweep stands, and waits for the next moment; null if nobody answers.</param>
internal sealed class WatchView(Func<CancellationToken, Task<SweepStatus?>> source, WatchForm form, TimeProvider time)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5),
        AskAgain = TimeSpan.FromSeconds(1);

    private Dictionary<TrialId, Cell> _cells = [];
    private ProgressView? _view;
    private SweepStatus? _last;
    private DateTimeOffset? _silentSince;

    /// <summary>Shows it to its end.</summary>
    /// <returns>How it stood at last.</returns>
    /// <exception cref="OperationCanceledException">The user has seen enough.</exception>
    public async Task<SweepStatus> RunAsync(CancellationToken stop)
    {
        if (form != WatchForm.Live)
            return await PrintAsync(stop).ConfigureAwait(false);
        SweepStatus? end = null;
        await AnsiConsole
            .Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async display =>
            {
                while (end is not { IsLast: true })
                {
                    end = await NextAsync(stop).ConfigureAwait(false);
                    display.UpdateTarget(Draw(AnsiConsole.Profile.Width));
                }
            })
            .ConfigureAwait(false);
        return end!;
    }

    private async Task<SweepStatus> PrintAsync(CancellationToken stop)
    {
        long printed = time.GetTimestamp();
        bool isFirst = true,
            wasSilent = false;
        while (true)
        {
            SweepStatus? now = await NextAsync(stop).ConfigureAwait(false);
            bool isDue =
                isFirst || wasSilent != (now is null) || now is { IsLast: true } || time.GetElapsedTime(printed) >= LineInterval;
            (wasSilent, isFirst) = (now is null, false);
            if (isDue)
            {
                printed = time.GetTimestamp();
                Print(now);
            }
            if (now is { IsLast: true })
                return now;
        }
    }

    private void Print(SweepStatus? now)
    {
        if (form == WatchForm.Json)
            Terminal.Line(
                now is null ? """{"standing":"unreachable"}""" : JsonSerializer.Serialize(now, WatchJson.Default.SweepStatus)
            );
        else
            Terminal.Line(now is null ? Silence() : Line(now));
    }

    private async Task<SweepStatus?> NextAsync(CancellationToken stop)
    {
        long asked = time.GetTimestamp();
        SweepStatus? now = await source(stop).ConfigureAwait(false);
        if (now is null)
        {
            _silentSince ??= time.GetUtcNow();
            // A connection that is refused is refused at once.
            if (time.GetElapsedTime(asked) < AskAgain)
                await Task.Delay(AskAgain - time.GetElapsedTime(asked), time, stop).ConfigureAwait(false);
            return null;
        }
        // Another orchestrator, or the same one anew: its pace is not that of the one before.
        if (_view is null || now.ElapsedSeconds < _last?.ElapsedSeconds)
            _view = new ProgressView(() => throw new NotSupportedException("It is only drawn."), trial => _cells[trial], time);
        (_silentSince, _last) = (null, now);
        _cells = now.Running.ToDictionary(
            t => new TrialId(t.Trial),
            t => new Cell(OneLine.Of(t.Study), OneLine.Of(t.Arm), OneLine.Of(t.Setting), t.Seed, new TrialId(t.Trial))
        );
        return now;
    }

    private Rows Draw(int width)
    {
        if (_last is not { } last || _view is null)
            return new Rows(new Text(Silence()));
        List<IRenderable> parts =
        [
            new Text(Head(last)),
            _view.Draw(ProgressSnapshot.Of(last), TimeSpan.FromSeconds(last.ElapsedSeconds), width),
        ];
        if (_silentSince is not null)
            parts.Add(new Text(Silence()));
        return new Rows(parts);
    }

    private string Line(SweepStatus now) =>
        $"{now.Sweep}: {_view!.Line(ProgressSnapshot.Of(now), TimeSpan.FromSeconds(now.ElapsedSeconds))}";

    private static string Head(SweepStatus now)
    {
        string workers =
            $"{DisplayText.Count(now.Workers.Count, "worker")} with {DisplayText.Count(now.Workers.Sum(w => w.Slots), "slot")}";
        return $"{OneLine.Of(now.Sweep)}: {OneLine.Of(now.Standing)}{(now.Workers.Count == 0 ? "" : ", " + workers)}";
    }

    private string Silence() =>
        _silentSince is { } since
            ? $"no answer since {since.ToLocalTime():HH:mm:ss}; asking again until there is one"
            : "no answer yet";
}

/// <summary>A line of <c>rouser watch --json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SweepStatus))]
internal sealed partial class WatchJson : JsonSerializerContext;
