namespace Rouser.Coordination;

/// <summary>The states' words in journals, tables and answers: <c>queued</c>, <c>running</c>, …</summary>
public static class TrialStateWords
{
    // In the order of TrialState.
    private static readonly string[] Words = ["queued", "running", "completed", "failed", "lost", "cancelled", "pruned"];

    /// <summary>The state's word.</summary>
    public static string Word(this TrialState state) => Words[(int)state];

    /// <summary>The state of that word.</summary>
    public static bool TryParse(string word, out TrialState state)
    {
        int place = Array.IndexOf(Words, word);
        state = place < 0 ? default : (TrialState)place;
        return place >= 0;
    }
}
