using System.Runtime.InteropServices;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Ctrl-C and SIGTERM as a request to stop and save. A second Ctrl-C ends the process at once; even then nothing that was reported is lost.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, Orchestrator.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, Orchestrator.ExitCode.Stopped));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>The exit code that goes with the signal.</summary>
    public int ExitCode { get; private set; } = Orchestrator.ExitCode.Stopped;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        // _stop is not disposed of: a signal that came just before may still be on its way to cancel it.
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        if (_stop.IsCancellationRequested) return;
        context.Cancel = true;
        ExitCode = exitCode;
        _stop.Cancel();
        try
        {
            Terminal.Notice("stopping after the batch in work; once more to stop at once");
        }
        catch (IOException)
        {
            // The terminal is gone, or the disk behind a redirection is full; an exception on this thread would end the process unsaved.
        }
    }
}
