using System.Globalization;
using Rouser.Core;

namespace Rouser.Storage.Datasets;

/// <summary>A recording's file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="RelativePath">Where it is in the data set, with forward slashes: <c>Train/3/00012.bin</c>.</param>
/// <param name="Id">Its number in MNIST.</param>
/// <param name="Digit">Its class.</param>
internal sealed record NMnistFile(string Path, string RelativePath, int Id, int Digit);

/// <summary>Finds the recordings of one half of N-MNIST and checks that the folder is what it should be.</summary>
internal static class NMnistListing
{
    private const int ClassCount = 10;

    /// <summary>The first <paramref name="wanted"/> recordings of <paramref name="split"/>, by id and then digit; all for null.</summary>
    public static Result<IReadOnlyList<NMnistFile>> List(string root, string split, int? wanted, string wantedKey)
    {
        string folder = Path.Combine(root, split);
        if (!Directory.Exists(folder)) return new Mistake(folder, $"no such folder; unpack N-MNIST's {split}.zip into {root}");
        foreach (string path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (!IsHidden(name) && !(name.Length == 1 && char.IsAsciiDigit(name[0])))
                return new Mistake(path, $"is no class of N-MNIST; {split} holds the folders 0 to 9, so move it away");
        }
        List<NMnistFile> files = [];
        for (int digit = 0; digit < ClassCount; digit++)
        {
            string name = digit.ToString(CultureInfo.InvariantCulture), path = Path.Combine(folder, name);
            if (!Directory.Exists(path)) return new Mistake(path, $"no such folder; {split} holds the folders 0 to 9, so unpack {split}.zip again");
            foreach (string file in Directory.EnumerateFiles(path, "*.bin"))
            {
                if (IsHidden(Path.GetFileName(file))) continue;
                if (!int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                    return new Mistake(file, "is no N-MNIST recording; those are named by a number, so move it away");
                files.Add(new(file, $"{split}/{name}/{Path.GetFileName(file)}", id, digit));
            }
        }
        if (files.Count == 0) return new Mistake(folder, $"holds no recordings; unpack N-MNIST's {split}.zip into {root}");
        if (wanted > files.Count)
            return new Mistake(folder, $"holds {files.Count} recordings, but {wantedKey} asks for {wanted}; lower it or leave it out");
        return files.OrderBy(f => f.Id).ThenBy(f => f.Digit).ThenBy(f => f.RelativePath, StringComparer.Ordinal).Take(wanted ?? files.Count).ToArray();
    }

    /// <summary>Names that file managers leave behind, such as <c>.DS_Store</c>.</summary>
    private static bool IsHidden(string name) => name.StartsWith('.');
}
