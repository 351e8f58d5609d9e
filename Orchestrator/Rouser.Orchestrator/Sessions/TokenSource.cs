using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Where a token comes from: the file that the user names, or the environment.</summary>
internal static class TokenSource
{
    private const string Variable = "ROUSER_TOKEN";

    private const long MostBytes = 64 << 10;

    /// <returns>The token; null if there is none.</returns>
    public static Result<AccessToken?> Read(string? file)
    {
        if (file is null)
        {
            string? shown = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(shown) ? (AccessToken?)null : AccessToken.From(Variable, shown).Then<AccessToken?>(token => token);
        }
        if (!File.Exists(file)) return new Mistake(file, "there is no such file; make one with: openssl rand -hex 32 > FILE");
        if (new FileInfo(file).Length > MostBytes) return new Mistake(file, "is too large for a token");
        return AccessToken.From(file, File.ReadAllText(file)).Then<AccessToken?>(token => token);
    }
}
