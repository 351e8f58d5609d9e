using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// Remembers which digest the recordings of a data set had, so that they need not be read again: by the names,
/// lengths and times of change of the files, as <c>make</c>, git and rsync tell whether a file changed.
/// </summary>
/// <remarks>
/// One small file per state of a set, named by it, so that nothing is ever out of date. What cannot be written is not
/// remembered.
/// </remarks>
/// <param name="folder">Where; made when first written to.</param>
internal sealed class DigestMemo(string folder)
{
    /// <summary>
    /// A file may change again within the grain of its time of change, so what changed this shortly before is not
    /// relied on.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <summary>A name for the present state of the files; null if one changed just now or cannot be asked.</summary>
    /// <param name="recipe">What else the digest depends on.</param>
    /// <param name="files">The recordings, in their order.</param>
    public static string? Stamp(string recipe, IReadOnlyList<string> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(recipe));
        DateTime settledBefore = DateTime.UtcNow - Settled;
        try
        {
            foreach (string path in files)
            {
                FileInfo file = new(path);
                DateTime changed = file.LastWriteTimeUtc;
                if (changed > settledBefore)
                    return null;
                hash.AppendData(
                    Encoding.UTF8.GetBytes(
                        string.Create(CultureInfo.InvariantCulture, $"\n{file.FullName} {file.Length} {changed.Ticks}")
                    )
                );
            }
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return null;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The digest that belongs to a stamp; null if it is not known.</summary>
    public string? Find(string? stamp)
    {
        try
        {
            return
                stamp is not null
                && File.Exists(PathOf(stamp))
                && File.ReadAllText(PathOf(stamp)) is { } digest
                && PackedDatasets.IsDigest(digest)
                ? digest
                : null;
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return null;
        }
    }

    /// <summary>Remembers it.</summary>
    public void Keep(string? stamp, string digest)
    {
        if (stamp is null)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            string path = PathOf(stamp);
            DurableFile.Write(
                path,
                $"{path}.{Path.GetRandomFileName()}{DurableFile.TemporarySuffix}",
                stream => stream.Write(Encoding.ASCII.GetBytes(digest))
            );
        }
        catch (Exception e) when (DiskProblem.IsOne(e)) { }
    }

    private string PathOf(string stamp) => Path.Combine(folder, stamp + ".digest");
}
