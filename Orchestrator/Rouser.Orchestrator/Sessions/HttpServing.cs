using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Datasets;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Training by workers that come over HTTP.</summary>
/// <param name="session">The run.</param>
/// <param name="settings">Where and how to listen.</param>
/// <param name="resume">The command that goes on.</param>
/// <param name="quiet">No progress.</param>
internal sealed class HttpServing(RunSession session, HttpSettings settings, string resume, bool quiet) : ITraining
{
    /// <summary>How long workers have to hear of the sweep's end, and to hand back what they hold when it is stopped.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5), HandBack = TimeSpan.FromSeconds(30);

    public string ResumeCommand => resume;

    public Result<string> Prepare(int trials) => $"by workers that join {(settings.Certificate is null ? "http" : "https")}://{settings.Address}";

    public async Task<SweepEnd> RunAsync(IJournal journal, IServiceProvider services, CancellationToken stop)
    {
        ILogger log = services.GetRequiredService<ILogger<HttpServing>>();
        using var stopping = new CancellationTokenSource();
        var contacts = new WorkerContacts(TimeProvider.System);
        var service = new SweepService(
            session.Plan,
            session.Spec.Run,
            journal,
            new FolderCheckpointStore(session.Folder.Paths.Checkpoints, reason => log.LogWarning("{Reason}", reason)),
            TimeProvider.System,
            contacts,
            ActivatorUtilities.CreateInstance<EventLog>(services).Record,
            services.GetRequiredService<ILogger<SweepService>>());
        var files = new FileExchange(service, new CheckpointFiles(session.Folder.Paths.Checkpoints), DatasetOf(session));
        var api = new WorkerApi(service, contacts, settings.Token, files, TimeProvider.System, services.GetRequiredService<ILogger<WorkerApi>>(), stopping.Token);
        HttpOrchestrator listening;
        try
        {
            listening = await HttpOrchestrator.StartAsync(settings, api).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            return new SweepEnd(false, error);
        }
        await using (listening.ConfigureAwait(false))
        {
            Terminal.Line($"listening; workers join with: rouser worker --join {listening.Address.GetLeftPart(UriPartial.Authority)}{(settings.Token is null ? "" : " --token-file FILE")}");
            log.LogInformation("listening on {Address}", listening.Address);
            SweepEnd end = await ProgressView.ShowWhileAsync(
                quiet ? null : service, session.Plan, () => service.RunAsync(how => SettleAsync(service, how), stop)).ConfigureAwait(false);
            await stopping.CancelAsync().ConfigureAwait(false);
            return end;
        }
    }

    /// <summary>The packed file of a data set that the plan names, if it lies here.</summary>
    private static Func<string, string?> DatasetOf(RunSession session)
    {
        HashSet<string> digests = [.. session.Plan.Trials.Select(t => t.DataDigest).Where(PackedDatasets.IsDigest)];
        PackedDatasets packed = PackedDatasets.OfUser();
        return digest => digests.Contains(digest) ? packed.PathOf(digest) : null;
    }

    /// <summary>Waits until the workers have gone, or have handed back what they held; and not for those who died.</summary>
    private static async Task SettleAsync(SweepService service, SweepEnd end)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < (end.Finished ? Farewell : HandBack) && !await IsSettledAsync().ConfigureAwait(false))
            await Task.Delay(TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);

        Task<bool> IsSettledAsync() => service.Query(state => end.Finished ? state.Workers.Count == 0 : state.Count(TrialState.Running) == 0);
    }
}
