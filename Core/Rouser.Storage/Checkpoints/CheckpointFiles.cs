using System.Globalization;
using Rouser.Storage.Files;
using Rouser.Sweeps;

namespace Rouser.Storage.Checkpoints;

/// <summary>
/// Where the files of checkpoints lie: a folder per trial, in it <c>checkpoint</c>, a <c>weights-0007</c> per epoch, a
/// <c>network-0007</c> per epoch whose network is to be kept, and after the last one <c>predictions</c>. Names are
/// checked, because they may come from a journal or from another machine.
/// </summary>
/// <param name="folder">The folder of all trials, which is made when it is needed.</param>
public sealed class CheckpointFiles(string folder)
{
    /// <summary>The file with a trial's state.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>The file with what the network says of the test samples after the last epoch.</summary>
    public const string Predictions = "predictions";

    private const string WeightsPrefix = "weights-",
        NetworkPrefix = "network-";

    // An epoch has four digits, and up to ten where they do not do.
    private const int LeastDigits = 4,
        MostDigits = 10;

    /// <summary>The file with the weights after an epoch.</summary>
    public static string Weights(int epoch) => Name(WeightsPrefix, epoch);

    /// <summary>The file with the whole network after an epoch.</summary>
    public static string Network(int epoch) => Name(NetworkPrefix, epoch);

    /// <summary>Whether a trial has a file of that name.</summary>
    public static bool IsName(string file) => file is Checkpoint or Predictions || !DigitsOf(file).IsEmpty;

    /// <summary>
    /// The epoch after which the weights or the network in a file of that name are; null for a name of neither.
    /// </summary>
    public static int? EpochOf(string file) =>
        int.TryParse(DigitsOf(file), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) ? epoch : null;

    /// <summary>Whether a file of that name has a whole network.</summary>
    public static bool IsNetwork(string file) => IsName(file) && file.StartsWith(NetworkPrefix, StringComparison.Ordinal);

    private static string Name(string prefix, int epoch) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{epoch:D4}");

    private static ReadOnlySpan<char> DigitsOf(string file)
    {
        string? prefix = Array.Find([WeightsPrefix, NetworkPrefix], p => file.StartsWith(p, StringComparison.Ordinal));
        ReadOnlySpan<char> digits = prefix is null ? default : file.AsSpan(prefix.Length);
        return digits.Length is >= LeastDigits and <= MostDigits && !digits.ContainsAnyExceptInRange('0', '9') ? digits : default;
    }

    /// <summary>Whether a trial may have that identity.</summary>
    public static bool IsTrial(string trial) =>
        trial.Length is > 0 and <= 64 && trial.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The folder of a trial's files.</summary>
    /// <exception cref="ArgumentException">It is no trial's identity.</exception>
    public string FolderOf(TrialId trial) =>
        IsTrial(trial.Value)
            ? Path.Combine(folder, trial.Value)
            : throw new ArgumentException($"'{trial.Value}' is not a trial's identity.", nameof(trial));

    /// <summary>The place of one of a trial's files.</summary>
    /// <exception cref="ArgumentException">The name is none of a trial's identity or file.</exception>
    public string PathOf(TrialId trial, string file) =>
        IsName(file)
            ? Path.Combine(FolderOf(trial), file)
            : throw new ArgumentException($"'{file}' is no file of a checkpoint.", nameof(file));

    /// <summary>Replaces a file atomically by what comes. Of several writers the last one's stays.</summary>
    /// <exception cref="IOException">The disk is full, read-only or failing; the file is as it was.</exception>
    public async Task ReplaceAsync(TrialId trial, string file, Func<Stream, Task> write)
    {
        string path = PathOf(trial, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string own = $"{path}.{Path.GetRandomFileName()}{DurableFile.TemporarySuffix}";
        await DurableFile.WriteAsync(path, own, write).ConfigureAwait(false);
    }

    /// <summary>Removes all files of a trial.</summary>
    public void Delete(TrialId trial)
    {
        string place = FolderOf(trial);
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
    }
}
