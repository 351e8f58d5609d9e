using System.Globalization;
using System.Security.Cryptography;
using Rouser.Cluster.Http;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// The tokens of orchestrators that this user has started, kept where only he can read them: an orchestrator makes
/// one when it first listens on an address, and takes the same when it is started again; commands and workers of the
/// same user find it by that address. A home folder that several machines share serves them all.
/// </summary>
/// <param name="folder">Where the tokens lie.</param>
internal sealed class TokenStore(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>That of the user: <c>rouser/tokens</c> in <c>$XDG_DATA_HOME</c> (<c>~/.local/share</c>).</summary>
    public static TokenStore OfUser() =>
        new(
            Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "rouser",
                "tokens"
            )
        );

    /// <summary>The file of the token for a port of this machine.</summary>
    public string FileOf(int port) => FileOf(Environment.MachineName, port);

    /// <summary>The token for a port of this machine, made if there is none yet.</summary>
    public Result<AccessToken> Make(int port)
    {
        string file = FileOf(port);
        try
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
            if (!File.Exists(file))
                Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
            return Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UserError(
                file,
                $"the orchestrator's token cannot be kept there ({e.Message.TrimEnd('.')}); give one with --token-file"
            );
        }
    }

    /// <summary>The token for an orchestrator's address; null if this user has none.</summary>
    public Result<AccessToken?> Find(Uri orchestrator)
    {
        string machine = orchestrator.IsLoopback ? Environment.MachineName : orchestrator.IdnHost;
        string file = FileOf(machine, orchestrator.Port);
        return File.Exists(file) ? Read(file).Then<AccessToken?>(token => token) : (AccessToken?)null;
    }

    private string FileOf(string machine, int port) =>
        Path.Combine(
            folder,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Concat(machine.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))}-{port}"
            )
        );

    /// <summary>Puts a whole token in its place; one that another process has put there meanwhile stays.</summary>
    private static void Write(string file, string token)
    {
        string own = $"{file}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var writer = new StreamWriter(own, options))
            writer.WriteLine(token);
        try
        {
            File.Move(own, file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(own);
        }
    }

    private static Result<AccessToken> Read(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
                return new UserError(file, "others can read this token; delete the file, and a new one is made (or: chmod 600)");
            return AccessToken.From(file, File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new UserError(file, $"the orchestrator's token cannot be read ({e.Message.TrimEnd('.')})");
        }
    }
}
