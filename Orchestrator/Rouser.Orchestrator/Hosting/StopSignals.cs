using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Rouser.Orchestrator.Hosting;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP as a request to stop and save, in place of the host's own handling. A second one, a
/// second or more later, ends the process at once; even then nothing that was reported is lost. The command that runs the host watches
/// <see cref="Stop"/>, and stops the host when its work is saved.
/// </summary>
internal sealed class StopSignals : IHostLifetime, IDisposable
{
    /// <summary>
    /// A terminal, a wrapper and a scheduler may each pass the same request on; what comes within this time is not
    /// another one.
    /// </summary>
    private static readonly TimeSpan SameRequest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _time;
    private long _first;

    /// <summary>Takes the signals from now on.</summary>
    /// <param name="time">Tells a second request from the first one heard twice.</param>
    public StopSignals(TimeProvider time)
    {
        _time = time;
        _registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(Take)];

        PosixSignalRegistration Take(PosixSignal signal) => PosixSignalRegistration.Create(signal, OnSignal);
    }

    /// <summary>
    /// Does the work of a command from its first step. A signal that comes before training, while data is prepared,
    /// downloaded or looked at, ends it here.
    /// </summary>
    /// <param name="work">The work, which watches <see cref="Stop"/>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WatchAsync(Func<StopSignals, Task<int>> work)
    {
        using var signals = new StopSignals(TimeProvider.System);
        try
        {
            return await work(signals).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            string again = RouserCommand.Line(RouserCommand.ShownArguments(Environment.GetCommandLineArgs().Skip(1)));
            Terminal.Line($"stopped, and nothing is lost; go on with: {again}");
            return signals.ExitCode;
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether nothing is said at the first signal, because nothing is to be saved.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>The exit code that goes with the signal.</summary>
    public int ExitCode { get; private set; } = Output.ExitCode.Stopped;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        // _stop is not disposed of: a signal that came just before may still be on its way to cancel it.
    }

    /// <summary>Asks to stop, as the first signal does: a user has asked for it on the page.</summary>
    public void Request()
    {
        if (_stop.IsCancellationRequested)
            return;
        _first = _time.GetTimestamp();
        _stop.Cancel();
    }

    /// <summary>Takes one signal; whether the process goes on after it is <c>context.Cancel</c>.</summary>
    internal void OnSignal(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
        {
            context.Cancel = _time.GetElapsedTime(_first) < SameRequest;
            return;
        }
        context.Cancel = true;
        _first = _time.GetTimestamp();
        ExitCode = context.Signal == PosixSignal.SIGINT ? Output.ExitCode.Interrupted : Output.ExitCode.Stopped;
        if (context.Signal == PosixSignal.SIGHUP)
            Terminal.CloseOutput();
        _stop.Cancel();
        if (IsQuiet)
            return;
        try
        {
            Terminal.Notice("stopping after the batch or file in work; once more to stop at once");
        }
        catch (IOException)
        {
            // The terminal is gone, or the disk behind a redirection is full; an exception on this thread would end
            // the process unsaved.
        }
    }
}
