using System.CommandLine;
using System.Globalization;
using Rouser.Orchestrator.Sessions;
using Rouser.Storage.Datasets;
using Rouser.Storage.Journals;

namespace Rouser.Orchestrator.Commands;

/// <summary>The arguments and options that several commands share, each made anew for its command.</summary>
internal static class Options
{
    public static Argument<string> Spec() => new("SPEC") { Description = "Sweep file, such as sweeps/quickstart.yaml." };

    public static Argument<string> RunFolder() => new("DIR") { Description = "Run folder, such as runs/quickstart." };

    public static Argument<string> Model() =>
        new("MODEL")
        {
            Description =
                "File of a model, as `rouser models` lists them, or DIR/TRIAL or DIR/TRIAL@EPOCH, where DIR is the folder of the run "
                + "and TRIAL the beginning of the trial's identity.",
        };

    /// <summary>What <see cref="Sessions.RunResults"/> reads.</summary>
    public static Argument<string[]> ResultFolders() =>
        new("DIR")
        {
            Description = "One or more run folders, or folders that hold only the three tables of a run.",
            Arity = ArgumentArity.OneOrMore,
        };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Override a key of the sweep file, for example base.epochs=3. Can be repeated.",
            HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = false,
        };

    public static Option<string?> Data()
    {
        Option<string?> option = Folder(
            "--data",
            "Folder of the recorded data set, in place of dataset.root; or the word synthetic, for the generated "
                + "set of the same shape."
        );
        // --data=~/sets reaches the program as it stands.
        option.CustomParser = result => UserPath.Expand(result.Tokens[0].Value);
        return option;
    }

    public static Option<string?> Output(string description) => Folder("--out", description);

    public static Option<int?> Slots() =>
        Positive("--slots", "Trials to train at the same time (default: one per core, at most the number of trials).");

    public static Option<int?> Threads() =>
        Positive("--threads", "Threads per trial (default: cores divided by slots). Does not affect results.");

    public static Option<string?> Journal()
    {
        var option = new Option<string?>("--journal")
        {
            Description =
                "PostgreSQL database that holds the journal, postgres://USER@HOST/DATABASE, for orchestrators on "
                + "several machines (default: a file in the run folder).",
            HelpName = "URL",
        };
        option.Validators.Add(result =>
        {
            // Before anything is made. The mistake does not repeat the address, which may hold a password.
            if (result.Tokens is [{ Value: var address }] && JournalAddress.OfDatabase(address) is { IsOk: false } wrong)
                result.AddError($"--journal {wrong.Errors[0].Message}");
        });
        return option;
    }

    public static Option<string?> Store() =>
        Path(
            "--store",
            "Folder of the results store, from which trials that any run has completed are taken, or the word none "
                + "(default: the environment variable ROUSER_STORE, or a folder of this user's).",
            "DIR"
        );

    public static Option<bool> Yes() =>
        new("--yes") { Description = "Let the run of the folder go on with a sweep file that has changed, without being asked." };

    public static Option<bool> Quiet() => new("--quiet") { Description = "Show no progress, only the result." };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, for programs." };

    public static Option<string?> TokenFile() =>
        Path(
            "--token-file",
            "File with the HTTP token of the orchestrator (default: the environment variable ROUSER_TOKEN, or "
                + "the token that rouser serve has stored for this user).",
            "FILE"
        );

    public static Option<string[]> PublicUrl() =>
        new("--public-url")
        {
            Description =
                "Another URL by which the orchestrator or the page is reached, such as that of a proxy, with the path "
                + "that the proxy has it under. Can be repeated.",
            HelpName = "URL",
        };

    public static Option<bool> PublicPage() =>
        new("--public-page")
        {
            Description = "Let whoever reaches the page look at it without the token. To change anything takes the token.",
        };

    public static Option<string[]> Join() =>
        new("--join")
        {
            Description =
                "Address of the orchestrator, http://HOST:PORT or https://HOST:PORT. Can be repeated, for standby "
                + "orchestrators.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [OrchestratorAddress.Default],
        };

    public static Option<string?> PemFile(string name, string description) => Path(name, description, "FILE");

    public static Option<string?> OrchestratorCertificate() =>
        PemFile(
            "--certificate",
            "PEM file with the certificate that verifies the orchestrator's, if the system does not trust it."
        );

    public static Option<string?> LogFile() => Path("--log", "Also write the log to this file.", "FILE");

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
