using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Rouser.Orchestrator.Hosting;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP as a request to stop and save, in place of the host's own handling. A second one ends
/// the process at once; even then nothing that was reported is lost. The command that runs the host watches
/// <see cref="Stop"/>, and stops the host when its work is saved.
/// </summary>
internal sealed class StopSignals : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes the signals from now on.</summary>
    public StopSignals() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, Orchestrator.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, Orchestrator.ExitCode.Stopped)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => OnSignal(context, Orchestrator.ExitCode.Stopped)),
        ];

    /// <summary>
    /// Does the work of a command from its first step. A signal that comes before training, while data is prepared,
    /// ends it here.
    /// </summary>
    /// <param name="work">The work, which watches <see cref="Stop"/>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WatchAsync(Func<StopSignals, Task<int>> work)
    {
        using var signals = new StopSignals();
        try
        {
            return await work(signals).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            string command = string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Words.Quote).Prepend("rouser"));
            Terminal.Line($"stopped while data was being prepared, and nothing is lost; go on with: {command}");
            return signals.ExitCode;
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The exit code that goes with the signal.</summary>
    public int ExitCode { get; private set; } = Orchestrator.ExitCode.Stopped;

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

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        if (_stop.IsCancellationRequested)
            return;
        context.Cancel = true;
        ExitCode = exitCode;
        if (context.Signal == PosixSignal.SIGHUP)
            Terminal.HangUp();
        _stop.Cancel();
        try
        {
            Terminal.Notice("stopping after the batch in work; once more to stop at once");
        }
        catch (IOException)
        {
            // The terminal is gone, or the disk behind a redirection is full; an exception on this thread would end
            // the process unsaved.
        }
    }
}
