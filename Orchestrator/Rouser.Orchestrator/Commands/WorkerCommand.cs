using System.CommandLine;
using System.Globalization;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser worker</c>: trains what an orchestrator hands out, until its sweep has ended.</summary>
internal static class WorkerCommand
{
    public static Command Build()
    {
        var join = new Option<string[]>("--join")
        {
            Description =
                "Address of the orchestrator: http://HOST:PORT, https://HOST:PORT, or akka://HOST:PORT for an "
                + "Akka.NET cluster. Can be repeated, for standby orchestrators.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [OrchestratorAddress.Default],
        };
        Option<int?> slots = Options.Slots();
        slots.Description = "Trials to train at the same time (default: one per core).";
        Option<int?> threads = Options.Threads();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.PemFile(
            "--certificate",
            "PEM file. https://: the certificate that verifies the orchestrator's, if the system does not trust "
                + "it. akka://: the certificates of this node and of its authority."
        );
        Option<string?> key = Options.PemFile(
            "--certificate-key",
            "akka://: PEM file with the private key of --certificate, if that file does not hold it."
        );
        var node = new NodeOptions(
            "akka://: address by which the other nodes reach this one (default: the name of this machine, or "
                + "loopback if it joins there; any free port).",
            certificate,
            key
        );
        Option<string?> data = Options.Data();
        data.Description = "Folder of the recorded data set on this machine (default: fetched from the orchestrator).";
        var name = new Option<string?>("--name")
        {
            Description = "Unique name of this worker (default: machine name and process ID).",
            HelpName = "NAME",
        };
        Option<string?> log = Options.LogFile();
        Option<bool> quiet = Options.Quiet();
        quiet.Description = "Log warnings and errors only.";
        var command = new Command(
            "worker",
            "Join a sweep and train its trials until it ends. Keeps retrying until the orchestrator (rouser "
                + "serve) can be reached."
        )
        {
            join,
            slots,
            threads,
            tokenFile,
            certificate,
            key,
            data,
            name,
            log,
            quiet,
        };
        node.AddTo(command);
        command.SetAction(
            (parsed, _) =>
            {
                string[] addresses = parsed.GetRequiredValue(join);
                string called = parsed.GetValue(name) ?? DefaultName();
                if (!WireJson.IsName(called))
                    return Task.FromResult(
                        Terminal.WriteError([
                            new UserError("--name", $"'{called}' is no name; use letters, digits, '-', '_' and '.'"),
                        ])
                    );
                var session = new WorkerSession(
                    new WorkerId(called),
                    SlotsAndThreads.Choose(parsed.GetValue(slots), parsed.GetValue(threads), int.MaxValue),
                    parsed.GetValue(data) is { } folder ? Path.GetFullPath(folder) : null,
                    parsed.GetValue(log),
                    parsed.GetValue(quiet)
                );
                return NodeOptions.AreNodes(addresses)
                    ? OnClusterAsync(session, node.Read(parsed, NodeSettings.WorkerRole, addresses), parsed.GetValue(tokenFile))
                    : OverHttpAsync(
                        session,
                        node.Listens(parsed),
                        OrchestratorAddress.Client(addresses, parsed.GetValue(tokenFile), parsed.GetValue(certificate))
                    );
            }
        );
        return command;
    }

    private static async Task<int> OnClusterAsync(WorkerSession session, Result<NodeSettings> node, string? tokenFile)
    {
        if (tokenFile is not null)
            return Terminal.WriteError([
                new UserError("--token-file", "is for http:// addresses; an Akka.NET cluster knows its nodes by --certificate"),
            ]);
        return node.IsOk ? await session.RunAsync(node.Value).ConfigureAwait(false) : Terminal.WriteError(node.Errors);
    }

    private static async Task<int> OverHttpAsync(WorkerSession session, bool listens, Result<OrchestratorClient> client)
    {
        if (listens)
            return Terminal.WriteError([
                new UserError("--listen", "is for akka:// addresses; over HTTP a worker only calls out"),
            ]);
        if (!client.IsOk)
            return Terminal.WriteError(client.Errors);
        using (client.Value)
            return await session.RunAsync(client.Value).ConfigureAwait(false);
    }

    private static string DefaultName()
    {
        string machine = new([
            .. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(60),
        ]);
        return string.Create(CultureInfo.InvariantCulture, $"{machine}-{Environment.ProcessId}");
    }
}
