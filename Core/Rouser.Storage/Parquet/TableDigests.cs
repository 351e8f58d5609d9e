using System.Buffers;
using System.Security.Cryptography;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Parquet;

/// <summary>
/// The SHA-256 of each table in a folder, in a file beside them as <c>sha256sum</c> writes it, so that <c>sha256sum
/// -c SHA256SUMS</c> checks it too. Against damage, not against malice.
/// </summary>
/// <param name="ByFile">Digests in lower-case hex, by the file's name.</param>
public sealed record TableDigests(IReadOnlyDictionary<string, string> ByFile)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "SHA256SUMS";

    /// <summary>What to do about digests that do not fit.</summary>
    internal const string Remedy = $"write the tables again (rouser report), or remove {FileName} to have them read without it";

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Whether the folder has that file.</summary>
    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>The digest of all that a stream holds from where it is, in constant memory.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <summary>Reads the file; what is no line of it is a mistake with its place.</summary>
    public static Result<TableDigests> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        Dictionary<string, string> digests = new(StringComparer.Ordinal);
        try
        {
            int line = 0;
            foreach (string text in File.ReadLines(path))
            {
                line++;
                // The digest, a space, another or an asterisk, the name.
                if (text.Length < 67 || text[64] != ' ' || text.AsSpan(0, 64).ContainsAnyExcept(Hexadecimal))
                    return new UserError($"{path}:{line}", $"this is no line of sha256sum's; {Remedy}");
                digests[text[66..]] = text[..64].ToLowerInvariant();
            }
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
        return new TableDigests(digests);
    }

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Write(string folder)
    {
        IEnumerable<string> lines = ByFile.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value}  {d.Key}\n");
        DurableFile.WriteText(Path.Combine(folder, FileName), string.Concat(lines));
    }
}
