namespace Rouser.Orchestrator.Notifications;

/// <summary>Where notifications go.</summary>
internal interface INotificationTarget
{
    /// <summary>What it is called in the log and on the terminal. There is no secret in it.</summary>
    string Name { get; }

    /// <summary>Sends one, once.</summary>
    /// <returns>Null when it has arrived; else why it has not, in a few words without a secret.</returns>
    Task<Undelivered?> SendAsync(Notification notification, CancellationToken stop);
}

/// <summary>Why a notification has not arrived.</summary>
/// <param name="Reason">In a few words.</param>
/// <param name="IsFinal">Whether another try would end in the same way.</param>
internal sealed record Undelivered(string Reason, bool IsFinal);
