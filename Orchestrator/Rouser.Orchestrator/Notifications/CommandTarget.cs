using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Rouser.Core;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// A command of the user's, which gets the JSON on its standard input. What it is told never becomes a part of its
/// command line: a worker's words are nobody's command.
/// </summary>
/// <param name="line">A line for the shell.</param>
internal sealed class CommandTarget(string line) : INotificationTarget
{
    /// <inheritdoc/>
    public string Name => "the command of --notify-command";

    /// <inheritdoc/>
    public async Task<Undelivered?> SendAsync(Notification notification, CancellationToken stop)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe") { ArgumentList = { "/c", line } }
            : new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", line } };
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["ROUSER_NOTIFICATION"] = notification.Kind;
        start.Environment["ROUSER_NOTIFICATION_TEXT"] = notification.Text;
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                // What it says is nobody's: it must not stand in the middle of the progress. But it must be read.
                Task silence = Task.WhenAll(
                    process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, stop),
                    process.StandardError.BaseStream.CopyToAsync(Stream.Null, stop)
                );
                await TellAsync(process, notification, stop).ConfigureAwait(false);
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
                await silence.ConfigureAwait(false);
                return process.ExitCode == 0
                    ? null
                    : new Undelivered(
                        $"it ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}",
                        // The shell's own: cannot be run, and not found.
                        IsFinal: process.ExitCode is 126 or 127
                    );
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            return new Undelivered(OneLine.Of(e.Message, 200), IsFinal: true);
        }
    }

    private static async Task TellAsync(Process process, Notification notification, CancellationToken stop)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(notification.ToJson(), stop).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read, which is its right.
        }
    }
}
