using System.Globalization;
using Rouser.Core;
using Rouser.Storage.Files;
using Rouser.Storage.Runs;

namespace Rouser.Storage.Models;

/// <summary>
/// How a user names a model: its file, or <c>DIR/TRIAL</c> and <c>DIR/TRIAL@EPOCH</c>, where DIR is the folder of the
/// run or of its models and TRIAL the identity of the trial or its beginning.
/// </summary>
public static class ModelReference
{
    private const int MostNamed = 4;

    /// <summary>The file that a user means.</summary>
    /// <returns>Its path; or why that is none, with the remedy.</returns>
    public static Result<string> Find(string text)
    {
        if (File.Exists(text))
            return text;
        if (Directory.Exists(text))
            return new UserError(text, "is a folder; name a model in it, as `rouser models` lists those of a run");
        string name = Path.GetFileName(text);
        string place = Path.GetDirectoryName(text) is { Length: > 0 } parent ? parent : ".";
        RunPaths run = new(place);
        string folder = File.Exists(run.Run) ? run.Models : place;
        string[] parts = name.Split('@');
        int epoch = TrialFiles.Last;
        bool isReference =
            parts.Length <= 2
            && parts[0].Length > 0
            && parts[0].All(char.IsAsciiHexDigitLower)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out epoch));
        return isReference && Directory.Exists(folder)
            ? Find(text, folder, parts[0], parts.Length == 1 ? null : epoch)
            : new UserError(
                text,
                "there is no such model; name its file, or DIR/TRIAL or DIR/TRIAL@EPOCH as `rouser models DIR` lists them"
            );
    }

    private static Result<string> Find(string text, string folder, string beginning, int? epoch)
    {
        ModelFolder models = new(folder);
        Result<IReadOnlyList<string>> files = models.Files();
        if (!files.IsOk)
            return Result<string>.Failed(files.Errors);
        (string File, string Trial, int Epoch)[] found =
        [
            .. files
                .Value.Where(file => Path.GetFileName(file).StartsWith(beginning, StringComparison.Ordinal))
                .Select(file => (File: file, Owner: ModelFolder.Owner(Path.GetFileName(file))))
                .Where(file => file.Owner is not null)
                .Select(file => (file.File, file.Owner!.Value.Trial, file.Owner.Value.Epoch)),
        ];
        string[] trials = [.. found.Select(file => file.Trial).Distinct()];
        if (trials.Length != 1)
            return new UserError(
                text,
                trials.Length == 0
                    ? "there is no such model; `rouser models` lists those of a run"
                    : $"{trials.Length} trials begin so: {string.Join(", ", trials.Take(MostNamed))}; give more digits"
            );
        // Without an epoch the one that the run kept last: that of the last epoch, or the best.
        (string? File, string, int) one = epoch is null or TrialFiles.Last ? found[^1] : Array.Find(found, f => f.Epoch == epoch);
        if (one.File is null && ModelFile.Read(found[^1].File) is { IsOk: true, Value: var last } && last.Epoch is null)
            one = last.Trial.Settings.Epochs == epoch ? found[^1] : default;
        return one.File is { } file
            ? file
            : new UserError(
                text,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"there is no model of epoch {epoch}; `rouser models` lists those there are"
                )
            );
    }
}
