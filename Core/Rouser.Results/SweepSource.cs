using System.Security.Cryptography;
using System.Text;

namespace Rouser.Results;

/// <summary>The sweep file that a run was asked for with, so that it can be told from another version of it.</summary>
/// <param name="Sha256">SHA-256 of its text, in hex.</param>
/// <param name="Overrides">What <c>--set</c> put over it, as typed.</param>
public sealed record SweepSource(string Sha256, IReadOnlyList<string> Overrides)
{
    /// <summary>Of a text in UTF-8.</summary>
    public static SweepSource Of(string text, IReadOnlyList<string> overrides) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), overrides);
}
