using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// A word to whoever is not looking: what has happened to a sweep. docs/reference/notifications.md describes its JSON.
/// </summary>
/// <param name="Kind">One of <see cref="NotificationKinds"/>.</param>
/// <param name="Text">All of it in a line, for people; chats show a field of this name.</param>
/// <param name="Sweep">The sweep's name.</param>
/// <param name="Folder">The name of the run folder, without the path to it.</param>
/// <param name="Machine">The orchestrator's.</param>
/// <param name="At">When, in UTC.</param>
internal sealed record Notification(string Kind, string Text, string Sweep, string Folder, string Machine, DateTimeOffset At)
{
    /// <summary>The version of the form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Trials by state; null where the sums are not at hand.</summary>
    public IReadOnlyDictionary<string, int>? Trials { get; init; }

    /// <summary>The trial that failed or was lost for good.</summary>
    public NotifiedTrial? Trial { get; init; }

    /// <summary>How many trials it is about, where there are others like <see cref="Trial"/>.</summary>
    public int? Count { get; init; }

    /// <summary>The worker that was lost.</summary>
    public string? Worker { get; init; }

    /// <summary>For how long nothing has come.</summary>
    public double? SilentSeconds { get; init; }

    /// <summary>As it is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, NotificationJson.Default.Notification);
}

/// <summary>The trial that a notification is about.</summary>
internal sealed record NotifiedTrial(
    string Id,
    string Study,
    string Arm,
    string Setting,
    long Seed,
    int Attempt,
    string State,
    string Reason
);

/// <summary>The words for what is told.</summary>
internal static class NotificationKinds
{
    /// <summary>Every trial has ended.</summary>
    public const string Finished = "finished";

    /// <summary>A disk or a defect has ended the sweep; it can be resumed.</summary>
    public const string Stopped = "stopped";

    /// <summary>A trial has failed, or was lost, for good.</summary>
    public const string TrialFailed = "trial_failed";

    /// <summary>Nothing has come for long.</summary>
    public const string Stalled = "stalled";

    /// <summary>A worker that held trials fell silent.</summary>
    public const string WorkerLost = "worker_lost";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Finished, Stopped, TrialFailed, Stalled, WorkerLost];
}

/// <summary>The JSON form of <see cref="Notification"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Notification))]
internal sealed partial class NotificationJson : JsonSerializerContext;
