using System.Text;
using Rouser.Data.Splits;

namespace Rouser.Storage.Datasets.Packed;

/// <summary>
/// Where samples are from, as a packed set keeps it: a line for each, the recording and its group with a tab between
/// them. Nothing where a set knows nothing of it.
/// </summary>
internal static class PackedOrigins
{
    public static byte[] Write(IReadOnlyList<SampleOrigin> origins) =>
        Encoding.UTF8.GetBytes(string.Concat(origins.Select(o => $"{Plain(o.Recording)}\t{Plain(o.Group)}\n")));

    /// <exception cref="ArgumentException">They are not of so many samples.</exception>
    public static IReadOnlyList<SampleOrigin> Read(ReadOnlySpan<byte> bytes, int samples)
    {
        if (bytes.IsEmpty)
            return [];
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        if (lines.Length != samples + 1)
            throw new ArgumentException("The origins are not the samples'.", nameof(bytes));
        // Recordings of several samples, and above all groups, repeat: one text stands for all.
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        SampleOrigin[] origins = new SampleOrigin[samples];
        for (int i = 0; i < samples; i++)
        {
            if (lines[i].Split('\t') is not [string recording, string group])
                throw new ArgumentException("An origin is no recording and group.", nameof(bytes));
            origins[i] = new(Shared(recording), Shared(group));
        }
        return origins;

        string Shared(string text) => seen.TryGetValue(text, out string? first) ? first : seen[text] = text;
    }

    // A file's name may hold what ends a line here.
    private static string Plain(string text) => text.Replace('\t', ' ').Replace('\n', ' ');
}
