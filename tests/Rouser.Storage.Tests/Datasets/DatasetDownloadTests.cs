using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Storage.Datasets.Downloads;

namespace Rouser.Storage.Tests.Datasets;

/// <summary>Against a small server of the tests' own on loopback, which can stop in the middle of a file.</summary>
public sealed class DatasetDownloadTests : IDisposable
{
    private static readonly Uri Page = new("https://example.org/page");

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-download-").FullName;
    private readonly byte[] _zip = Zip("Train/3/00001.bin", RandomNumberGenerator.GetBytes(300_000));
    private readonly List<string> _said = [];
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_is_fetched_checked_and_unpacked()
    {
        using Server server = new(_zip);
        Assert.Equal(_folder, (await FetchAsync(server)).Value);
        Assert.Equal(300_000, new FileInfo(Path.Combine(_folder, "Train", "3", "00001.bin")).Length);
        Assert.Equal(["Train"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
        // What is there is not fetched again.
        Assert.True((await FetchAsync(server)).IsOk);
        Assert.Single(server.Ranges);
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_stopped()
    {
        using Server server = new(_zip) { BreakAfter = 100_000 };
        UserError mistake = Assert.Single((await FetchAsync(server)).Errors);
        Assert.Contains("run this again to go on", mistake.Message, StringComparison.Ordinal);
        long have = new FileInfo(Path.Combine(_folder, "Train.zip.part")).Length;
        Assert.InRange(have, 1, 100_000);
        server.BreakAfter = null;
        Assert.True((await FetchAsync(server)).IsOk);
        Assert.Equal([null, $"bytes={have}-"], server.Ranges);
        Assert.True(Directory.Exists(Path.Combine(_folder, "Train")));
    }

    [Fact]
    public async Task A_server_that_cannot_go_on_sends_all_of_it_again()
    {
        File.WriteAllBytes(Path.Combine(_folder, "Train.zip.part"), new byte[1000]);
        using Server server = new(_zip) { KnowsRanges = false };
        Assert.True((await FetchAsync(server)).IsOk);
    }

    [Fact]
    public async Task A_file_with_another_checksum_is_refused_and_deleted()
    {
        using Server server = new(Zip("Train/x", [1, 2, 3]));
        UserError mistake = Assert.Single((await FetchAsync(server)).Errors);
        Assert.Contains("is not the published file: its MD5 is", mistake.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_file_fetched_with_a_browser_is_checked_and_unpacked()
    {
        File.WriteAllBytes(Path.Combine(_folder, "Train.zip"), _zip);
        DatasetDownload download = new(_http, _said.Add);
        Assert.True(
            (await download.FetchAsync([Archive() with { Address = null }], Page, null, _folder, CancellationToken.None)).IsOk
        );
        Assert.True(Directory.Exists(Path.Combine(_folder, "Train")));
    }

    [Fact]
    public async Task Without_an_address_or_a_network_the_words_say_what_to_do()
    {
        DatasetDownload download = new(_http, _said.Add);
        UserError browser = Assert.Single(
            (await download.FetchAsync([Archive() with { Address = null }], Page, null, _folder, CancellationToken.None)).Errors
        );
        Assert.Contains(
            "fetch Train.zip from https://example.org/page with a browser",
            browser.Message,
            StringComparison.Ordinal
        );

        using Server server = new(_zip);
        Uri gone = server.Address;
        server.Dispose();
        UserError network = Assert.Single(
            (await download.FetchAsync([Archive()], Page, gone, _folder, CancellationToken.None)).Errors
        );
        Assert.Contains("cannot be reached", network.Message, StringComparison.Ordinal);
        Assert.Contains("check the network, or fetch Train.zip from", network.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_file_is_said()
    {
        using Server server = new(_zip) { Status = "404 Not Found" };
        Assert.Contains(
            "the server answered 404",
            Assert.Single((await FetchAsync(server)).Errors).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_archive_cannot_write_outside_its_folder()
    {
        byte[] evil = Zip("../evil.txt", [1]);
        using Server server = new(evil);
        DatasetDownload download = new(_http, _said.Add);
        Result<string> fetched = await download.FetchAsync(
            [Archive() with { Md5 = Md5(evil) }],
            Page,
            server.Address,
            Path.Combine(_folder, "inner"),
            CancellationToken.None
        );
        Assert.False(fetched.IsOk);
        Assert.False(File.Exists(Path.Combine(_folder, "evil.txt")));
        Assert.False(File.Exists(Path.Combine(_folder, "inner", "evil.txt")));
    }

    private PublishedArchive Archive() => new("Train.zip", new Uri("https://example.org/Train.zip"), Md5(_zip), "Train");

    private Task<Result<string>> FetchAsync(Server server) =>
        new DatasetDownload(_http, _said.Add).FetchAsync([Archive()], Page, server.Address, _folder, CancellationToken.None);

#pragma warning disable CA5351
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    private static byte[] Zip(string name, byte[] content)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }
        return stream.ToArray();
    }

    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _file;

        public Server(byte[] file)
        {
            _file = file;
            _listener.Start();
            _ = ServeAsync();
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files");

        public List<string?> Ranges { get; } = [];

        public int? BreakAfter { get; set; }

        public bool KnowsRanges { get; init; } = true;

        public string? Status { get; init; }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    using NetworkStream stream = client.GetStream();
                    using StreamReader reader = new(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
                    string? range = null;
                    for (string? line; !string.IsNullOrEmpty(line = await reader.ReadLineAsync()); )
                    {
                        if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase))
                            range = line[7..];
                    }
                    Ranges.Add(range);
                    int from = range is null || !KnowsRanges ? 0 : int.Parse(range[6..^1]);
                    string status =
                        Status
                        ?? (
                            from > 0
                                ? $"206 Partial Content\r\nContent-Range: bytes {from}-{_file.Length - 1}/{_file.Length}"
                                : "200 OK"
                        );
                    byte[] body = Status is null ? _file[from..] : [];
                    await stream.WriteAsync(
                        Encoding.ASCII.GetBytes(
                            $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"
                        )
                    );
                    await stream.WriteAsync(BreakAfter is { } most ? body.AsMemory(0, Math.Min(most, body.Length)) : body);
                }
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException or IOException or InvalidOperationException)
            { }
        }
    }
}
