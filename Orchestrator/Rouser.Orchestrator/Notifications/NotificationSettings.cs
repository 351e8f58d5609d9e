using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Orchestrator.Notifications;

/// <summary>
/// To whom what is told. It comes from the command line and from a file of this user's, and from nowhere else: a sweep
/// file, which somebody else may have written, can name neither an address nor a command.
/// </summary>
/// <param name="Targets">Where to.</param>
/// <param name="Kinds">What is told (<see cref="NotificationKinds"/>).</param>
/// <param name="StalledAfter">How long nothing may come before the sweep has stalled.</param>
internal sealed record NotificationSettings(
    IReadOnlyList<INotificationTarget> Targets,
    IReadOnlyCollection<string> Kinds,
    TimeSpan StalledAfter
)
{
    /// <summary>The word for no notifications.</summary>
    public const string None = "none";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan DefaultStalledAfter = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The user's own file: <c>rouser/notify.json</c> in <c>$XDG_CONFIG_HOME</c> (<c>~/.config</c>).
    /// </summary>
    public static string FileOfUser =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "rouser",
            "notify.json"
        );

    /// <summary>Whether anybody is told anything.</summary>
    public bool AreAny => Targets.Count > 0 && Kinds.Count > 0;

    /// <summary>What the command line asks for, and the user's file.</summary>
    /// <param name="urls">Of the command line.</param>
    /// <param name="commands">Of the command line.</param>
    /// <param name="stalledAfter">Of the command line; null if it is silent.</param>
    public static Result<NotificationSettings> Read(
        IReadOnlyList<string> urls,
        IReadOnlyList<string> commands,
        TimeSpan? stalledAfter
    )
    {
        if (urls.Contains(None))
            return new NotificationSettings([], [], DefaultStalledAfter);
        return ReadFile(FileOfUser)
            .Then(file =>
            {
                List<INotificationTarget> targets = [];
                IEnumerable<(string Place, string Url)> all = urls.Select(url => ("--notify", url))
                    .Concat((file.Urls ?? []).Select(url => (FileOfUser, url)));
                foreach ((string place, string url) in all)
                {
                    Result<INotificationTarget> target = UrlTarget.Parse(place, url);
                    if (!target.IsOk)
                        return Result<NotificationSettings>.Failed(target.Errors);
                    targets.Add(target.Value);
                }
                targets.AddRange(commands.Concat(file.Commands ?? []).Select(line => new CommandTarget(line)));
                return new NotificationSettings(
                    targets,
                    file.On ?? NotificationKinds.All,
                    stalledAfter
                        ?? (file.StalledAfterMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : DefaultStalledAfter)
                );
            });
    }

    private static Result<NotificationFile> ReadFile(string path)
    {
        if (!File.Exists(path))
            return new NotificationFile(null, null, null, null);
        try
        {
            // Whoever could write it could have this user run commands.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                return new UserError(path, "others can read or change this file; run: chmod 600 FILE");
            NotificationFile? file = JsonSerializer.Deserialize(
                File.ReadAllBytes(path),
                NotificationFileJson.Default.NotificationFile
            );
            if (file is null || (file.Urls ?? []).Contains(null!) || (file.Commands ?? []).Contains(null!))
                return new UserError(path, "is not such a file as docs/reference/notifications.md describes");
            if (file.On?.FirstOrDefault(kind => !NotificationKinds.All.Contains(kind)) is { } unknown)
                return new UserError(
                    path,
                    $"on: '{OneLine.Of(unknown, 40)}' is none of {string.Join(", ", NotificationKinds.All)}"
                );
            return file.StalledAfterMinutes is null or (> 0 and <= 100_000)
                ? file
                : new UserError(path, "stalled_after_minutes must be above 0 and at most 100,000");
        }
        catch (JsonException e)
        {
            // Not its message, which may repeat an address.
            return new UserError($"{path}:{e.LineNumber + 1}", "is not such JSON as docs/reference/notifications.md describes");
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }
}

/// <summary>The user's own file.</summary>
internal sealed record NotificationFile(
    IReadOnlyList<string>? Urls,
    IReadOnlyList<string>? Commands,
    IReadOnlyList<string>? On,
    double? StalledAfterMinutes
);

/// <summary>The JSON form of <see cref="NotificationFile"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true
)]
[JsonSerializable(typeof(NotificationFile))]
internal sealed partial class NotificationFileJson : JsonSerializerContext;
