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
        var join = new Option<string[]>("--join") { Description = "The orchestrator: http://HOST:PORT or https://HOST:PORT.", HelpName = "ADDRESS", Required = true };
        join.Description += " Or one or several of an Akka.NET cluster: akka://HOST:PORT.";
        Option<int?> slots = Options.Slots();
        slots.Description = "Trials trained at a time (default: one per core).";
        Option<int?> threads = Options.Threads();
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.TrustedCertificate();
        Option<string?> data = Options.Data();
        var name = new Option<string?>("--name") { Description = "The worker's name, one of its own (default: the machine's and the process's number).", HelpName = "NAME" };
        Option<bool> quiet = Options.Quiet();
        quiet.Description = "Tells of errors only.";
        var command = new Command("worker", "Trains what an orchestrator (rouser serve) hands out, until its sweep has ended. Waits for an orchestrator that is not there.")
        {
            join, slots, threads, tokenFile, certificate, data, name, quiet,
        };
        var akka = new AkkaNet.AkkaWork();
        akka.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            string[] addresses = parsed.GetRequiredValue(join);
            SlotsAndThreads shape = SlotsAndThreads.Choose(parsed.GetValue(slots), parsed.GetValue(threads), int.MaxValue);
            string? folder = parsed.GetValue(data) is { } given ? Path.GetFullPath(given) : null;
            string called = parsed.GetValue(name) ?? DefaultName();
            if (!WireJson.IsName(called))
                return Task.FromResult(Terminal.Complain([new Mistake("--name", $"'{called}' is no name; use letters, digits, '-', '_' and '.'")]));
            if (AkkaNet.AkkaWork.IsFor(addresses)) return akka.ExecuteAsync(parsed, addresses, parsed.GetValue(certificate), called, shape, folder, parsed.GetValue(quiet));
            return ExecuteAsync(addresses, shape, parsed.GetValue(tokenFile), parsed.GetValue(certificate), folder, called, parsed.GetValue(quiet));
        });
        return command;
    }

    private static async Task<int> ExecuteAsync(string[] join, SlotsAndThreads shape, string? tokenFile, string? certificate, string? data, string name, bool quiet)
    {
        Result<OrchestratorClient> client = OrchestratorAddress.Client(string.Join(' ', join), tokenFile, certificate);
        if (!client.IsOk) return Terminal.Complain(client.Mistakes);
        using (client.Value)
            return await new WorkerSession(client.Value, new WorkerId(name), shape, data, quiet).RunAsync().ConfigureAwait(false);
    }

    private static string DefaultName()
    {
        string machine = new([.. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(60)]);
        return string.Create(CultureInfo.InvariantCulture, $"{machine}-{Environment.ProcessId}");
    }
}
