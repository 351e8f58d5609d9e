using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Where a token comes from: the file that the user names, the environment, or what this user's orchestrators have
/// kept (<see cref="TokenStore"/>).
/// </summary>
internal static class TokenSource
{
    /// <summary>The variable of the environment that may hold it.</summary>
    public const string Variable = "ROUSER_TOKEN";

    private const long MostBytes = 64 << 10;

    /// <summary>The token that the user gives.</summary>
    /// <returns>The token; null if none is given.</returns>
    public static Result<AccessToken?> Given(string? file)
    {
        if (file is null)
        {
            string? shown = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrEmpty(shown)
                ? (AccessToken?)null
                : AccessToken.From(Variable, shown).Then<AccessToken?>(token => token);
        }
        if (!File.Exists(file))
            return new UserError(file, "there is no such file; make one with: openssl rand -hex 32 > FILE");
        if (new FileInfo(file).Length > MostBytes)
            return new UserError(file, "is too large for a token");
        return AccessToken.From(file, File.ReadAllText(file)).Then<AccessToken?>(token => token);
    }

    /// <summary>Whether the environment holds a token.</summary>
    public static bool IsInEnvironment => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The token for an orchestrator.</summary>
    /// <param name="file">The file that the user names, if he does.</param>
    /// <param name="orchestrator">Its address.</param>
    public static Result<AccessToken> For(string? file, Uri orchestrator) =>
        Given(file)
            .Then(given =>
                given is null
                    ? TokenStore.OfUser().Find(orchestrator).Then(kept => kept is not null ? kept : Missing(orchestrator))
                    : (Result<AccessToken>)given
            );

    /// <summary>
    /// On this machine a worker may come before its orchestrator, which then takes the token that is there. That of
    /// another machine must be brought.
    /// </summary>
    private static Result<AccessToken> Missing(Uri orchestrator) =>
        orchestrator.IsLoopback
            ? TokenStore.OfUser().Make(orchestrator.Port)
            : new UserError(
                "--token-file",
                $"no token for {orchestrator.GetLeftPart(UriPartial.Authority)} is known here; rouser serve says when "
                    + "it starts in which file it is: copy that, and name it"
            );
}
