using System.CommandLine;
using System.Globalization;
using Rouser.Cluster.Http;
using Rouser.Cluster.Wire;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser worker --join ADDRESS</c>: trains what an orchestrator hands out, until its sweep has ended.</summary>
internal static class WorkerCommand
{
    public static Command Build()
    {
        var join = new Option<string>("--join") { Description = "The orchestrator: http://HOST:PORT or https://HOST:PORT.", HelpName = "ADDRESS", Required = true };
        Option<int?> slots = Options.Slots();
        slots.Description = "Trials trained at a time (default: one per core).";
        Option<int?> threads = Options.Threads();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.PemFile("--certificate", "The certificate that vouches for the orchestrator's, in PEM, if the system does not.");
        Option<string?> data = Options.Data();
        var name = new Option<string?>("--name") { Description = "The worker's name, one of its own (default: the machine's and the process's number).", HelpName = "NAME" };
        Option<bool> quiet = Options.Quiet();
        quiet.Description = "Tells of errors only.";
        var command = new Command("worker", "Trains what an orchestrator (rouser serve) hands out, until its sweep has ended. Waits for an orchestrator that is not there.")
        {
            join, slots, threads, tokenFile, certificate, data, name, quiet,
        };
        command.SetAction((parsed, _) => ExecuteAsync(
            parsed.GetRequiredValue(join),
            SlotsAndThreads.Choose(parsed.GetValue(slots), parsed.GetValue(threads), int.MaxValue),
            parsed.GetValue(tokenFile),
            parsed.GetValue(certificate),
            parsed.GetValue(data),
            parsed.GetValue(name) ?? DefaultName(),
            parsed.GetValue(quiet)));
        return command;
    }

    private static async Task<int> ExecuteAsync(string join, SlotsAndThreads shape, string? tokenFile, string? certificate, string? data, string name, bool quiet)
    {
        if (!WireJson.IsName(name)) return Terminal.Complain([new Mistake("--name", $"'{name}' is no name; use letters, digits, '-', '_' and '.'")]);
        Result<OrchestratorClient> client = AddressOf(join).Then(address => TokenSource.Read(tokenFile).Then(token =>
            CertificateFile.Authority(certificate).Then<OrchestratorClient>(authority => new OrchestratorClient(address, token, authority))));
        if (!client.IsOk) return Terminal.Complain(client.Mistakes);
        using (client.Value)
            return await new WorkerSession(client.Value, new WorkerId(name), shape, data is null ? null : Path.GetFullPath(data), quiet).RunAsync().ConfigureAwait(false);
    }

    private static Result<Uri> AddressOf(string join) =>
        Uri.TryCreate(join, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.PathAndQuery == "/" && address.UserInfo.Length == 0
            ? address
            : new Mistake("--join", $"'{join}' is no address of an orchestrator, such as http://{ListenAddress.Default}");

    private static string DefaultName()
    {
        string machine = new([.. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(60)]);
        return string.Create(CultureInfo.InvariantCulture, $"{machine}-{Environment.ProcessId}");
    }
}
