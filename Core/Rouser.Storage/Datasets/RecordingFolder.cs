using Rouser.Core;
using Rouser.Data.Formats;

namespace Rouser.Storage.Datasets;

/// <summary>
/// What lies in a folder of recordings as a user sees it: without what systems leave behind, with halves and endings
/// in capitals or small letters.
/// </summary>
internal static class RecordingFolder
{
    /// <summary>
    /// Folders and files that file managers, archives and network drives leave behind; those that start with a point
    /// are such too.
    /// </summary>
    private static readonly string[] LeftBehind =
    [
        "__MACOSX",
        "__pycache__",
        "$RECYCLE.BIN",
        "System Volume Information",
        "lost+found",
        "@eaDir",
        "Thumbs.db",
        "desktop.ini",
    ];

    /// <summary>Whether a person put a file or folder of this name there.</summary>
    public static bool IsMeant(string name) =>
        !name.StartsWith('.') && !LeftBehind.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of folders in a folder, in the order of their code points.</summary>
    public static IEnumerable<string> Folders(string path) => Meant(Directory.EnumerateDirectories(path));

    /// <summary>The names of files in a folder, in the order of their code points.</summary>
    public static IEnumerable<string> Files(string path) => Meant(Directory.EnumerateFiles(path));

    /// <summary>
    /// The folder of a half, <c>Train</c> or <c>Test</c>, however it is capitalised; null if there is none.
    /// </summary>
    public static Result<string?> Half(string root, string half)
    {
        string[] found = [.. Folders(root).Where(name => name.Equals(half, StringComparison.OrdinalIgnoreCase))];
        return found.Length <= 1
            ? found.FirstOrDefault() is { } name
                ? Path.Combine(root, name)
                : (Result<string?>)(string?)null
            : new UserError(root, $"holds the folders {string.Join(" and ", found)}; leave one of them");
    }

    /// <summary>What a folder holds that has no Train and Test, and how to make them: half a sentence.</summary>
    public static string Describe(string root)
    {
        (string Name, int Recordings)[] folders = [.. Folders(root).Select(name => (name, Recordings(Path.Combine(root, name))))];
        int loose = Files(root).Count(name => EventFormat.Find(name) is not null),
            foreign = Files(root).Count() - loose;
        string[] found =
        [
            .. folders
                .Take(5)
                .Select(f =>
                    f.Recordings > 0
                        ? $"{f.Name}/ ({f.Recordings} {(f.Recordings == 1 ? "recording" : "recordings")})"
                        : $"{f.Name}/"
                ),
            .. folders.Length > 5 ? [$"{folders.Length - 5} more folders"] : Array.Empty<string>(),
            .. loose > 0 ? [$"{loose} recordings"] : Array.Empty<string>(),
            .. foreign > 0 ? [$"{foreign} other files"] : Array.Empty<string>(),
        ];
        return $"holds {(found.Length > 0 ? string.Join(", ", found) : "nothing")}, but no Train and Test; move, of every class, some four "
            + $"fifths of the recordings to Train/<class> and the rest to Test/<class>, or set dataset.split.by: share";
    }

    /// <summary>Remarks on the files of a class folder that are not read, one for each ending.</summary>
    /// <param name="place">The folder as the user knows it: <c>Train/a</c>.</param>
    /// <param name="names">The files that are not read.</param>
    public static IEnumerable<string> PassedOver(string place, IEnumerable<string> names) =>
        names
            .GroupBy(name => Path.GetExtension(name).ToLowerInvariant(), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(ending =>
            {
                string what = EventFormat.Describe(ending.First());
                return $"{place} holds {ending.Count()} {(ending.Count() == 1 ? "file" : "files")} that {(ending.Count() == 1 ? "is" : "are")} not "
                    + $"read: {ending.First()}{(what.Length > 0 ? $" is {what}" : "")}";
            });

    private static int Recordings(string path) =>
        Directory
            .EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Count(file => EventFormat.Find(file) is not null);

    /// <exception cref="IOException">A name is not in UTF-8: what it names could not be opened, and a class would be
    /// missing without a word.</exception>
    private static IEnumerable<string> Meant(IEnumerable<string> paths) =>
        paths
            .Select(path =>
                path.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(path)
                    ? throw new IOException($"the name of {Path.GetFileName(path)} is not in UTF-8: rename it")
                    : Path.GetFileName(path)
            )
            .Where(IsMeant)
            .Order(StringComparer.Ordinal);
}
