using System.Security.Cryptography;
using System.Text;
using Rouser.Core;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>The digest of a set that is a few files of fixed names, from what is made of them and their contents.</summary>
internal static class FileDigest
{
    /// <summary>Reads the files and gives the digest of their set.</summary>
    /// <param name="source">The set.</param>
    /// <param name="name">Its name, for whoever watches.</param>
    /// <param name="watch">Takes how far it is.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static Result<string> Of(
        IDatasetSource source,
        string name,
        Action<DatasetProgress>? watch,
        CancellationToken cancellation
    ) =>
        OrderedParallel
            .Map(
                source.Files.Count,
                i => RegularFile.Read<byte[]>(source.Files[i], stream => SHA256.HashData(stream)),
                cancellation,
                DatasetProgress.Of(watch, $"reading {name}, files", source.Files.Count)
            )
            .Then<string>(hashes => Combine(source.Recipe, hashes));

    /// <summary>The digest of a recipe and the SHA-256 of each file, in their order.</summary>
    public static string Combine(string recipe, params IEnumerable<byte[]> hashes) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    $"{recipe}\n" + string.Concat(hashes.Select(hash => $"{Convert.ToHexStringLower(hash)}\n"))
                )
            )
        );
}
