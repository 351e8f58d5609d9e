using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.AkkaNet;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Cluster.Http;

/// <summary>
/// What can be asked of an orchestrator over HTTP:
/// <code>
/// GET  /healthz                               it runs                                          (open to all)
/// GET  /readyz                                it serves the sweep                              (open to all)
/// GET  /metrics                               Prometheus text
/// POST /v1/messages                           what a worker says (WireJson); 202, its effect comes as orders
/// GET  /v1/orders?worker=NAME                 what it is to do (WireJson); waits for it for 20 s
/// POST /v1/control                            what a user asks for (WireJson): pause, continue, cancel, retry
/// GET  /v1/status?each=1&amp;wait=SECONDS     how the sweep stands (WireJson), at once, or after so long or at its end
/// GET  /v1/checkpoints/TRIAL/FILE             the trial's checkpoint, or the weights after an epoch
/// PUT  /v1/checkpoints/TRIAL/FILE?worker=NAME the same, from whoever holds the trial's lease
/// GET  /v1/datasets/DIGEST                    a data set of the plan, packed
/// GET  /, /page/…                             the page of the run (<see cref="IHttpPage"/>), where there is one
/// </code>
/// Nothing that is sent is run, and no path that is sent is opened. A refusal is a status, a line in the answer and a
/// line in the log. An orchestrator that stands by answers 503, and a worker then asks the next that it knows.
/// </summary>
internal sealed class WorkerApi(
    HttpSettings settings,
    RequestGuard guard,
    CurrentSweep current,
    WorkerContacts contacts,
    FileExchange files,
    RefusalLog refusals,
    ConnectionGate connections,
    HealthCheckService health,
    IHostApplicationLifetime lifetime,
    ILogger<WorkerApi> log,
    IHttpPage? page = null
)
{
    /// <summary>Bytes of a request's messages at most.</summary>
    public const int MostMessageBytes = 4 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const byte MostWait = 20;

    private long _served;

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            Refusal? refusal = await ServeAsync(context).ConfigureAwait(false);
            if (refusal is not null)
                await RefuseAsync(context, refusal).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, new Refusal(e.StatusCode, e.StatusCode == 413 ? "oversized" : "bad request", e.Message))
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The worker has hung up, or the orchestrator ends.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A connection that broke, or a disk that fails: the worker asks again, or does without.
            await RefuseAsync(context, new Refusal(StatusCodes.Status503ServiceUnavailable, "unavailable", e.Message))
                .ConfigureAwait(false);
        }
    }

    private async Task<Refusal?> ServeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string[] path = guard.PathOf(request).Split('/')[1..];
        if (path is ["healthz"])
            return await HealthAsync(context, isServing: true, NodeHealth.Live).ConfigureAwait(false);
        if (path is ["readyz"])
            return await HealthAsync(context, await IsServingAsync().ConfigureAwait(false), NodeHealth.Ready)
                .ConfigureAwait(false);

        // Before anything is said of what there is and what not.
        if (guard.Check(context) is { } foreign)
            return foreign;
        if (page?.Has(path) == true)
            return await page.AnswerAsync(context, path, () => Admit(context)).ConfigureAwait(false);
        if (!settings.Token.IsShownBy(request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return request.Headers.Authorization.Count == 0
                ? new Refusal(StatusCodes.Status401Unauthorized, "no token", "the orchestrator asks for a token")
                : new Refusal(StatusCodes.Status401Unauthorized, "wrong token", "the token is not the orchestrator's");
        }
        Admit(context);
        if (RequestGuard.CheckContent(request) is { } unfit)
            return unfit;
        if (!current.TakesWorkers)
            return new Refusal(
                StatusCodes.Status404NotFound,
                "unknown path",
                "here is the page of a run alone; workers and commands are for rouser serve"
            );
        if (current.Service is not { } service)
            return await StandByAsync(context).ConfigureAwait(false);
        string name = string.Join('/', path.Skip(1));
        return (request.Method, path) switch
        {
            ("GET", ["metrics"]) => await WriteAsync(
                    context,
                    await MetricsText.OfAsync(service, Interlocked.Read(ref _served), refusals).ConfigureAwait(false)
                )
                .ConfigureAwait(false),
            ("POST", ["v1", "messages"]) => await ReceiveMessagesAsync(context, service).ConfigureAwait(false),
            ("POST", ["v1", "control"]) => await ControlAsync(context, service).ConfigureAwait(false),
            ("GET", ["v1", "status"]) => await SendStatusAsync(context, service).ConfigureAwait(false),
            ("GET", ["v1", "orders"]) => await SendCommandsAsync(context, service).ConfigureAwait(false),
            ("GET", ["v1", "checkpoints", _, _] or ["v1", "datasets", _]) => await files
                .SendAsync(context, name)
                .ConfigureAwait(false),
            ("PUT", ["v1", "checkpoints", _, _]) => await files.ReceiveAsync(context, service, name).ConfigureAwait(false),
            (
                _,
                ["metrics"]
                    or ["v1", "messages" or "orders" or "control" or "status"]
                    or ["v1", "checkpoints", _, _]
                    or ["v1", "datasets", _]
            ) => new Refusal(
                StatusCodes.Status405MethodNotAllowed,
                "wrong method",
                $"{request.Method} is not for {request.Path}"
            ),
            _ => new Refusal(StatusCodes.Status404NotFound, "unknown path", $"there is no {request.Path}"),
        };
    }

    private void Admit(HttpContext context)
    {
        connections.Forget(context.Connection.Id);
        Interlocked.Increment(ref _served);
    }

    private async Task<Refusal?> ReceiveMessagesAsync(HttpContext context, SweepService service)
    {
        Result<WorkerMessages> read = await ReadBodyAsync(context, WireJson.ReadMessages).ConfigureAwait(false);
        if (!read.IsOk)
            return new Refusal(StatusCodes.Status400BadRequest, "malformed", read.Errors[0].Message);
        (WorkerId from, IReadOnlyList<WorkerMessage> messages) = read.Value;
        if (!contacts.GetOrAdd(from).Rate.Allows())
            return TooOften(context, from);
        service.Receive(from, contacts, messages);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return null;
    }

    private async Task<Refusal?> ControlAsync(HttpContext context, SweepService service)
    {
        Result<ControlRequest> read = await ReadBodyAsync(context, WireJson.ReadControl).ConfigureAwait(false);
        Result<string> done = read.IsOk
            ? await service.HandleAsync(read.Value).ConfigureAwait(false)
            : Result<string>.Failed(read.Errors);
        if (!done.IsOk)
            return new Refusal(StatusCodes.Status400BadRequest, "malformed", done.Errors[0].Message);
        log.LogInformation("asked by a user: {Request}", read.Value);
        return await WriteAsync(context, done.Value + "\n").ConfigureAwait(false);
    }

    private async Task<Refusal?> SendStatusAsync(HttpContext context, SweepService service)
    {
        string wait = context.Request.Query["wait"].ToString();
        if (!byte.TryParse(wait.Length == 0 ? "0" : wait, CultureInfo.InvariantCulture, out byte seconds) || seconds > MostWait)
            return new Refusal(
                StatusCodes.Status400BadRequest,
                "malformed",
                $"wait takes whole seconds up to {MostWait.ToString(CultureInfo.InvariantCulture)}"
            );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        SweepStatus status = await service
            .StatusAsync(context.Request.Query["each"] == "1", TimeSpan.FromSeconds(seconds), stop.Token)
            .ConfigureAwait(false);
        await WriteJsonAsync(context, WireJson.Write(status)).ConfigureAwait(false);
        return null;
    }

    private static async Task WriteJsonAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<Result<T>> ReadBodyAsync<T>(HttpContext context, BodyReader<T> read)
    {
        // The body is bounded by Kestrel, so all of it may be waited for.
        PipeReader body = context.Request.BodyReader;
        while (true)
        {
            ReadResult part = await body.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            if (part.IsCompleted)
            {
                Result<T> content = read(part.Buffer.IsSingleSegment ? part.Buffer.FirstSpan : part.Buffer.ToArray());
                body.AdvanceTo(part.Buffer.End);
                return content;
            }
            body.AdvanceTo(part.Buffer.Start, part.Buffer.End);
        }
    }

    private delegate Result<T> BodyReader<T>(ReadOnlySpan<byte> json);

    private async Task<Refusal?> SendCommandsAsync(HttpContext context, SweepService service)
    {
        string name = context.Request.Query["worker"].ToString();
        if (!WireJson.IsName(name))
            return new Refusal(StatusCodes.Status400BadRequest, "malformed", "the query names no worker");
        var worker = new WorkerId(name);
        WorkerContacts.Contact contact = contacts.GetOrAdd(worker);
        if (!contact.Rate.Allows())
            return TooOften(context, worker);

        // Asking is a sign of life; and a worker that this orchestrator does not know is told to join.
        service.Receive(worker, contacts, [new Heartbeat([])]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        IReadOnlyList<WorkerCommand> commands = await contact.Commands.DequeueAsync(Patience, stop.Token).ConfigureAwait(false);
        await WriteJsonAsync(context, WireJson.Write(commands)).ConfigureAwait(false);
        return null;
    }

    private async Task<bool> IsServingAsync() =>
        !lifetime.ApplicationStopping.IsCancellationRequested
        && current.Service is { } service
        && await service.Query(state => !state.IsDraining).ConfigureAwait(false);

    private async Task<Refusal?> HealthAsync(HttpContext context, bool isServing, string tag)
    {
        HealthReport report = await health
            .CheckHealthAsync(check => check.Tags.Contains(tag), context.RequestAborted)
            .ConfigureAwait(false);
        bool isWell = isServing && report.Status == HealthStatus.Healthy;
        if (!isWell)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        string ill = string.Concat(
            report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => $"{e.Key}: {e.Value.Status}\n")
        );
        return await WriteAsync(
                context,
                isWell ? "ok\n"
                    : isServing ? ill
                    : "does not serve\n" + ill
            )
            .ConfigureAwait(false);
    }

    private static Task<Refusal?> StandByAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, "this orchestrator stands by; another one serves\n");
    }

    private static Refusal TooOften(HttpContext context, WorkerId worker)
    {
        context.Response.Headers.RetryAfter = "1";
        return new Refusal(
            StatusCodes.Status429TooManyRequests,
            "too often",
            $"{worker} asks more than {RequestRate.PerSecond.ToString(CultureInfo.InvariantCulture)} times a second"
        );
    }

    private static async Task<Refusal?> WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        string who =
            $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort.ToString(CultureInfo.InvariantCulture)}";
        refusals.Add(
            refusal.Kind,
            $"{refusal.Status.ToString(CultureInfo.InvariantCulture)} to {who}, {context.Request.Method} {context.Request.Path}: {refusal.Reason}"
        );
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        try
        {
            await context.Response.WriteAsync(refusal.Reason + "\n", context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Whom we refuse need not wait for the answer.
        }
    }
}

/// <summary>Why a request is not served.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Kind">Of which kind, in a word or two; there are few.</param>
/// <param name="Reason">Why, in a line.</param>
internal sealed record Refusal(int Status, string Kind, string Reason);
