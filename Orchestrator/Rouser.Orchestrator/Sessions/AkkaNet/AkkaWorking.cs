using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Orchestrator.Hosting;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Datasets;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions.AkkaNet;

/// <summary>A worker of this process that is a node of an Akka.NET cluster, from joining to leaving.</summary>
/// <param name="settings">Where to listen, whom to join.</param>
/// <param name="id">The worker's name.</param>
/// <param name="shape">Its slots and their threads.</param>
/// <param name="dataFolder">Where recorded data sets lie, absolute; null without.</param>
/// <param name="checkpoints">A folder for checkpoints that outlives the worker; null for one of its own.</param>
/// <param name="quiet">Only errors are told.</param>
internal sealed class AkkaWorking(NodeSettings settings, WorkerId id, SlotsAndThreads shape, string? dataFolder, string? checkpoints, bool quiet)
{
    /// <summary>Works until the sweep has ended, or until Ctrl-C or SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync()
    {
        string scratch = Path.Combine(Path.GetTempPath(), $"rouser-{id}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        var local = new DataSource(Environment.CurrentDirectory, dataFolder);
        using var signals = new StopSignals();
        ProgramLog.ToConsole(quiet);
        using IHost host = RouserHost.CreateBuilder(signals).Build();
        await host.StartAsync().ConfigureAwait(false);
        ILogger log = host.Services.GetRequiredService<ILogger<AkkaWorking>>();
        var datasets = new WorkerDatasets(PackedDatasets.OfUser(), local.Load, client: null, log);
        try
        {
            using var worker = new AkkaWorker(
                id,
                shape.Slots,
                settings,
                new FolderCheckpointStore(checkpoints ?? scratch, reason => log.LogWarning("{Reason}", reason)),
                training => TrainingEngines.Create(training, shape.Threads),
                datasets.Get,
                WorkerSession.IsFor,
                TimeProvider.System,
                host.Services.GetRequiredService<ILoggerFactory>());
            log.LogInformation("{Worker} joins with {Shape}", id, shape);
            bool ended = await worker.RunAsync(signals.Stop).ConfigureAwait(false);
            log.LogInformation("{End}", ended ? "the sweep has ended" : "left; what was in work is handed back");
            await host.StopAsync().ConfigureAwait(false);
            return ended || signals.ExitCode == ExitCode.Stopped ? ExitCode.Ok : signals.ExitCode;
        }
        catch (Exception error) when (error is RefusedException or IOException)
        {
            Terminal.Complain(new Mistake("", error.Message));
            return ExitCode.UserError;
        }
        finally
        {
            if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
        }
    }
}
