using System.Globalization;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Core.Coordination;
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
        var datasets = new WorkerDatasets(PackedDatasets.OfUser(), local.Load, client: null, Tell);
        using var signals = new StopSignals();
        try
        {
            using var worker = new AkkaWorker(
                id,
                shape.Slots,
                settings,
                new FolderCheckpointStore(checkpoints ?? scratch, Tell),
                training => TrainingEngines.Create(training, shape.Threads),
                datasets.Get,
                WorkerSession.IsFor,
                TimeProvider.System,
                Tell,
                akkaLog: (_, _, _) => { }, // A worker has no log, and what Akka.NET says of each channel that closes would only alarm.
                error => Terminal.Complain(new Mistake("", error.Message)));
            Tell($"{id} joins with {shape}");
            bool ended = await worker.RunAsync(signals.Stop).ConfigureAwait(false);
            Tell(ended ? "the sweep has ended" : "left; what was in work is handed back");
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

    private void Tell(string line)
    {
        if (!quiet) Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss}Z {line}"));
    }
}
