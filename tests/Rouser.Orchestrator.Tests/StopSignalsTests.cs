using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using Rouser.Orchestrator.Hosting;

namespace Rouser.Orchestrator.Tests;

/// <summary>What a signal does before any work is asked.</summary>
public class StopSignalsTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 4)]
    [InlineData(PosixSignal.SIGHUP, 4)]
    public void The_first_signal_asks_and_gives_the_exit_code(PosixSignal signal, int exitCode)
    {
        using var signals = new StopSignals(TimeProvider.System);
        Assert.False(signals.Stop.IsCancellationRequested);
        Assert.True(GoesOn(signals, signal));
        Assert.True(signals.Stop.IsCancellationRequested);
        Assert.Equal(exitCode, signals.ExitCode);
    }

    // Ctrl-C in a shell that passes it on, or a scheduler that signals a job and its wrapper: unsaved, by one wish.
    [Fact]
    public void The_same_request_heard_twice_ends_nothing_and_a_later_one_does()
    {
        FakeTimeProvider clock = new();
        using var signals = new StopSignals(clock);
        Assert.True(GoesOn(signals, PosixSignal.SIGINT));
        clock.Advance(TimeSpan.FromMilliseconds(900));
        Assert.True(GoesOn(signals, PosixSignal.SIGTERM));
        Assert.True(GoesOn(signals, PosixSignal.SIGINT));
        Assert.Equal(130, signals.ExitCode);
        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(GoesOn(signals, PosixSignal.SIGINT));
    }

    private static bool GoesOn(StopSignals signals, PosixSignal signal)
    {
        PosixSignalContext context = new(signal);
        signals.OnSignal(context);
        return context.Cancel;
    }
}
