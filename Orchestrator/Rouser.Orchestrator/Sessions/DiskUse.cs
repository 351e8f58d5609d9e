using Rouser.Core;
using Rouser.Storage.Datasets;
using Rouser.Storage.Runs;
using Rouser.Storage.Store;

namespace Rouser.Orchestrator.Sessions;

/// <summary>A kind of what Rouser keeps on a disk, and what can be freed of it.</summary>
/// <param name="Name">The word for it on the command line.</param>
/// <param name="Loss">What it costs to free it, in words for the user.</param>
/// <param name="Items">What would be freed.</param>
internal sealed record DiskUse(string Name, string Loss, IReadOnlyList<DiskItem> Items)
{
    /// <summary>Networks of runs.</summary>
    public const string Models = "models";

    /// <summary>Run folders as a whole.</summary>
    public const string Runs = "runs";

    private const string Caches = "caches",
        Store = "store";

    /// <summary>The words of all kinds.</summary>
    public static readonly IReadOnlyList<string> Names = [Caches, Store, Models, Runs];

    /// <summary>Bytes of all items.</summary>
    public long Bytes => Items.Sum(item => item.Bytes);

    /// <summary>Looks at all kinds, in the order of <see cref="Names"/>.</summary>
    /// <param name="runs">The folder of the run folders.</param>
    /// <param name="store">The results store; null for none.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static IReadOnlyList<DiskUse> Measure(string runs, ResultStore? store)
    {
        PackedDatasets packed = PackedDatasets.OfUser();
        RunPaths[] folders = Directory.Exists(runs)
            ?
            [
                .. Directory
                    .EnumerateDirectories(runs)
                    .Order(StringComparer.Ordinal)
                    .Select(folder => new RunPaths(folder))
                    .Where(paths => File.Exists(paths.Run)),
            ]
            : [];
        return
        [
            new(
                Caches,
                "packed data sets are made again from the recordings when they are needed",
                Files(packed.Folder, packed.Files())
            ),
            new(Store, "trials of other runs are trained again", store is null ? [] : Files(store.Folder, store.Files())),
            new(
                Models,
                "eval, predict and export need them; tables and reports stay",
                [
                    .. folders
                        .Where(paths => Directory.Exists(paths.Models))
                        .Select(paths => new DiskItem(paths.Models, paths.Folder, null)),
                ]
            ),
            new(Runs, "their results are lost", [.. folders.Select(paths => new DiskItem(paths.Folder, paths.Folder, null))]),
        ];
    }

    private static DiskItem[] Files(string folder, IReadOnlyList<FileInfo> files) =>
        files.Count == 0 ? [] : [new DiskItem(folder, null, files)];
}

/// <summary>A folder of which something can be freed.</summary>
/// <param name="Place">The folder.</param>
/// <param name="Run">The run that it is part of; null if it is of none.</param>
/// <param name="Files">The files of it that are freed; null for the folder as a whole.</param>
internal sealed record DiskItem(string Place, string? Run, IReadOnlyList<FileInfo>? Files)
{
    /// <summary>Bytes of all that is freed.</summary>
    public long Bytes { get; } =
        (Files ?? new DirectoryInfo(Place).EnumerateFiles("*", SearchOption.AllDirectories)).Sum(file => file.Length);

    /// <summary>Deletes it.</summary>
    /// <returns>Why not; null if it is gone.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public UserError? Free()
    {
        if (Run is null)
        {
            foreach (FileInfo file in Files!)
                file.Delete();
            return null;
        }
        Result<RunLock> locked = RunDirectory.Open(Run).Then(folder => folder.Lock());
        if (!locked.IsOk)
            return locked.Errors[0];
        // The lock is a file of the folder, and goes last: by then there is no run any more that could be taken.
        using (locked.Value)
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(Place).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo folder)
                    folder.Delete(recursive: true);
                else if (entry.Name != Path.GetFileName(new RunPaths(Run).Lock))
                    entry.Delete();
            }
        }
        Directory.Delete(Place, recursive: true);
        return null;
    }
}
