using Rouser.Core;
using Rouser.Results;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Predictions;

/// <summary>The predictions of a run's completed trials, <c>TRIAL-SHA256.predictions</c>.</summary>
/// <param name="folder">The run's <c>predictions</c> folder, which is made when it is needed.</param>
public sealed class PredictionFolder(string folder)
{
    private readonly TrialFiles _files = new(folder, ".predictions");

    /// <summary>
    /// Keeps the predictions of a completed trial. What is there already stays: the first result of a trial is the
    /// one that its run has.
    /// </summary>
    /// <param name="trial">The trial, whose result is on record.</param>
    /// <param name="predictions">Its predictions, which may come from a worker.</param>
    /// <param name="testAccuracy">The test accuracy that is on record after its last epoch.</param>
    /// <returns>Why they are not kept, in words for the log; null if they are.</returns>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public string? Keep(PlannedTrial trial, TrialPredictions predictions, double? testAccuracy)
    {
        if (Has(trial.Id))
            return null;
        if (predictions.Trial != trial.Id)
            return "its predictions are those of another trial";
        if ((predictions.Logits is null) != (trial.Settings.Readout is null))
            return predictions.Logits is null
                ? "its predictions are spikes, which its output layer does not have"
                : "its predictions are logits, and its output layer spikes";
        if (predictions.OutputSpikes.Any(spikes => spikes > trial.Settings.Dataset.Steps))
            return "its predictions have more spikes than a sample has steps";
        if ((double)predictions.Correct / predictions.SampleCount != testAccuracy)
            return "its predictions do not give the test accuracy that is on record";
        _files.Write(trial.Id, stream => PredictionFile.Write(stream, predictions));
        return null;
    }

    /// <inheritdoc cref="TrialFiles.ContentOf"/>
    public IReadOnlyList<(string Name, byte[] Content)> FilesOf(TrialId trial) => _files.ContentOf(trial);

    /// <inheritdoc cref="TrialFiles.Import"/>
    public bool Import(TrialId trial, string name, ReadOnlyMemory<byte> content) => _files.Import(trial, name, content);

    /// <summary>Whether the predictions of a trial are kept.</summary>
    public bool Has(TrialId trial) => _files.Find(trial) is not null;

    /// <summary>The file of a trial; null if there is none.</summary>
    public string? FileOf(TrialId trial) => _files.Find(trial);

    /// <summary>Reads a file, and checks that it is whole and of the trial in its name.</summary>
    public static Result<TrialPredictions> Read(string path)
    {
        try
        {
            using Stream file = RegularFile.OpenRead(path);
            TrialPredictions read = PredictionFile.Read(file);
            return Path.GetFileName(path).StartsWith(read.Trial.Value, StringComparison.Ordinal)
                ? read
                : Damaged(path, "it is of another trial");
        }
        catch (InvalidDataException e)
        {
            return Damaged(path, e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
    }

    private static UserError Damaged(string path, string why) =>
        new(path, $"the predictions are damaged ({why}); restore the file, or train the trial again in another folder");
}
