using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets.Downloads;

/// <summary>
/// Fetches the archives of a data set, goes on where an earlier download stopped, checks and unpacks them.
/// </summary>
/// <remarks>
/// A download grows under <c>NAME.part</c> and is renamed when its checksum is right. An archive that lies in the
/// folder already, fetched with a browser say, is checked and unpacked as if it had been downloaded. It is deleted
/// once it is unpacked.
/// </remarks>
/// <param name="http">What fetches.</param>
/// <param name="say">Told what happens, a line each.</param>
public sealed class DatasetDownload(HttpClient http, Action<string> say)
{
    private const int BlockBytes = 1 << 17;

    /// <summary>Brings every archive of a set into a folder.</summary>
    /// <param name="page">Where a browser finds them.</param>
    /// <param name="mirror">An address that holds the same files under their names, to take them from; null for the
    /// published addresses.</param>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="stop">Stops; what was fetched stays.</param>
    /// <returns>The folder; or what went wrong, and what to do.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled.</exception>
    public async Task<Result<string>> FetchAsync(
        IReadOnlyList<PublishedArchive> archives,
        Uri page,
        Uri? mirror,
        string folder,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(archives);
        try
        {
            Directory.CreateDirectory(folder);
            foreach (PublishedArchive archive in archives)
            {
                if (Path.Exists(Path.Combine(folder, archive.Unpacked)))
                {
                    say($"{archive.Unpacked} is there");
                    continue;
                }
                string path = Path.Combine(folder, archive.FileName);
                string byHand = $"fetch {archive.FileName} from {page} with a browser, put it into {folder} and run this again";
                if (!File.Exists(path))
                {
                    Uri? address = mirror is null
                        ? archive.Address
                        : new Uri(mirror.AbsoluteUri.TrimEnd('/') + "/" + archive.FileName);
                    if (address is null)
                        return new UserError(archive.FileName, $"has no address for programs; {byHand}");
                    if (await FetchAsync(address, path + ".part", byHand, stop).ConfigureAwait(false) is { } failure)
                        return failure;
                    File.Move(path + ".part", path, overwrite: true);
                }
                if (await CheckAsync(path, archive.Md5, stop).ConfigureAwait(false) is { } wrong)
                    return wrong;
                say($"unpacking {archive.FileName}");
                if (await UnpackAsync(path, folder, archive.Unpacked, stop).ConfigureAwait(false) is { } broken)
                    return broken;
                File.Delete(path);
            }
            return folder;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(folder, e);
        }
    }

    private async Task<UserError?> FetchAsync(Uri address, string part, string byHand, CancellationToken stop)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        say(have > 0 ? $"{address}, going on after {have:N0} bytes" : $"{address}");
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            if (have > 0)
                request.Headers.Range = new RangeHeaderValue(have, null);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
                .ConfigureAwait(false);
            // The part is the whole already.
            if (have > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return null;
            if (!response.IsSuccessStatusCode)
                return new UserError(
                    $"{address}",
                    $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}; {byHand}"
                );
            // A server that cannot go on sends everything.
            bool goesOn =
                response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            if (have > 0 && response.StatusCode == HttpStatusCode.PartialContent && !goesOn)
                return new UserError(
                    $"{address}",
                    $"the server sent another part than was asked for; delete {part} and run this again"
                );
            using Stream from = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            FileStream to = new(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
            await using (to.ConfigureAwait(false))
            {
                await CopyAsync(from, to, response.Content.Headers.ContentLength, stop).ConfigureAwait(false);
            }
            long? expected = response.Content.Headers.ContentLength + (goesOn ? have : 0);
            long got = new FileInfo(part).Length;
            return expected is null || got == expected
                ? null
                : new UserError(
                    $"{address}",
                    $"the connection ended after {got:N0} of {expected:N0} bytes; run this again to go on"
                );
        }
        catch (HttpRequestException e)
        {
            return new UserError(
                $"{address}",
                $"cannot be reached ({e.Message.ReplaceLineEndings(" ")}); check the network, or {byHand}"
            );
        }
        catch (HttpIOException)
        {
            return new UserError($"{address}", "the connection broke; run this again to go on where it stopped");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return new UserError($"{address}", $"does not answer; try again later, or {byHand}");
        }
    }

    private async Task CopyAsync(Stream from, Stream to, long? length, CancellationToken stop)
    {
        byte[] block = new byte[BlockBytes];
        long copied = 0,
            told = 0;
        for (int read; (read = await from.ReadAsync(block, stop).ConfigureAwait(false)) > 0; )
        {
            await to.WriteAsync(block.AsMemory(0, read), stop).ConfigureAwait(false);
            copied += read;
            if (copied - told < 64 << 20)
                continue;
            told = copied;
            say(length is null ? $"  {copied >> 20:N0} MiB" : $"  {copied >> 20:N0} of {length >> 20:N0} MiB");
        }
    }

    private static async Task<UserError?> CheckAsync(string path, string md5, CancellationToken stop)
    {
        string actual;
        FileStream file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            // The publishers give MD5; it tells damage, and is no proof against malice.
#pragma warning disable CA5351
            actual = Convert.ToHexStringLower(await MD5.HashDataAsync(file, stop).ConfigureAwait(false));
#pragma warning restore CA5351
        }
        if (actual == md5)
            return null;
        File.Delete(path);
        return new UserError(
            path,
            $"is not the published file: its MD5 is {actual} instead of {md5}; it was deleted, run this again"
        );
    }

    /// <summary>Unpacks beside the goal and moves it there, so that what is there is whole.</summary>
    private static async Task<UserError?> UnpackAsync(string path, string folder, string unpacked, CancellationToken stop)
    {
        string aside = Path.Combine(folder, $".{unpacked}.unpacking");
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        try
        {
            // Both refuse names that lead out of the folder.
            if (path.EndsWith(".zip", StringComparison.Ordinal))
                await ZipFile.ExtractToDirectoryAsync(path, aside, stop).ConfigureAwait(false);
            else
            {
                using GZipStream gzip = new(File.OpenRead(path), CompressionMode.Decompress);
                await TarFile.ExtractToDirectoryAsync(gzip, aside, overwriteFiles: false, stop).ConfigureAwait(false);
            }
            string found = Path.Combine(aside, unpacked);
            if (!Path.Exists(found))
                return new UserError(path, $"holds no {unpacked}");
            Directory.Move(found, Path.Combine(folder, unpacked));
            return null;
        }
        catch (InvalidDataException)
        {
            return new UserError(path, "does not unpack; delete it and run this again");
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }
}
