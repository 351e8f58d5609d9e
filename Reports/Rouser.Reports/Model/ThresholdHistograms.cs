using Rouser.Core;
using Rouser.Results;

namespace Rouser.Reports.Model;

/// <summary>
/// How the thresholds of layers are spread, epoch by epoch. They are texts, which take more memory than all numbers of
/// the layers table, and a report draws those of a few trials.
/// </summary>
public sealed class ThresholdHistograms
{
    private static readonly TableColumn[] Needed =
    [
        LayersTable.TrialId,
        LayersTable.Epoch,
        LayersTable.Layer,
        LayersTable.ThresholdHistogram,
    ];

    // Not before one is asked for, which a page that shows the numbers of a run never does.
    private readonly Lazy<Dictionary<(string Trial, int Epoch, int Layer), string>> _texts;

    private readonly IReadOnlyList<TableRows> _parts;

    private ThresholdHistograms(IReadOnlyList<TableRows> parts) => (_parts, _texts) = (parts, new(() => Read(parts)));

    /// <summary>Of no trial.</summary>
    public static ThresholdHistograms None { get; } = new([]);

    /// <summary>The names of the columns that hold them.</summary>
    public static IReadOnlySet<string> Columns { get; } = Needed.Select(c => c.Name).ToHashSet();

    /// <summary>Those in parts of a layers table; none of one of before they were recorded.</summary>
    /// <param name="mistakes">Gets a line for each column that is damaged or of another type.</param>
    public static ThresholdHistograms In(IEnumerable<Table> parts, ICollection<UserError> mistakes) =>
        new([
            .. parts
                .Where(part => part.Find(LayersTable.ThresholdHistogram.Name) is not null)
                .Select(part => new TableRows(part, Needed, mistakes)),
        ]);

    /// <summary>Those of several runs, of which a trial that they share has the same in each.</summary>
    public static ThresholdHistograms Of(IEnumerable<ThresholdHistograms> runs) => new([.. runs.SelectMany(r => r._parts)]);

    /// <summary>
    /// Neurons per bin, in equal bins from the smallest to the largest threshold; one bin where all thresholds are
    /// equal; null where it was not recorded. Parsed at each call.
    /// </summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="layer">From 1.</param>
    public int[]? Find(string trial, int layer, int epoch) =>
        _texts.Value.GetValueOrDefault((trial, epoch, layer)) is { } text ? HistogramText.Read(text) : null;

    private static Dictionary<(string Trial, int Epoch, int Layer), string> Read(IReadOnlyList<TableRows> parts)
    {
        Dictionary<(string Trial, int Epoch, int Layer), string> texts = [];
        foreach (TableRows rows in parts)
        {
            for (int row = 0; row < rows.Count; row++)
            {
                if (rows.Find(LayersTable.ThresholdHistogram, row) is { } text)
                    texts[
                        (
                            rows.Value(LayersTable.TrialId, row),
                            rows.Value(LayersTable.Epoch, row),
                            rows.Value(LayersTable.Layer, row)
                        )
                    ] = text;
            }
        }
        return texts;
    }
}
