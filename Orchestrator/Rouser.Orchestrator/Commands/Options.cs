using System.CommandLine;
using System.Globalization;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Datasets;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Commands;

/// <summary>The arguments and options that several commands share, each made anew for its command.</summary>
internal static class Options
{
    public static Argument<string> Spec() => new("SPEC") { Description = "The sweep file, such as sweeps/quickstart.yaml." };

    public static Argument<string> RunFolder() => new("DIR") { Description = "The run folder, such as runs/quickstart." };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Overrides a key of the sweep file: --set base.epochs=3. May be repeated.",
            HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = false,
        };

    public static Option<string?> Data()
    {
        Option<string?> option = Folder(
            "--data",
            "The folder of the recorded data set, in place of dataset.root; or synthetic, for the generated set of the same shape."
        );
        // --data=~/sets reaches the program as it stands.
        option.CustomParser = result => UserPath.Expand(result.Tokens[0].Value);
        return option;
    }

    public static Option<string?> Output(string description) => Folder("--out", description);

    public static Option<int?> Slots() =>
        Positive("--slots", "Trials trained at a time (default: one per core, at most one per trial).");

    public static Option<int?> Threads() =>
        Positive("--threads", "Threads per trial (default: the cores divided by the slots). No result depends on it.");

    public static Option<string?> Journal()
    {
        var option = new Option<string?>("--journal")
        {
            Description =
                "Keeps the journal in a PostgreSQL database, for orchestrators on several machines (default: in the run's folder).",
            HelpName = "postgres://USER@HOST/DATABASE",
        };
        option.Validators.Add(result =>
        {
            // Before anything is made. The mistake does not repeat the address, which may hold a password.
            if (result.Tokens is [{ Value: var address }] && JournalAddress.OfDatabase(address) is { IsOk: false } wrong)
                result.AddError($"--journal {wrong.Mistakes[0].Message}");
        });
        return option;
    }

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, only the result." };

    public static Option<bool> Json() => new("--json") { Description = "Prints JSON, for programs." };

    public static Option<string?> TokenFile() =>
        Path(
            "--token-file",
            "The file with the orchestrator's HTTP token (default: the environment's ROUSER_TOKEN, or the one "
                + "that rouser serve has kept for this user).",
            "FILE"
        );

    public static Option<string[]> Join() =>
        new("--join")
        {
            Description =
                $"The orchestrator: http://HOST:PORT or https://HOST:PORT (default: {OrchestratorAddress.Default}). "
                + "May be repeated, for one that stands by.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [OrchestratorAddress.Default],
        };

    public static Option<string?> PemFile(string name, string description) => Path(name, description, "FILE");

    public static Option<string?> LogFile() => Path("--log", "Writes the log to a file as well.", "FILE");

    private static Option<string?> Folder(string name, string description) => Path(name, description, "DIR");

    private static Option<string?> Path(string name, string description, string helpName)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            // What a shell makes of a variable that is not set.
            if (result.Tokens is [{ Value: "" }])
                result.AddError($"{name} takes a {(helpName == "DIR" ? "folder" : "file")}, not an empty name");
        });
        return option;
    }

    private static Option<int?> Positive(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= 4096)
                    return n;
                result.AddError($"{name} takes a whole number from 1 to 4096, not '{text}'");
                return null;
            },
        };
}
