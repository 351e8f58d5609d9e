using System.Globalization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>
/// Finds the recordings of N-MNIST, <c>Train|Test/&lt;digit&gt;/&lt;id&gt;.bin</c>, and checks that the folder is
/// what it should be.
/// </summary>
internal static class NMnistListing
{
    private const int ClassCount = 10;

    private const string Ending = ".bin";

    /// <summary>N-MNIST in its published layout, listed but not read.</summary>
    /// <remarks>
    /// Recordings are ordered by id, then digit. Ids are MNIST's own order, in which the classes are mixed, so a
    /// prefix holds them all.
    /// </remarks>
    public static Result<IDatasetSource> Open(DatasetSettings settings)
    {
        if (settings.Root is not { Length: > 0 } root)
            return new UserError("dataset.root", "is missing; nmnist needs the folder that holds Train and Test");
        if (!Directory.Exists(root))
            return new UserError(root, "no such folder; set dataset.root to the folder that holds N-MNIST's Train and Test");
        try
        {
            List<string> remarks = [];
            return List(root, "Train", settings.TrainSamples, "dataset.train_samples", remarks)
                .Then(train =>
                    List(root, "Test", settings.TestSamples, "dataset.test_samples", remarks)
                        .Then<IDatasetSource>(test => Of(settings, train, test, remarks))
                );
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return new UserError(root, $"cannot be listed: {e.Message}");
        }
    }

    /// <summary>The recordings of these files.</summary>
    public static RecordingFiles Of(
        DatasetSettings settings,
        IReadOnlyList<RecordingFile> train,
        IReadOnlyList<RecordingFile> test,
        IReadOnlyList<string> remarks
    ) =>
        new(
            settings.Name,
            string.Create(CultureInfo.InvariantCulture, $"nmnist {NMnistDecoder.Version}"),
            DatasetCatalog.NMnist.ClassNames,
            DatasetCatalog.NMnist.Binning(settings.Steps, settings.StepMilliseconds, settings.Raster),
            train,
            test,
            (long)NMnistDecoder.MaxRecords * NMnistDecoder.RecordBytes,
            (file, stream) => NMnistDecoder.Decode(stream, file.Path).Then<RecordedEvents>(events => new RecordedEvents(events))
        )
        {
            Remarks = remarks,
        };

    /// <summary>
    /// The first <paramref name="wanted"/> recordings of <paramref name="split"/>, by id and then digit; all for
    /// null.
    /// </summary>
    private static Result<IReadOnlyList<RecordingFile>> List(
        string root,
        string split,
        int? wanted,
        string wantedKey,
        List<string> remarks
    )
    {
        Result<string?> half = RecordingFolder.Half(root, split);
        if (!half.IsOk)
            return Result<IReadOnlyList<RecordingFile>>.Failed(half.Errors);
        if (half.Value is not { } folder)
            return new UserError(Path.Combine(root, split), $"no such folder; unpack N-MNIST's {split}.zip into {root}");
        foreach (string name in RecordingFolder.Folders(folder))
        {
            if (!(name.Length == 1 && char.IsAsciiDigit(name[0])))
                return new UserError(
                    Path.Combine(folder, name),
                    $"is no class of N-MNIST; {split} holds the folders 0 to 9, so move it away"
                );
        }
        List<(int Id, RecordingFile File)> files = [];
        for (int digit = 0; digit < ClassCount; digit++)
        {
            string name = digit.ToString(CultureInfo.InvariantCulture),
                path = Path.Combine(folder, name);
            if (!Directory.Exists(path))
                return new UserError(path, $"no such folder; {split} holds the folders 0 to 9, so unpack {split}.zip again");
            ILookup<bool, string> found = RecordingFolder
                .Files(path)
                .ToLookup(file => file.EndsWith(Ending, StringComparison.OrdinalIgnoreCase));
            remarks.AddRange(RecordingFolder.PassedOver($"{split}/{name}", found[false]));
            foreach (string file in found[true])
            {
                if (
                    !int.TryParse(
                        Path.GetFileNameWithoutExtension(file),
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out int id
                    )
                )
                    return new UserError(
                        Path.Combine(path, file),
                        "is no N-MNIST recording; those are named by a number, so move it away"
                    );
                files.Add((id, new(Path.Combine(path, file), $"{split}/{name}/{file}", digit)));
            }
        }
        if (files.Count == 0)
            return new UserError(folder, $"holds no recordings; unpack N-MNIST's {split}.zip into {root}");
        if (wanted > files.Count)
            return new UserError(
                folder,
                $"holds {files.Count} recordings, but {wantedKey} asks for {wanted}; lower it or leave it out"
            );
        return files
            .OrderBy(f => f.Id)
            .ThenBy(f => f.File.Label)
            .ThenBy(f => f.File.RelativePath, StringComparer.Ordinal)
            .Select(f => f.File)
            .Take(wanted ?? files.Count)
            .ToArray();
    }
}
