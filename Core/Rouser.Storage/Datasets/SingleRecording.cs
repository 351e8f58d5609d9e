using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;

namespace Rouser.Storage.Datasets;

/// <summary>One recording by itself, read and binned as those of a data set are.</summary>
public static class SingleRecording
{
    /// <summary>Reads it.</summary>
    /// <param name="settings">The set, which says how events become a raster.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops before it is read.</param>
    /// <returns>The spikes, <c>[T × N]</c>; or what is wrong with the file, with its remedy.</returns>
    public static Result<SpikeRaster> Read(DatasetSettings settings, string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RecordingFile[] file = [new(path, Path.GetFileName(path), 0)];
        // What is shaped like N-MNIST sees its recordings.
        string recorded = DatasetCatalog.Find(settings.Name)?.ShapedLike ?? settings.Name;
        if (recorded == DatasetCatalog.NMnist.Name)
            return Read(NMnistListing.Of(settings, file, file, []), cancellation);
        if (settings.Name != DatasetCatalog.Events.Name)
            return new UserError(
                path,
                $"cannot be read by itself, because the samples of {settings.Name} are not one file each; take `rouser eval`"
            );
        return EventFormat.Find(path) is null
            ? new UserError(path, $"is no recording; those end in {EventFormat.Endings}")
            : Read(OwnRecordings.Of(settings, [""], file, file, []), cancellation);
    }

    private static Result<SpikeRaster> Read(RecordingFiles files, CancellationToken cancellation) =>
        files.Load(null, cancellation).Then<SpikeRaster>(set => set.Train[0].Raster);
}
