using System.Globalization;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Checkpoints;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Models;

/// <summary>
/// The models of a run, <c>TRIAL-SHA256.model</c>, and <c>TRIAL-0007-SHA256.model</c> of an epoch before the last: the
/// name says whose it is and what is in it, so the same model has the same name, and a file that was changed does not
/// have its own. Safe from several threads.
/// </summary>
/// <param name="folder">The run's <c>models</c> folder, which is made when it is needed.</param>
/// <param name="classNames">The names of the classes of a trial's data set; null where they are not known.</param>
public sealed class ModelFolder(string folder, Func<PlannedTrial, IReadOnlyList<string>>? classNames = null)
{
    // What a model takes beside its tensors: more than its settings and the names of its classes come to.
    private const long TextBytes = 16_384;

    private const string Ending = ".model";

    private readonly TrialFiles _files = new(folder, Ending);
    private readonly Lock _adding = new();
    private long? _bytes;

    /// <summary>Which networks are kept.</summary>
    public KeptModels Which { get; init; } = KeptModels.Last;

    /// <summary>
    /// How many bytes all of them may take; beyond it none is added. Models of <see cref="Dropped"/> trials are deleted
    /// where one that is asked for needs their room.
    /// </summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>How many trials the run has, of which each shall find room for one network.</summary>
    public int Trials { get; init; }

    /// <summary>The trials that the run does not ask for any more.</summary>
    public IReadOnlySet<TrialId> Dropped { get; init; } = new HashSet<TrialId>();

    /// <summary>Bytes of all models.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public long Bytes => _bytes ??= _files.Bytes;

    /// <summary>
    /// Keeps the networks of a completed trial. What is there already stays: the first result of a trial is the one
    /// that its run has.
    /// </summary>
    /// <param name="trial">The trial, whose result is on record.</param>
    /// <param name="checkpoint">Its last one, which may come from a worker.</param>
    /// <param name="after">The network after an earlier epoch, which may come from a worker as well; null if it is
    /// not there.</param>
    /// <returns>What is not kept and why, in words for the log; null if all is.</returns>
    /// <exception cref="IOException">The disk is full, read-only or failing.</exception>
    public string? Keep(PlannedTrial trial, Checkpoint checkpoint, Func<int, NetworkState?> after)
    {
        if (
            checkpoint.Trial != trial.Id
            || checkpoint.History.Count != trial.Settings.Epochs
            || checkpoint.History[^1].Epoch != trial.Settings.Epochs
        )
            return "its checkpoint is not of its last epoch";
        string[] classes = [.. (classNames?.Invoke(trial) ?? []).Select(name => OneLine.Of(name))];
        List<(int Epoch, string Why)> lacks = [];
        foreach (int epoch in Which.EpochsOf(checkpoint.History).Where(epoch => PathOf(trial, epoch) is null))
        {
            if ((epoch == trial.Settings.Epochs ? checkpoint.State : after(epoch)) is not { } state)
                lacks.Add((epoch, "it is not here"));
            else if (ModelFile.Fault(trial, state) is { } fault)
                lacks.Add((epoch, $"it cannot be one of it: {fault}"));
            else if (!Write(trial, epoch, state, classes))
                lacks.Add((epoch, $"run.models_limit ({ByteSize.Text(Limit)}) has no room for it"));
        }
        return lacks.Count == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"that of epoch {lacks[0].Epoch}{(lacks.Count > 1 ? $" and {lacks.Count - 1} others" : "")}: {lacks[0].Why}"
            );
    }

    /// <inheritdoc cref="TrialFiles.ContentOf"/>
    public IReadOnlyList<(string Name, byte[] Content)> FilesOf(TrialId trial) => _files.ContentOf(trial);

    /// <summary>
    /// Keeps a model that another run has kept of a trial, as this version of the program writes it: what an earlier one
    /// has written gets another name.
    /// </summary>
    /// <param name="wanted">The epochs whose networks are wanted.</param>
    /// <returns>Whether it was one of the trial's models; it is not kept if it is not wanted, is no model, or there is no
    /// room.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public bool Import(PlannedTrial trial, string name, ReadOnlyMemory<byte> content, IReadOnlyList<int> wanted)
    {
        if (Owner(name) is not { } owner || owner.Trial != trial.Id.Value)
            return false;
        int epoch = owner.Epoch == TrialFiles.Last ? trial.Settings.Epochs : owner.Epoch;
        if (
            wanted.Contains(epoch)
            && PathOf(trial, epoch) is null
            && ModelFile.Read(name, () => new MemoryStream(content.ToArray(), writable: false))
                is { IsOk: true, Value: var model }
        )
            Add(trial, epoch, content.Length, model);
        return true;
    }

    /// <summary>Whether each network is there that the run would keep of a completed trial.</summary>
    public bool IsComplete(PlannedTrial trial) =>
        Which == KeptModels.None
        || (
            Which == KeptModels.All
                ? _files.Find(trial.Id) is not null && _files.EpochsOf(trial.Id).Count >= trial.Settings.Epochs - 1
                : Has(trial.Id)
        );

    /// <summary>Whether a network of a trial is kept.</summary>
    public bool Has(TrialId trial) => _files.Find(trial) is not null || _files.EpochsOf(trial).Count > 0;

    /// <summary>The file of a trial's network after an epoch; null if it is not kept.</summary>
    public string? PathOf(PlannedTrial trial, int epoch) => PathOf(trial.Id, epoch, trial.Settings.Epochs);

    /// <summary>The same for a trial of so many epochs.</summary>
    public string? PathOf(TrialId trial, int epoch, int epochs) => _files.Find(trial, epoch == epochs ? TrialFiles.Last : epoch);

    /// <summary>The files of models, by trial and epoch.</summary>
    public Result<IReadOnlyList<string>> Files() => _files.All();

    /// <summary>The trial that a model of that file name is of, and the epoch, 0 for the last; null for no model.</summary>
    internal static (string Trial, int Epoch)? Owner(string name) => TrialFiles.Owner(name, Ending);

    private bool Write(PlannedTrial trial, int epoch, NetworkState state, string[] classes)
    {
        bool isLast = epoch == trial.Settings.Epochs,
            fit = classes.Length == state.Layers[^1].NeuronCount;
        TrainedModel model = new(trial.WithoutPlace(), state, fit ? classes : []) { Epoch = isLast ? null : epoch };
        long size = TextBytes + (sizeof(float) * NetworkTensors.Of(state).Sum(tensor => (long)tensor.Length));
        return Add(trial, epoch, size, model);
    }

    private bool Add(PlannedTrial trial, int epoch, long bytes, TrainedModel model)
    {
        lock (_adding)
        {
            if (!HasRoom(trial, epoch, bytes))
                return false;
            _bytes = Bytes + bytes;
            _files.Write(
                trial.Id,
                stream => ModelFile.Write(stream, model),
                epoch == trial.Settings.Epochs ? TrialFiles.Last : epoch
            );
            return true;
        }
    }

    // One network of each trial comes first: what is kept beside it must leave room for those of the trials to come.
    private bool HasRoom(PlannedTrial trial, int epoch, long bytes)
    {
        bool isBeside = Which == KeptModels.All && epoch != trial.Settings.Epochs;
        long reserved =
            isBeside && Limit < long.MaxValue ? bytes * Math.Max(0, Trials - _files.Trials.Count(t => !Dropped.Contains(t))) : 0;
        return bytes <= Limit - Bytes - reserved || MakeRoom(bytes + reserved);
    }

    private bool MakeRoom(long bytes)
    {
        (TrialId Trial, long Bytes)[] dropped =
        [
            .. _files.Trials.Where(Dropped.Contains).Select(trial => (trial, _files.BytesOf(trial))),
        ];
        if (bytes > Limit - Bytes + dropped.Sum(t => t.Bytes))
            return false;
        foreach ((TrialId trial, long freed) in dropped.TakeWhile(_ => bytes > Limit - Bytes))
        {
            _files.Delete(trial);
            _bytes = Bytes - freed;
        }
        return true;
    }
}
