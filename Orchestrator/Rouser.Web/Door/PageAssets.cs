using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Rouser.Reports.Figures;
using Rouser.Web.Feeds;

namespace Rouser.Web.Door;

/// <summary>A file of the page, as it goes out.</summary>
/// <param name="ContentType">Its kind.</param>
/// <param name="Bytes">As it is.</param>
/// <param name="Brotli">Compressed.</param>
/// <param name="Tag">Changes with the bytes.</param>
internal sealed record PageAsset(string ContentType, byte[] Bytes, byte[] Brotli, string Tag);

/// <summary>
/// The files of the page, which are part of this assembly, and the report's colours. Nothing else is ever asked for by
/// the page.
/// </summary>
internal static class PageAssets
{
    private const string Folder = "page/";

    private static readonly Lazy<FrozenDictionary<string, PageAsset>> Loaded = new(Load);

    /// <summary>All of them, by their path within the page.</summary>
    public static IReadOnlyDictionary<string, PageAsset> All => Loaded.Value;

    private static FrozenDictionary<string, PageAsset> Load()
    {
        Dictionary<string, PageAsset> assets = new(StringComparer.Ordinal) { ["colours.css"] = Asset("colours.css", Colours()) };
        foreach (string name in typeof(PageAssets).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Folder, StringComparison.Ordinal))
                continue;
            using Stream stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            string path = name[Folder.Length..].Replace('\\', '/');
            assets[path] = Asset(path, bytes.ToArray());
        }
        return assets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static PageAsset Asset(string path, byte[] bytes) =>
        new(
            Path.GetExtension(path) switch
            {
                ".html" => "text/html; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".css" => "text/css; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "text/plain; charset=utf-8",
            },
            bytes,
            Compressed.Brotli(bytes, CompressionLevel.SmallestSize),
            $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\""
        );

    // The report's colours, so that an arm looks the same here and there.
    private static byte[] Colours() =>
        Encoding.UTF8.GetBytes(
            $":root{{{Variables(Scheme.Light)}}}\n@media (prefers-color-scheme:dark){{:root{{{Variables(Scheme.Dark)}}}}}\n"
        );

    private static string Variables(Func<string, string> colour) =>
        string.Concat(Scheme.ColourNames.Select(name => $"--{name}:{colour(name)};"));
}
