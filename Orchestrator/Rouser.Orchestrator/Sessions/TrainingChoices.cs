using Rouser.Core;
using Rouser.Orchestrator.Notifications;

namespace Rouser.Orchestrator.Sessions;

/// <summary>How a user wants this machine to train; what is null was left to the program.</summary>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Threads">Threads per trial.</param>
/// <param name="Data">Where recorded data is.</param>
/// <param name="Journal">Where the journal is kept.</param>
/// <param name="Store">The results store.</param>
/// <param name="Quiet">No progress.</param>
/// <param name="Notifications">Who is told of it; a mistake of the user's own file is one.</param>
internal sealed record TrainingChoices(
    int? Slots,
    int? Threads,
    string? Data,
    string? Journal,
    string? Store,
    bool Quiet,
    Result<NotificationSettings> Notifications
)
{
    /// <summary>How the cores are shared out among so many trials.</summary>
    public SlotsAndThreads Share(int trials) => SlotsAndThreads.Choose(Slots, Threads, Math.Max(1, trials));
}
