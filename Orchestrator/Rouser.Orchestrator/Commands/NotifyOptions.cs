using System.CommandLine;
using System.Globalization;
using Rouser.Core;
using Rouser.Orchestrator.Notifications;

namespace Rouser.Orchestrator.Commands;

/// <summary>The options by which a command is asked to tell of its sweep.</summary>
internal sealed class NotifyOptions
{
    private readonly Option<string[]> _urls = new("--notify")
    {
        Description =
            "Post a JSON notification to this URL when the sweep is finished, a trial failed, a worker was lost or the "
            + "sweep stalled. Can be repeated; none: not even to those of ~/.config/rouser/notify.json.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _commands = new("--notify-command")
    {
        Description =
            "Run this command of the shell for each notification, which it gets on its standard input. Can be repeated.",
        HelpName = "COMMAND",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<TimeSpan?> _stalled = new("--stalled-after")
    {
        Description = "Notify when no epoch has ended for so long (default: 30 minutes).",
        HelpName = "MINUTES",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes)
                && minutes is > 0 and <= 100_000
            )
                return TimeSpan.FromMinutes(minutes);
            result.AddError($"--stalled-after takes a number of minutes above 0, not '{OneLine.Of(text, 40)}'");
            return null;
        },
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_urls, _commands, _stalled];

    /// <summary>Adds them.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            foreach (string url in (result.GetValue(_urls) ?? []).Where(url => url != NotificationSettings.None))
            {
                if (UrlTarget.Parse("--notify", url) is { IsOk: false } wrong)
                    result.AddError($"--notify {wrong.Errors[0].Message}, or the word {NotificationSettings.None}");
            }
            if ((result.GetValue(_commands) ?? []).Any(string.IsNullOrWhiteSpace))
                result.AddError("--notify-command takes a command, not an empty one");
        });
    }

    /// <summary>What the command line and the user's own file ask for.</summary>
    public Result<NotificationSettings> Read(ParseResult parsed) =>
        NotificationSettings.Read(parsed.GetValue(_urls) ?? [], parsed.GetValue(_commands) ?? [], parsed.GetValue(_stalled));
}
