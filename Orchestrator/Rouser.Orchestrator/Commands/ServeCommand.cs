using System.CommandLine;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Orchestrator.Notifications;
using Rouser.Orchestrator.Sessions;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser serve SPEC --out DIR</c>: has a sweep trained by workers on any number of machines, from the sweep file
/// to the report.
/// </summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var spec = new Argument<string>("SPEC") { Description = "Sweep file, or the folder of a run to continue." };
        Option<string?> output = Options.Output("Run folder (default: runs/NAME).");
        var http = new Option<string?>("--http")
        {
            Description =
                $"Address for workers, commands and the page over HTTP (default: {ListenAddress.Default}). 0.0.0.0:7171 accepts "
                + "other machines; off disables HTTP.",
            HelpName = "ADDRESS:PORT|off",
        };
        Option<string?> tokenFile = Options.TokenFile();
        Option<string[]> publicUrl = Options.PublicUrl();
        Option<bool> publicPage = Options.PublicPage();
        Option<string?> certificate = Options.PemFile(
            "--certificate",
            "PEM file with the certificate, for HTTPS on addresses other than loopback and for mutual TLS "
                + "between cluster nodes."
        );
        Option<string?> key = Options.PemFile(
            "--certificate-key",
            "PEM file with the private key of --certificate, if that file does not hold it."
        );
        var node = new NodeOptions(
            "Join an Akka.NET cluster under this address, by which the other nodes reach this one. Needed for "
                + "Akka.NET workers and standby orchestrators.",
            certificate,
            key
        );
        var seeds = new Option<string[]>("--seed")
        {
            Description =
                "Orchestrators of the cluster, including this one; the same list in the same order on each. Not "
                + "needed for a single orchestrator.",
            HelpName = "HOST:PORT",
        };
        Option<string?> data = Options.Data();
        Option<string?> journal = Options.Journal();
        Option<string?> store = Options.Store();
        Option<string[]> set = Options.Set();
        Option<bool> yes = Options.Yes();
        Option<bool> quiet = Options.Quiet();
        NotifyOptions notify = new();
        var command = new Command(
            "serve",
            "Run the orchestrator of a sweep: hand its trials to workers (rouser worker) and write the report. "
                + "Repeat the command to continue."
        )
        {
            spec,
            output,
            http,
            tokenFile,
            publicUrl,
            publicPage,
            seeds,
            certificate,
            key,
            data,
            journal,
            store,
            set,
            yes,
            quiet,
        };
        node.AddTo(command);
        notify.AddTo(command);
        command.SetAction(
            (parsed, _) =>
                StopSignals.WatchAsync(async signals =>
                {
                    string path = parsed.GetRequiredValue(spec);
                    bool isNode = node.Listens(parsed);
                    string[] orchestrators = parsed.GetValue(seeds) ?? [];
                    if (!isNode && orchestrators.Length > 0)
                        return Terminal.WriteError([
                            new UserError("--seed", "is for a node of a cluster; name this one's address with --listen"),
                        ]);
                    Result<NodeSettings?> cluster = isNode
                        ? node.Read(parsed, NodeSettings.OrchestratorRole, orchestrators).Then<NodeSettings?>(read => read)
                        : (NodeSettings?)null;
                    var options = new HttpOptions(
                        parsed.GetValue(http),
                        parsed.GetValue(tokenFile),
                        parsed.GetValue(certificate),
                        parsed.GetValue(key),
                        parsed.GetValue(publicUrl) ?? []
                    );
                    Result<HttpSettings?> door = cluster.Then(_ => options.Settings(mayMove: isNode));
                    if (!door.IsOk)
                        return Terminal.WriteError(door.Errors);
                    if (door.Value is null && !isNode)
                        return Terminal.WriteError([
                            new UserError("--http", "off leaves workers no way in; name an address with --listen"),
                        ]);
                    Result<NotificationSettings> notifications = notify.Read(parsed);
                    if (!notifications.IsOk)
                        return Terminal.WriteError(notifications.Errors);
                    Result<RunSession> session = Directory.Exists(path)
                        ? RunSession.Open(path, parsed.GetValue(journal))
                        : Create(
                            path,
                            parsed.GetValue(output),
                            parsed.GetValue(data),
                            parsed.GetValue(journal),
                            parsed.GetValue(store),
                            parsed.GetValue(set) ?? [],
                            parsed.GetValue(yes),
                            signals.Stop
                        );
                    if (!session.IsOk)
                        return Terminal.WriteError(session.Errors);
                    return await new ServeSession(
                        session.Value,
                        door.Value,
                        cluster.Value,
                        Resume(session.Value, parsed),
                        new JoinCommands(parsed.GetValue(tokenFile), node.OfWorkers(parsed)),
                        parsed.GetValue(store),
                        parsed.GetValue(quiet),
                        parsed.GetValue(tokenFile),
                        parsed.GetValue(publicPage),
                        notifications.Value
                    )
                        .RunAsync(signals)
                        .ConfigureAwait(false);
                })
        );
        return command;

        // What was typed, with the run's folder in the sweep file's place: --set and --data stand in the folder.
        string Resume(RunSession session, ParseResult parsed)
        {
            Option[] kept = [http, tokenFile, publicUrl, publicPage, seeds, certificate, key, journal, store];
            IEnumerable<string> given = parsed
                .CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>()
                .Where(o => !o.Implicit && (kept.Contains(o.Option) || node.Has(o.Option)))
                .SelectMany(o =>
                    o.Tokens.Count == 0
                        ? [o.Option.Name]
                        : o.Tokens.SelectMany(t => new[] { o.Option.Name, RouserCommand.Path(t.Value) })
                );
            return RouserCommand.Line(["serve", RouserCommand.Path(session.Folder.Paths.Folder), .. given]);
        }
    }

    private static Result<RunSession> Create(
        string path,
        string? output,
        string? dataFolder,
        string? journal,
        string? store,
        string[] overrides,
        bool yes,
        CancellationToken stop
    )
    {
        Result<SweepFile> file = SyntheticData.Choose(path, SweepFile.Read(path, overrides), ref dataFolder);
        var origin = new RunOrigin(
            EnvironmentProbe.Gather(),
            Environment.CurrentDirectory,
            dataFolder is null ? null : Path.GetFullPath(dataFolder)
        );
        var data = new DataSource(origin.WorkingFolder, origin.DataFolder) { Stop = stop };
        // The data is opened once here, so that it lies ready for the workers that lack it.
        Result<Plan> plan = file.Then(f => f.Plan(data)).Then(data.Check);
        return plan.Then(p =>
            RunSession.Create(
                output ?? Path.Combine("runs", file.Value.Spec.Name),
                file.Value,
                p,
                origin with
                {
                    Data = data.Described,
                    Classes = data.Classes,
                },
                journal,
                new GrowthConsent(data, store, SlotsAndThreads.OfAllCores, yes).Ask
            )
        );
    }
}
