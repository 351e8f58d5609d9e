using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rouser.Cluster.Http;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Core;
using Rouser.Sweeps;
using Rouser.Web.Charts;
using Rouser.Web.Feeds;
using Rouser.Web.Model;

namespace Rouser.Web.Door;

/// <summary>How the page is served.</summary>
/// <param name="IsPublic">Whether whoever reaches it may look, without the token. To act always takes it.</param>
public sealed record PageSettings(bool IsPublic);

/// <summary>The page as a part of the HTTP door.</summary>
public static class PageDoorParts
{
    /// <summary>Adds the page; call it beside <see cref="HttpDoor.AddHttpDoor"/>.</summary>
    public static WebApplicationBuilder AddPage(this WebApplicationBuilder builder, PageSettings settings)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings).AddSingleton<PageRuns>().AddSingleton<IHttpPage, PageDoor>();
        return builder;
    }
}

/// <summary>
/// What a browser asks for:
/// <code>
/// GET  /                          the page; its files are below /page/                            (open to all)
/// GET  /page/api/runs             the runs, and whether one may act
/// POST /page/api/login            {"token": "…"}: from now on a cookie stands for it               (open to all)
/// POST /page/api/logout           forgets the cookie
/// GET  /page/api/N/plan           what does not change
/// GET  /page/api/N/events         server-sent events: <c>whole</c>, then <c>change</c> after <c>change</c>
/// GET  /page/api/N/curves         ?study=I&amp;metric=NAME: learning curves
/// GET  /page/api/N/layers         ?study=I&amp;arm=I&amp;setting=I: layers over epochs
/// GET  /page/api/N/trials         ?i=I,I,…: trials, all of each
/// GET  /page/api/N/confusion      ?i=I: what the network of a completed trial says of the test samples
/// GET  /page/api/N/sample         ?i=I&amp;sample=K: its spikes in one of them
/// GET  /page/api/N/numbers        what the results say so far
/// POST /page/api/N/control        what a user asks for (WireJson)
/// </code>
/// What is sent to a page is data, never markup. What acts takes the cookie, JSON and a header of the page's own, which
/// no page of another origin can send.
/// </summary>
internal sealed class PageDoor(
    HttpSettings http,
    PageSettings settings,
    RequestGuard guard,
    PageRuns runs,
    IHostApplicationLifetime lifetime,
    ILogger<PageDoor> log
) : IHttpPage, IDisposable
{
    /// <summary>Clients that follow runs at a time, at most.</summary>
    private const int MostFollowers = 500;

    private const int MostLoginBytes = 4 << 10,
        // Some thousand trials, by their identities.
        MostRequestBytes = 1 << 20,
        MostTrials = 50;

    private const string OwnHeader = "X-Rouser-Page";

    /// <summary>A proxy closes a connection over which nothing comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string Version =
        typeof(PageDoor).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly SemaphoreSlim _looking = new(1, 1);
    private int _followers;

    /// <inheritdoc/>
    public void Dispose() => _looking.Dispose();

    /// <inheritdoc/>
    public bool Has(IReadOnlyList<string> path) => path is [] or [""] or ["page", ..];

    /// <inheritdoc/>
    public async Task<Refusal?> AnswerAsync(HttpContext context, IReadOnlyList<string> path, Action admit)
    {
        Harden(context.Response.Headers);
        bool isGet = HttpMethods.IsGet(context.Request.Method);
        if (path is [])
        {
            // The page's own addresses are relative, so that they hold behind any prefix.
            context.Response.Redirect(guard.PrefixOf(context.Request) + "/", permanent: true);
            return null;
        }
        if (path is not ["page", "api", ..])
            return isGet
                ? await SendAssetAsync(context, path is [""] ? "index.html" : string.Join('/', path.Skip(1)))
                    .ConfigureAwait(false)
                : WrongMethod(context);
        context.Response.Headers.CacheControl = "no-store";
        bool hasToken = HasToken(context.Request);
        if (path is ["page", "api", "login"])
            return isGet ? WrongMethod(context) : await LogInAsync(context, admit).ConfigureAwait(false);
        if (!hasToken && !(settings.IsPublic && isGet))
            return new Refusal(
                StatusCodes.Status401Unauthorized,
                "no token",
                settings.IsPublic ? "to act takes the token" : "the page asks for the token"
            );
        admit();
        if (!isGet && CheckOwn(context.Request) is { } foreign)
            return foreign;
        return (isGet, path) switch
        {
            (true, ["page", "api", "runs"]) => await SendAsync(context, Runs(hasToken)).ConfigureAwait(false),
            (false, ["page", "api", "logout"]) => LogOut(context),
            (_, ["page", "api", var number, var what]) when Find(number) is { } feed => await AnswerAsync(
                    context,
                    feed,
                    what,
                    isGet
                )
                .ConfigureAwait(false),
            _ => Unknown(context),
        };
    }

    private async Task<Refusal?> AnswerAsync(HttpContext context, RunFeed feed, string what, bool isGet)
    {
        if (!isGet)
            return what == "control" ? await ControlAsync(context, feed).ConfigureAwait(false) : Unknown(context);
        if (!await feed.IsReadyAsync(context.RequestAborted).ConfigureAwait(false))
            return new Refusal(
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                feed.Fault ?? "the run cannot be read at the moment"
            );
        return what switch
        {
            "plan" => await SendAsync(context, feed.Plan()).ConfigureAwait(false),
            "events" => await FollowAsync(context, feed).ConfigureAwait(false),
            "numbers" => await SendAsync(context, await feed.NumbersAsync(context.RequestAborted).ConfigureAwait(false))
                .ConfigureAwait(false),
            "curves" => await ChartAsync(context, feed, Curves).ConfigureAwait(false),
            "layers" => await ChartAsync(context, feed, Layers).ConfigureAwait(false),
            "trials" => await ChartAsync(context, feed, Trials).ConfigureAwait(false),
            "confusion" => await KeptAsync(context, feed, Confusion).ConfigureAwait(false),
            "sample" => await KeptAsync(context, feed, Activity).ConfigureAwait(false),
            _ => Unknown(context),
        };
    }

    /// <summary>
    /// Sends updates as they come. The client's connection is all that waits for it: when it can be written to again,
    /// and has missed more than is kept, it gets the run as a whole.
    /// </summary>
    private async Task<Refusal?> FollowAsync(HttpContext context, RunFeed feed)
    {
        if (Interlocked.Increment(ref _followers) > MostFollowers)
        {
            Interlocked.Decrement(ref _followers);
            return new Refusal(StatusCodes.Status503ServiceUnavailable, "too many pages", "too many pages follow the run");
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(
                lifetime.ApplicationStopping,
                context.RequestAborted
            );
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            long version = -1;
            while (!stop.IsCancellationRequested)
            {
                if (version >= 0 && feed.Ring.After(version) is { } changes)
                {
                    foreach (byte[] change in changes)
                        await context.Response.Body.WriteAsync(change, stop.Token).ConfigureAwait(false);
                    version += changes.Count;
                    if (changes.Count == 0)
                        await context.Response.Body.WriteAsync(EventStream.Beat, stop.Token).ConfigureAwait(false);
                }
                else if (await feed.IsReadyAsync(stop.Token).ConfigureAwait(false))
                {
                    (version, byte[] whole) = feed.Whole();
                    await context.Response.Body.WriteAsync(whole, stop.Token).ConfigureAwait(false);
                }
                else
                    // The run is being opened anew; the browser asks again.
                    return null;
                await context.Response.Body.FlushAsync(stop.Token).ConfigureAwait(false);
                await feed.Ring.WaitAsync(version, Patience, stop.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
        return null;
    }

    private static async Task<Refusal?> ChartAsync(
        HttpContext context,
        RunFeed feed,
        Func<RunView, IQueryCollection, byte[]?> chart
    ) =>
        feed.Read(view => chart(view, context.Request.Query)) is { } json
            ? await SendAsync(context, json).ConfigureAwait(false)
            : new Refusal(StatusCodes.Status400BadRequest, "malformed", "the query names nothing of this run");

    /// <summary>
    /// Answers from what is kept of a trial. One at a time, so that what browsers ask for takes one network's memory beside
    /// the data set's; it ends when the browser has left.
    /// </summary>
    private async Task<Refusal?> KeptAsync(
        HttpContext context,
        RunFeed feed,
        Func<IKeptTrials, PlannedTrial, IQueryCollection, CancellationToken, Result<byte[]>> answer
    )
    {
        IQueryCollection query = context.Request.Query;
        PlannedTrial? trial = feed.Read(view =>
            int.TryParse(query["i"], NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < view.Plan.Trials.Count
                ? view.Plan.Trials[i]
                : null
        );
        if (trial is null)
            return new Refusal(StatusCodes.Status400BadRequest, "malformed", "the query names no trial of this run");
        if (feed.Source.Kept is not { } kept)
            return await SendAsync(context, PageJson.Write(new NothingKept("nothing is kept of its trials here")))
                .ConfigureAwait(false);
        CancellationToken left = context.RequestAborted;
        Result<byte[]> json;
        await _looking.WaitAsync(left).ConfigureAwait(false);
        try
        {
            json = await Task.Run(() => answer(kept, trial, query, left), left).ConfigureAwait(false);
        }
        finally
        {
            _looking.Release();
        }
        // A browser that reads slowly keeps no other one waiting.
        return await SendAsync(context, json.IsOk ? json.Value : PageJson.Write(new NothingKept(json.Errors[0].ToString())))
            .ConfigureAwait(false);
    }

    private static Result<byte[]> Confusion(
        IKeptTrials kept,
        PlannedTrial trial,
        IQueryCollection query,
        CancellationToken left
    ) =>
        kept.Predictions(trial)
            .Then(said => Result<byte[]>.Of(PageJson.Write(ConfusionChart.Of(said, kept.ClassNamesOf(trial)))));

    private static Result<byte[]> Activity(
        IKeptTrials kept,
        PlannedTrial trial,
        IQueryCollection query,
        CancellationToken left
    ) =>
        int.TryParse(query["sample"], NumberStyles.None, CultureInfo.InvariantCulture, out int sample)
            ? kept.Activity(trial, sample, left)
                .Then(seen => Result<byte[]>.Of(PageJson.Write(SampleChart.Of(sample, seen, kept.ClassNamesOf(trial)))))
            : new UserError("", "the query names no sample");

    private static byte[]? Curves(RunView view, IQueryCollection query) =>
        Name(query, "study", StudiesOf(view)) is { } study
            ? PageJson.Write(CurveChart.Of(view, study, query["metric"].ToString()))
            : null;

    private static byte[]? Layers(RunView view, IQueryCollection query) =>
        Name(query, "study", StudiesOf(view)) is { } study
        && Name(query, "arm", ArmsOf(view)) is { } arm
        && Name(query, "setting", [.. view.Plan.Cells.Select(c => c.Setting).Distinct()]) is { } setting
            ? PageJson.Write(LayerChart.Of(view, study, arm, setting))
            : null;

    private static byte[]? Trials(RunView view, IQueryCollection query)
    {
        int?[] indices =
        [
            .. query["i"]
                .ToString()
                .Split(',')
                .Take(MostTrials)
                .Select(text =>
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < view.Plan.Trials.Count
                        ? i
                        : (int?)null
                ),
        ];
        return indices.All(i => i is not null)
            ? PageJson.Write((TrialChart[])[.. indices.Select(i => TrialChart.Of(view, i!.Value))])
            : null;
    }

    // By number, because a name may be longer than the line of a request.
    private static string? Name(IQueryCollection query, string key, IReadOnlyList<string> names) =>
        int.TryParse(query[key], NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < names.Count ? names[i] : null;

    private static IReadOnlyList<string> StudiesOf(RunView view) => PlanDocument.StudiesOf(view.Spec, view.Plan);

    private static IReadOnlyList<string> ArmsOf(RunView view) => PlanDocument.ArmsOf(view.Spec, view.Plan);

    private byte[] Runs(bool mayAct) =>
        PageJson.Write(
            new RunList(
                [.. runs.Feeds.Select(f => new RunEntry(f.Source.Name, f.Source.Folder, f.Source.Control is not null, f.Fault))],
                mayAct,
                Version,
                WireJson.Version
            )
        );

    private RunFeed? Find(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < runs.Feeds.Count
            ? runs.Feeds[i]
            : null;

    private async Task<Refusal?> ControlAsync(HttpContext context, RunFeed feed)
    {
        if (feed.Source.Control is not { } control)
            return new Refusal(StatusCodes.Status409Conflict, "read only", "nobody trains or serves this run here");
        Result<ControlRequest> read = WireJson.ReadControl(await ReadBodyAsync(context, MostRequestBytes).ConfigureAwait(false));
        Result<string> done = read.IsOk ? await control(read.Value).ConfigureAwait(false) : Result<string>.Failed(read.Errors);
        if (!done.IsOk)
            return new Refusal(StatusCodes.Status400BadRequest, "malformed", done.Errors[0].Message);
        log.LogInformation("asked by a user of the page: {Request}", read.Value);
        return await SendTextAsync(context, done.Value).ConfigureAwait(false);
    }

    private async Task<Refusal?> LogInAsync(HttpContext context, Action admit)
    {
        if (CheckOwn(context.Request) is { } foreign)
            return foreign;
        string? token = TokenIn(await ReadBodyAsync(context, MostLoginBytes).ConfigureAwait(false));
        if (token is null || !http.Token.Is(token.Trim()))
            return new Refusal(StatusCodes.Status401Unauthorized, "wrong token", "the token is not the orchestrator's");
        admit();
        context.Response.Cookies.Append(
            CookieName(context.Request),
            http.Token.Cookie,
            Cookie(context.Request, TimeSpan.FromDays(30))
        );
        return await SendTextAsync(context, "welcome").ConfigureAwait(false);
    }

    private Refusal? LogOut(HttpContext context)
    {
        context.Response.Cookies.Append(CookieName(context.Request), "", Cookie(context.Request, TimeSpan.Zero));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private CookieOptions Cookie(HttpRequest request, TimeSpan age) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            // A proxy may speak TLS for us.
            Secure = request.IsHttps || request.Headers.Origin.ToString().StartsWith("https:", StringComparison.Ordinal),
            Path = guard.PrefixOf(request) + "/",
            MaxAge = age,
        };

    private bool HasToken(HttpRequest request) =>
        http.Token.IsShownByCookie(request.Cookies[CookieName(request)]) || http.Token.IsShownBy(request.Headers.Authorization);

    // All ports of a name share its cookies, and through tunnels many orchestrators are on one.
    private static string CookieName(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"rouser-{request.Host.Port ?? 0}");

    private static Refusal? CheckOwn(HttpRequest request) =>
        RequestGuard.CheckContent(request)
        ?? (
            request.Headers.ContainsKey(OwnHeader)
                ? null
                : new Refusal(
                    StatusCodes.Status403Forbidden,
                    "foreign page",
                    $"a request of the page's has the header {OwnHeader}"
                )
        );

    private static string? TokenIn(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("token", out JsonElement token)
                && token.ValueKind == JsonValueKind.String
                ? token.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContext context, int most)
    {
        using MemoryStream body = new();
        byte[] part = new byte[4096];
        while (await context.Request.Body.ReadAsync(part, context.RequestAborted).ConfigureAwait(false) is > 0 and int read)
        {
            body.Write(part, 0, read);
            if (body.Length > most)
                throw new BadHttpRequestException("more than a page has to say", StatusCodes.Status413PayloadTooLarge);
        }
        return body.ToArray();
    }

    private static async Task<Refusal?> SendAssetAsync(HttpContext context, string name)
    {
        if (!PageAssets.All.TryGetValue(name, out PageAsset? asset))
            return Unknown(context);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = asset.Tag;
        if (context.Request.Headers.IfNoneMatch == asset.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }
        return await SendAsync(context, asset.ContentType, asset.Bytes, () => asset.Brotli).ConfigureAwait(false);
    }

    private static Task<Refusal?> SendAsync(HttpContext context, byte[] json) =>
        SendAsync(context, "application/json", json, () => Compressed.Brotli(json, CompressionLevel.Fastest));

    private static async Task<Refusal?> SendAsync(HttpContext context, string type, byte[] bytes, Func<byte[]> compressed)
    {
        context.Response.ContentType = type;
        context.Response.Headers.Vary = "Accept-Encoding";
        bool takes = context
            .Request.Headers.AcceptEncoding.ToString()
            .Split(',')
            .Any(c => c.Split(';')[0].Trim().Equals("br", StringComparison.OrdinalIgnoreCase));
        byte[] sent = takes && bytes.Length > 1024 ? compressed() : bytes;
        if (sent != bytes)
            context.Response.Headers.ContentEncoding = "br";
        context.Response.ContentLength = sent.Length;
        await context.Response.Body.WriteAsync(sent, context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    private static async Task<Refusal?> SendTextAsync(HttpContext context, string line)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(OneLine.Of(line) + "\n", context.RequestAborted).ConfigureAwait(false);
        return null;
    }

    // Scripts and styles from here alone, nothing in the page itself, no frame, nothing sent elsewhere.
    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static Refusal Unknown(HttpContext context) =>
        new(StatusCodes.Status404NotFound, "unknown path", $"there is no {context.Request.Path}");

    private static Refusal WrongMethod(HttpContext context) =>
        new(StatusCodes.Status405MethodNotAllowed, "wrong method", $"{context.Request.Method} is not for {context.Request.Path}");
}
