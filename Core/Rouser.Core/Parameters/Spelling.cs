namespace Rouser.Core.Parameters;

/// <summary>"Did you mean …": what a mistyped word most likely was.</summary>
public static class Spelling
{
    /// <summary><c>; did you mean 'threshold'?</c>, or nothing where no candidate is near.</summary>
    public static string Suggestion(string word, IEnumerable<string> candidates)
    {
        if (word.Length > 64)
            return "";
        List<string> all = [.. candidates];
        // "tau" for "surrogate.tau": the name without its group.
        List<string> near = [.. all.Where(c => c.EndsWith("." + word, StringComparison.OrdinalIgnoreCase))];
        if (near.Count == 0 && word.Length >= 3)
            near = [.. all.Where(c => c.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        if (near.Count is 0 or > 3)
        {
            int allowed = word.Length < 3 ? 0 : Math.Max(1, word.Length / 3);
            List<(string Word, int Distance)> close =
            [
                .. all.Select(c => (c, Distance(word.ToLowerInvariant(), c.ToLowerInvariant()))).Where(c => c.Item2 <= allowed),
            ];
            near = [.. close.Where(c => c.Distance == close.Min(d => d.Distance)).Select(c => c.Word)];
        }
        return near.Count is 0 or > 3 ? "" : $"; did you mean {Either([.. near.Select(n => $"'{n}'")])}?";
    }

    /// <summary><c>a, b or c</c>.</summary>
    public static string Either(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    /// <summary>
    /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) that lead from one
    /// word to the other.
    /// </summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substituted, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
