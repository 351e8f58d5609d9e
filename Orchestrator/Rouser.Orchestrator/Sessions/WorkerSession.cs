using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Orchestrator.Hosting;
using Rouser.Snn;
using Rouser.Storage.Datasets;
using Rouser.Sweeps;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A worker of this process, from joining to leaving, whichever way it reaches its orchestrator.</summary>
/// <param name="id">The worker's name.</param>
/// <param name="shape">Its slots and their threads.</param>
/// <param name="dataFolder">Where recorded data sets lie, absolute; null without.</param>
/// <param name="logFile">Where its log goes as well; null for standard output alone.</param>
/// <param name="quiet">Only warnings and errors are told.</param>
internal sealed class WorkerSession(WorkerId id, SlotsAndThreads shape, string? dataFolder, string? logFile, bool quiet)
{
    /// <summary>Works over HTTP until the sweep has ended, or a signal asks to go.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(OrchestratorClient client) =>
        RunAsync(
            client,
            async (parts, leave) =>
            {
                using var worker = new HttpWorker(
                    id,
                    shape.Slots,
                    client,
                    parts.Checkpoints,
                    Engine,
                    parts.Datasets.Get,
                    IsFor,
                    TimeProvider.System,
                    seed: BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
                    parts.Logs.CreateLogger<HttpWorker>()
                );
                return await worker.RunAsync(leave).ConfigureAwait(false);
            }
        );

    /// <summary>Works as a node of a cluster until the sweep has ended, or a signal asks to go.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(NodeSettings node)
    {
        var files = new NodeFiles();
        return RunAsync(
            files,
            async (parts, leave) =>
            {
                using var worker = new AkkaWorker(
                    id,
                    shape.Slots,
                    node,
                    files,
                    parts.Checkpoints,
                    Engine,
                    parts.Datasets.Get,
                    IsFor,
                    TimeProvider.System,
                    parts.Logs
                );
                return await worker.RunAsync(leave).ConfigureAwait(false);
            }
        );
    }

    /// <summary>Whether a trial is trained by this program as it was planned to be.</summary>
    private static Result<string> IsFor(PlannedTrial trial) =>
        TrainingEngines
            .Version(trial.Settings.Engine)
            .Then<string>(here =>
                here == trial.Engine
                    ? here
                    : new UserError(
                        "",
                        $"the sweep was planned for engine {trial.Engine}, this rouser has {here}; run the same rouser on both sides"
                    )
            );

    private ITrainingEngine Engine(TrainingSettings training) => TrainingEngines.Create(training, shape.Threads);

    private async Task<int> RunAsync(IOrchestratorFiles files, Func<Parts, CancellationToken, Task<bool>> work)
    {
        using var signals = new StopSignals(TimeProvider.System);
        ProgramLog.ToConsole(quiet);
        if (logFile is not null)
            ProgramLog.ToFile(logFile);
        using IHost host = RouserHost.CreateBuilder(signals).Build();
        await host.StartAsync().ConfigureAwait(false);
        ILoggerFactory logs = host.Services.GetRequiredService<ILoggerFactory>();
        ILogger log = logs.CreateLogger<WorkerSession>();
        string scratch = Path.Combine(
            Path.GetTempPath(),
            $"rouser-{id}-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}"
        );
        var parts = new Parts(
            new RemoteCheckpoints(id, files, scratch, TimeProvider.System, log),
            new WorkerDatasets(
                PackedDatasets.OfUser(),
                new DataSource(Environment.CurrentDirectory, dataFolder).Load,
                files,
                log
            ),
            logs
        );
        try
        {
            log.LogInformation("{Worker} joins with {Shape}", id, shape);
            bool ended = await work(parts, signals.Stop).ConfigureAwait(false);
            log.LogInformation("{End}", ended ? "the sweep has ended" : "left; what was in work is handed back");
            await host.StopAsync().ConfigureAwait(false);
            return ended ? ExitCode.Ok : signals.ExitCode;
        }
        catch (Exception error) when (error is RefusedException or IOException)
        {
            Terminal.WriteError(new UserError("", error.Message));
            return ExitCode.UserError;
        }
        finally
        {
            if (Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>What a worker is made of, whichever way it goes.</summary>
    private sealed record Parts(RemoteCheckpoints Checkpoints, WorkerDatasets Datasets, ILoggerFactory Logs);
}
