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
                // What it says is nobody's: it must not stand in the middle of the progress. But it must be read, as long as
                // it lives; what it leaves running in the background may say what it likes.
                _ = Silence(process.StandardOutput.BaseStream, stop);
                _ = Silence(process.StandardError.BaseStream, stop);
                await TellAsync(process, notification, stop).ConfigureAwait(false);
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
                // Not again: it has run, and half of what it does may be done.
                return process.ExitCode == 0
                    ? null
                    : new Undelivered($"it ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}", IsFinal: true);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return new Undelivered("it did not end in time, and was ended", IsFinal: true);
            }
        }
        catch (Win32Exception e)
        {
            return new Undelivered(OneLine.Of(e.Message, 200), IsFinal: true);
        }
    }

    private static async Task Silence(Stream output, CancellationToken stop)
    {
        try
        {
            await output.CopyToAsync(Stream.Null, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody reads it any more.
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
