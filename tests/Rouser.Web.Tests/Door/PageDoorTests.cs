using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Rouser.Cluster.Tests;
using Rouser.Web.Door;
using Rouser.Web.Tests.Browser;

namespace Rouser.Web.Tests.Door;

/// <summary>Who may see the page and act on it, by requests as a browser and others make them.</summary>
public sealed class PageDoorTests : IAsyncLifetime, IDisposable
{
    private readonly MemoryJournal _journal = new();
    private readonly HttpClientHandler _browser = new() { UseCookies = true, AllowAutoRedirect = false };
    private PageSite _site = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _journal.Append([.. Runs.AllCompleted()]);
        _site = await PageSite.StartAsync(_journal, publicUrls: new Uri("http://page.example/rouser"));
        _client = new HttpClient(_browser) { BaseAddress = _site.Address };
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _browser.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public async Task Without_the_token_there_are_the_files_of_the_page_and_nothing_else()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/page/app.js"));
        foreach (string what in (string[])["runs", "0/plan", "0/events", "0/numbers", "0/trials?i=0"])
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"/page/api/{what}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/page/no-such-file"));
    }

    [Fact]
    public async Task A_cookie_stands_for_the_token_and_is_not_the_token()
    {
        using HttpResponseMessage answer = await LogInAsync();
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(PageSite.Secret, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/page/api/runs"));
        // Nor does it open what workers use.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics"));
    }

    [Fact]
    public async Task The_policy_lets_no_script_run_but_the_files_of_the_page()
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri("/", UriKind.Relative));
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string html = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("//", html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://evil.example", true, HttpStatusCode.Forbidden)]
    [InlineData(null, false, HttpStatusCode.Forbidden)]
    // Nobody trains this run, but the request is let in.
    [InlineData(null, true, HttpStatusCode.Conflict)]
    public async Task What_acts_takes_the_own_origin_and_the_header_of_the_page(
        string? origin,
        bool hasHeader,
        HttpStatusCode expected
    )
    {
        (await LogInAsync()).Dispose();
        using HttpRequestMessage request = new(HttpMethod.Post, "/page/api/0/control")
        {
            Content = JsonContent.Create(new { version = 3, request = new { kind = "pause" } }),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (hasHeader)
            request.Headers.Add("X-Rouser-Page", "1");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_name_that_points_here_from_elsewhere_is_refused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Host = $"evil.example:{_site.Address.Port}";
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/rouser/page/api/runs")]
    [InlineData("/page/api/runs")]
    public async Task A_proxy_may_leave_its_path_before_ours_or_take_it_away(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Host = "page.example";
        request.Headers.Add("Authorization", $"Bearer {PageSite.Secret}");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Behind_a_path_the_cookie_is_for_that_path_alone()
    {
        using HttpRequestMessage request = LogIn();
        request.Headers.Host = "page.example";
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.Contains("path=/rouser/;", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        using HttpRequestMessage bare = new(HttpMethod.Get, "/rouser");
        bare.Headers.Host = "page.example";
        using HttpResponseMessage moved = await _client.SendAsync(bare);
        Assert.Equal("/rouser/", moved.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Where_everyone_may_look_nobody_may_act_without_the_token()
    {
        await using PageSite open = await PageSite.StartAsync(_journal, isPublic: true);
        using HttpClient client = new() { BaseAddress = open.Address };
        Assert.Contains(
            "\"mayAct\":false",
            await client.GetStringAsync(new Uri("/page/api/runs", UriKind.Relative)),
            StringComparison.Ordinal
        );
        using HttpRequestMessage request = new(HttpMethod.Post, "/page/api/0/control")
        {
            Content = JsonContent.Create(new { version = 3, request = new { kind = "pause" } }),
        };
        request.Headers.Add("X-Rouser-Page", "1");
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public void The_page_is_small_and_names_no_other_host()
    {
        Assert.InRange(PageAssets.All.Values.Sum(a => a.Brotli.Length), 10_000, 250_000);
        foreach (
            (string path, PageAsset asset) in PageAssets.All.Where(a => !a.Key.StartsWith("vendor/", StringComparison.Ordinal))
        )
        {
            string text = System
                .Text.Encoding.UTF8.GetString(asset.Bytes)
                .Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.False(
                text.Contains("http:", StringComparison.Ordinal) || text.Contains("https:", StringComparison.Ordinal),
                path
            );
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }
    }

    /// <summary>The vendored files are those of the published package uplot 1.6.32, to the byte.</summary>
    [Theory]
    [InlineData("vendor/uplot/uPlot.iife.min.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f")]
    [InlineData("vendor/uplot/uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04")]
    [InlineData("vendor/uplot/LICENSE", "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd")]
    public void What_others_wrote_is_as_they_published_it(string path, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(PageAssets.All[path].Bytes)));

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> LogInAsync() => _client.SendAsync(LogIn());

    private static HttpRequestMessage LogIn()
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/page/api/login")
        {
            Content = JsonContent.Create(new { token = PageSite.Secret }),
        };
        request.Headers.Add("X-Rouser-Page", "1");
        return request;
    }
}
