using System.Text.Json;
using Rouser.Core;
using Rouser.Results;
using Rouser.Snn;
using Rouser.Storage.Files;
using Rouser.Storage.Predictions;
using Rouser.Sweeps;

namespace Rouser.Storage.Checkpoints;

/// <summary>
/// Checkpoints as files: a folder per trial (<see cref="CheckpointFiles"/>). Each file (<see cref="TensorFile"/>) is
/// whole or not there, and a damaged one counts as not there.
/// </summary>
public sealed class FolderCheckpointStore : ICheckpointStore
{
    private readonly CheckpointFiles _files;
    private readonly Action<string>? _log;

    /// <summary>A store in that folder, which is made when it is needed.</summary>
    /// <param name="folder">The run's <c>checkpoints</c> folder.</param>
    /// <param name="log">Is told why a file is not used, in one line; may be called from several threads.</param>
    public FolderCheckpointStore(string folder, Action<string>? log = null) =>
        (_files, _log) = (new CheckpointFiles(folder), log);

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing; the trial's earlier checkpoint is as it
    /// was.</exception>
    public void Save(Checkpoint checkpoint)
    {
        CheckpointText text = new(
            checkpoint.Trial.Value,
            checkpoint.State.Updates,
            NetworkTensors.TextOf(checkpoint.State),
            checkpoint.History
        );
        Write(
            _files.PathOf(checkpoint.Trial, CheckpointFiles.Checkpoint),
            JsonSerializer.SerializeToUtf8Bytes(text, CheckpointJsonContext.Default.CheckpointText),
            NetworkTensors.Of(checkpoint.State)
        );
    }

    /// <inheritdoc/>
    public Checkpoint? Load(TrialId trial)
    {
        DeleteLeftovers(trial);
        return Read(
            _files.PathOf(trial, CheckpointFiles.Checkpoint),
            (json, tensors) =>
            {
                CheckpointText text =
                    JsonSerializer.Deserialize(json, CheckpointJsonContext.Default.CheckpointText)
                    ?? throw new JsonException("it is empty");
                if (text.Trial != trial.Value)
                    throw new InvalidDataException($"it is of another trial, {text.Trial}");
                return new Checkpoint(trial, NetworkTensors.Read(text.Updates, text.Layers, tensors), text.History);
            }
        );
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public void SaveWeights(TrialId trial, int epoch, IReadOnlyList<float[]> weights) =>
        Write(
            _files.PathOf(trial, CheckpointFiles.Weights(epoch)),
            JsonSerializer.SerializeToUtf8Bytes(new WeightsText(trial.Value, epoch), CheckpointJsonContext.Default.WeightsText),
            weights
        );

    /// <inheritdoc/>
    public IReadOnlyList<float[]>? LoadWeights(TrialId trial, int epoch) =>
        Read(
            _files.PathOf(trial, CheckpointFiles.Weights(epoch)),
            (json, tensors) =>
            {
                WeightsText? text = JsonSerializer.Deserialize(json, CheckpointJsonContext.Default.WeightsText);
                return text?.Trial == trial.Value && text.Epoch == epoch
                    ? tensors
                    : throw new InvalidDataException("it is of another trial or epoch");
            }
        );

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public void SaveNetwork(TrialId trial, int epoch, NetworkState state)
    {
        NetworkText text = new(trial.Value, epoch, state.Updates, NetworkTensors.TextOf(state));
        Write(
            _files.PathOf(trial, CheckpointFiles.Network(epoch)),
            JsonSerializer.SerializeToUtf8Bytes(text, CheckpointJsonContext.Default.NetworkText),
            NetworkTensors.Of(state)
        );
    }

    /// <inheritdoc/>
    public NetworkState? LoadNetwork(TrialId trial, int epoch) =>
        Read(
            _files.PathOf(trial, CheckpointFiles.Network(epoch)),
            (json, tensors) =>
            {
                NetworkText? text = JsonSerializer.Deserialize(json, CheckpointJsonContext.Default.NetworkText);
                return text?.Trial == trial.Value && text.Epoch == epoch
                    ? NetworkTensors.Read(text.Updates, text.Layers, tensors)
                    : throw new InvalidDataException("it is of another trial or epoch");
            }
        );

    /// <inheritdoc/>
    public void DeleteNetwork(TrialId trial, int epoch)
    {
        string path = _files.PathOf(trial, CheckpointFiles.Network(epoch));
        if (File.Exists(path))
            File.Delete(path);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public void SavePredictions(TrialPredictions predictions)
    {
        string path = _files.PathOf(predictions.Trial, CheckpointFiles.Predictions);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, stream => PredictionFile.Write(stream, predictions));
    }

    /// <inheritdoc/>
    public TrialPredictions? LoadPredictions(TrialId trial) =>
        Read(
            _files.PathOf(trial, CheckpointFiles.Predictions),
            file =>
                PredictionFile.Read(file) is var read && read.Trial == trial
                    ? read
                    : throw new InvalidDataException("they are of another trial")
        );

    /// <inheritdoc/>
    public void Delete(TrialId trial) => _files.Delete(trial);

    // An attempt begins by loading; what an earlier attempt's killed process had half written is of no use to it.
    private void DeleteLeftovers(TrialId trial)
    {
        string folder = _files.FolderOf(trial);
        if (!Directory.Exists(folder))
            return;
        try
        {
            foreach (string leftover in Directory.GetFiles(folder, "*" + DurableFile.TemporarySuffix))
                File.Delete(leftover);
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            _log?.Invoke($"{folder} could not be tidied: {OneLine.Of(e.Message)}");
        }
    }

    private static void Write(string path, byte[] text, IReadOnlyList<float[]> tensors)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Write(path, stream => TensorFile.Write(stream, text, tensors));
    }

    private T? Read<T>(string path, Func<byte[], float[][], T> use)
        where T : class =>
        Read(
            path,
            file =>
            {
                (byte[] text, float[][] tensors) = TensorFile.Read(file);
                return use(text, tensors);
            }
        );

    private T? Read<T>(string path, Func<Stream, T> use)
        where T : class
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using FileStream file = File.OpenRead(path);
            return use(file);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException || DiskProblem.IsOne(e))
        {
            _log?.Invoke($"{path} is not used: {OneLine.Of(e.Message)}");
            return null;
        }
    }
}
