using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster;
using Rouser.Cluster.Http;
using Rouser.Core;
using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;
using Rouser.Orchestrator.Hosting;
using Rouser.Storage.Datasets;
using Rouser.Worker.Engines;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A worker of this process, from joining to leaving.</summary>
/// <param name="client">The way to the orchestrator.</param>
/// <param name="id">The worker's name.</param>
/// <param name="shape">Its slots and their threads.</param>
/// <param name="dataFolder">Where recorded data sets lie, absolute; null without.</param>
/// <param name="quiet">Only errors are told.</param>
internal sealed class WorkerSession(OrchestratorClient client, WorkerId id, SlotsAndThreads shape, string? dataFolder, bool quiet)
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
        ILogger log = host.Services.GetRequiredService<ILogger<WorkerSession>>();
        var datasets = new WorkerDatasets(PackedDatasets.OfUser(), local.Load, client, log);
        try
        {
            using var worker = new HttpWorker(
                id,
                shape.Slots,
                client,
                new RemoteCheckpoints(id, client, scratch, TimeProvider.System, log),
                settings => TrainingEngines.Create(settings, shape.Threads),
                datasets.Get,
                IsFor,
                TimeProvider.System,
                seed: BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
                log);
            log.LogInformation("{Worker} joins with {Shape}", id, shape);
            bool ended = await worker.RunAsync(signals.Stop).ConfigureAwait(false);
            log.LogInformation("{End}", ended ? "the sweep has ended" : "left; what was in work is handed back");
            await host.StopAsync().ConfigureAwait(false);
            return ended || signals.ExitCode == ExitCode.Stopped ? ExitCode.Ok : signals.ExitCode;
        }
        catch (RefusedException refused)
        {
            Terminal.Complain(new Mistake("", refused.Message));
            return ExitCode.UserError;
        }
        finally
        {
            if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Whether a trial is trained by this program as it was planned to be.</summary>
    internal static Result<string> IsFor(PlannedTrial trial) => TrainingEngines.Version(trial.Settings.Engine).Then<string>(here => here == trial.Engine
        ? here
        : new Mistake("", $"the sweep was planned for engine {trial.Engine}, this rouser has {here}; run the same rouser on both sides"));
}
