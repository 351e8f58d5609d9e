namespace Rouser.Coordination;

/// <summary>The states' words in journals, tables and answers: <c>queued</c>, <c>running</c>, …</summary>
public static class TrialStateNames
{
    // In the order of TrialState.
    private static readonly string[] Names =
    [
        "queued",
        "running",
        "completed",
        "failed",
        "lost",
        "cancelled",
        "pruned",
        "deferred",
    ];

    /// <summary>The state's word.</summary>
    public static string ToName(this TrialState state) => Names[(int)state];

    /// <summary>The state of that word.</summary>
    public static bool TryParse(string word, out TrialState state)
    {
        int place = Array.IndexOf(Names, word);
        state = place < 0 ? default : (TrialState)place;
        return place >= 0;
    }
}
