using System.CommandLine;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Core.Sweeps;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary><c>rouser serve SPEC --out DIR</c>: has a sweep trained by workers on any number of machines, from the sweep file to the report.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var spec = new Argument<string>("SPEC") { Description = "The sweep file; or the folder of a run that goes on." };
        Option<string?> output = Options.Output("The run folder (default: runs/NAME).");
        Option<string> transport = Transport();
        var listen = new Option<string>("--listen")
        {
            Description = "Where workers find it; other than on this machine it needs a token.",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = _ => ListenAddress.Default,
        };
        Option<string?> tokenFile = Options.TokenFile();
        Option<string?> certificate = Options.PemFile("--certificate", "The certificate for HTTPS, in PEM.");
        Option<string?> key = Options.PemFile("--certificate-key", "Its private key, in PEM, if it is not in the same file.");
        Option<string?> data = Options.Data();
        Option<string?> journal = Options.Journal();
        Option<string[]> set = Options.Set();
        Option<bool> quiet = Options.Quiet();
        var command = new Command("serve", "Has a sweep trained by workers that join (rouser worker). The same command again goes on where it stopped.")
        {
            spec, output, transport, listen, tokenFile, certificate, key, data, journal, set, quiet,
        };
        var akka = new AkkaNet.AkkaServe();
        akka.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(spec);
            if (parsed.GetRequiredValue(transport) == AkkaNet.AkkaServe.Transport)
            {
                return akka.ExecuteAsync(
                    parsed, parsed.GetRequiredValue(listen), parsed.GetValue(certificate), parsed.GetValue(key), SessionOf, parsed.GetValue(quiet));
            }
            Result<HttpSettings> settings = Settings(
                parsed.GetRequiredValue(listen), parsed.GetValue(tokenFile), parsed.GetValue(certificate), parsed.GetValue(key));
            Result<RunSession> session = settings.Then(_ => SessionOf());
            return session.IsOk
                ? ExecuteAsync(session.Value, settings.Value, parsed.GetValue(quiet))
                : Task.FromResult(Terminal.Complain(session.Mistakes));

            Result<RunSession> SessionOf() => Directory.Exists(path)
                ? RunSession.Open(path, parsed.GetValue(journal))
                : Create(path, parsed.GetValue(output), parsed.GetValue(data), parsed.GetValue(journal), parsed.GetValue(set) ?? []);
        });
        return command;
    }

    private static Option<string> Transport()
    {
        string[] transports = [AkkaNet.AkkaServe.Transport, "http"];
        var transport = new Option<string>("--transport")
        {
            Description = $"How workers are reached: {string.Join(" or ", transports)}.",
            DefaultValueFactory = _ => transports[0],
            HelpName = string.Join('|', transports),
        };
        transport.AcceptOnlyFromAmong(transports);
        return transport;
    }

    private static async Task<int> ExecuteAsync(RunSession session, HttpSettings settings, bool quiet)
    {
        string resume = $"rouser serve {Words.Quote(session.Folder.Paths.Folder)} --transport http --listen {settings.Address}";
        return await new SweepExecution(session, new HttpServing(session, settings, resume, quiet), quiet).RunAsync().ConfigureAwait(false);
    }

    private static Result<HttpSettings> Settings(string listen, string? tokenFile, string? certificate, string? key) =>
        TokenSource.Read(tokenFile).Then(token =>
            ListenAddress.Parse(listen, token is not null).Then(address =>
                CertificateFile.Own(certificate, key).Then<HttpSettings>(own => new HttpSettings(address, token, own))));

    private static Result<RunSession> Create(string path, string? output, string? dataFolder, string? journal, string[] overrides)
    {
        Result<SweepFile> file = SyntheticData.Choose(path, SweepFile.Read(path, overrides), ref dataFolder);
        var origin = new RunOrigin(EnvironmentProbe.Gather(), Environment.CurrentDirectory, dataFolder is null ? null : Path.GetFullPath(dataFolder));
        var data = new DataSource(origin.WorkingFolder, origin.DataFolder);
        // The data is opened once here, so that it lies ready for the workers that lack it.
        Result<Plan> plan = file.Then(f => f.Plan(data)).Then(data.Check);
        return plan.Then(p => RunSession.Create(output ?? Path.Combine("runs", file.Value.Spec.Name), file.Value, p, origin, journal));
    }
}
