using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.Http;

/// <summary>The sweep's files as requests: a path below <c>/v1/</c> is a file's name.</summary>
internal sealed class FileExchange(SweepFiles files)
{
    /// <summary>
    /// Sends a file. That there is none is an answer, not a refusal: most trials have no checkpoint yet.
    /// </summary>
    public async Task<Refusal?> SendAsync(HttpContext context, string name)
    {
        if (files.PathOf(name) is not { } path)
            return new Refusal(StatusCodes.Status404NotFound, "no such file", $"the orchestrator has no {name} to give");
        if (!File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return null;
        }
        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    public async Task<Refusal?> ReceiveAsync(HttpContext context, SweepService service, string name)
    {
        var worker = new WorkerId(context.Request.Query["worker"].ToString());
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = SweepFiles.MostCheckpointBytes;
        StoreRefusal? refused = await files
            .StoreAsync(service, name, worker, stream => context.Request.Body.CopyToAsync(stream, context.RequestAborted))
            .ConfigureAwait(false);
        if (refused is null)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        return refused switch
        {
            null => null,
            StoreRefusal.NotHeld => new Refusal(
                StatusCodes.Status409Conflict,
                "old attempt",
                "whoever sends this does not hold the trial"
            ),
            _ => new Refusal(StatusCodes.Status404NotFound, "no such file", $"{name} names no file of a trial's checkpoint"),
        };
    }
}
