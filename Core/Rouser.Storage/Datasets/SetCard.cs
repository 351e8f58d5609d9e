using System.Text.Json;
using System.Text.Json.Serialization;
using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Files;

namespace Rouser.Storage.Datasets;

/// <summary>What a converted data set knows of itself: a small file beside its Train and Test.</summary>
/// <param name="Width">Columns of the sensor; of an ear, its channels.</param>
/// <param name="Height">Rows of the sensor; 1 for an ear.</param>
/// <param name="Steps">A number of steps that suits it.</param>
/// <param name="StepMs">A length of step that suits it, ms.</param>
public sealed record SetCard(int Width, int Height, int Steps, double StepMs)
{
    private const string FileName = "rouser-dataset.json";

    private const int MaxBytes = 1 << 16;

    /// <summary>The set's description in a sweep file.</summary>
    /// <param name="root">Its folder.</param>
    public string ToYaml(string root) =>
        FormattableString.Invariant(
            $"dataset: {{name: events, root: {root}, width: {Width}, height: {Height}, steps: {Steps}, step_ms: {StepMs}}}"
        );

    /// <summary>The card in a folder; null where there is none.</summary>
    public static Result<SetCard?> Find(string root)
    {
        string path = Path.Combine(root, FileName);
        try
        {
            if (!File.Exists(path))
                return (SetCard?)null;
            if (
                new FileInfo(path).Length <= MaxBytes
                && JsonSerializer.Deserialize(File.ReadAllText(path), SetCardJson.Default.SetCard)
                    is { Width: > 0, Height: > 0, Steps: > 0, StepMs: > 0 } card
            )
                return card;
        }
        catch (JsonException)
        {
            // Told below: what is wrong inside the file is of no use to a user.
        }
        catch (Exception e) when (DiskProblem.IsOne(e))
        {
            return DiskProblem.ToUserError(path, e);
        }
        return new UserError(path, "is damaged; convert the set again, or delete this file");
    }

    internal void Write(string root) =>
        DurableFile.WriteText(Path.Combine(root, FileName), JsonSerializer.Serialize(this, SetCardJson.Default.SetCard));

    /// <summary>Holds the sensor of a sweep against the set's own.</summary>
    internal static Result<SetCard?> Check(string root, DatasetSettings settings) =>
        Find(root)
            .Then<SetCard?>(card =>
                card is null || (card.Width == settings.Width && card.Height == settings.Height)
                    ? card
                    : new UserError(
                        root,
                        $"is a set of {card.Width}×{card.Height}, not {settings.Width}×{settings.Height}; set dataset.width: {card.Width} "
                            + $"and dataset.height: {card.Height}"
                    )
            );
}

/// <summary>The JSON form of <see cref="SetCard"/>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SetCard))]
internal sealed partial class SetCardJson : JsonSerializerContext;
