using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rouser.Cluster.Serving;
using Rouser.Core.Coordination;
using Rouser.Core.Sweeps;
using Rouser.Storage.Checkpoints;

namespace Rouser.Cluster.Http;

/// <summary>Checkpoints and data sets on their way between the orchestrator's disk and its workers.</summary>
/// <param name="service">The sweep, which says who holds a trial.</param>
/// <param name="checkpoints">Where checkpoints lie.</param>
/// <param name="dataset">The file of a data set of the plan, by its digest; null if there is none.</param>
public sealed class FileExchange(SweepService service, CheckpointFiles checkpoints, Func<string, string?> dataset)
{
    /// <summary>Bytes of a checkpoint's file at most: a network of a hundred million weights, with its optimiser's moments.</summary>
    private const long MostCheckpointBytes = 2L << 30;

    /// <summary>A longer digest is none.</summary>
    private const int LongestDigest = 128;

    internal async Task<Refusal?> GiveCheckpointAsync(HttpContext context, string trial, string file) => IsFile(trial, file)
        ? await SendAsync(context, checkpoints.PathOf(new TrialId(trial), file)).ConfigureAwait(false)
        : NoFile;

    internal async Task<Refusal?> TakeCheckpointAsync(HttpContext context, string trial, string file)
    {
        if (!IsFile(trial, file)) return NoFile;
        var worker = new WorkerId(context.Request.Query["worker"].ToString());
        var id = new TrialId(trial);
        PlannedTrial? held = await service.Query(state => state.Find(id) is { State: TrialState.Running } found && found.Worker == worker ? found.Planned : null)
            .ConfigureAwait(false);
        if (held is not null && CheckpointFiles.EpochOf(file) is { } epoch && (epoch < 1 || epoch > held.Settings.Epochs)) return NoFile;
        if (held is null) return new Refusal(StatusCodes.Status409Conflict, "old attempt", "whoever sends this does not hold the trial");

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostCheckpointBytes;
        await checkpoints.ReplaceAsync(id, file, stream => context.Request.Body.CopyToAsync(stream, context.RequestAborted)).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    internal async Task<Refusal?> GiveDatasetAsync(HttpContext context, string digest) =>
        digest.Length <= LongestDigest && digest.All(char.IsAsciiLetterOrDigit) && dataset(digest) is { } path
            ? await SendAsync(context, path).ConfigureAwait(false)
            : new Refusal(StatusCodes.Status404NotFound, "no such data set", "the orchestrator has no data set of that digest to give");

    private static Refusal NoFile => new(StatusCodes.Status404NotFound, "no such checkpoint", "that names no file of a trial's checkpoint");

    private static bool IsFile(string trial, string file) => trial.Length == 32 && trial.All(char.IsAsciiHexDigitLower) && CheckpointFiles.IsName(file);

    /// <summary>Sends a file. That there is none is an answer, not a refusal: most trials have no checkpoint yet.</summary>
    private static async Task<Refusal?> SendAsync(HttpContext context, string path)
    {
        if (!File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return null;
        }
        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
        return null;
    }
}
