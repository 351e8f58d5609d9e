using System.Security.Cryptography;
using System.Text;
using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>
/// The secret that workers show. It is never printed or logged; the object only gives its hash away, to nobody but
/// itself.
/// </summary>
public sealed class AccessToken
{
    private const int Shortest = 16,
        Longest = 1024;

    private readonly byte[] _hash,
        _cookieHash;

    private AccessToken(string text)
    {
        Text = text;
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        // What a browser keeps opens the page alone: the token cannot be had from it, and workers are not let in by it.
        Cookie = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(text), "rouser page"u8));
        _cookieHash = SHA256.HashData(Encoding.UTF8.GetBytes(Cookie));
    }

    /// <summary>What a browser keeps once it has shown the token; the same after a restart.</summary>
    internal string Cookie { get; }

    /// <summary>Whether a browser's cookie is that of this token.</summary>
    internal bool IsShownByCookie(string? cookie) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(cookie ?? "")), _cookieHash);

    /// <summary>Whether a text is this token.</summary>
    internal bool Is(string text) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), _hash);

    /// <summary>The secret itself, for the worker's requests.</summary>
    internal string Text { get; }

    /// <summary>Reads a token from a file's text or from the environment, white space around it aside.</summary>
    /// <param name="place">Where it comes from, for the mistake.</param>
    /// <param name="text">What stands there.</param>
    public static Result<AccessToken> From(string place, string text)
    {
        string token = text.Trim();
        if (token.Length is < Shortest or > Longest || !token.All(c => c is > ' ' and <= '~'))
            return new UserError(
                place,
                $"a token is {Shortest} to {Longest} printable letters without spaces, such as `openssl rand -hex 32` makes"
            );
        return new AccessToken(token);
    }

    /// <summary>
    /// Whether a request's <c>Authorization</c> shows this token; takes the same time whatever is wrong with it.
    /// </summary>
    public bool IsShownBy(string? authorization)
    {
        const string scheme = "Bearer ";
        string shown =
            authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                ? authorization[scheme.Length..]
                : "";
        // Hashes have one length, which the comparison needs to take one time.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), _hash);
    }

    /// <inheritdoc/>
    public override string ToString() => "(a token)";
}
