using System.Globalization;
using Rouser.Data;

namespace Rouser.Storage.Datasets;

/// <summary>
/// A binning in the words of a digest. What came later is silent at its default, so that older digests stay.
/// </summary>
internal static class BinningText
{
    /// <summary><c> steps 300 step_ms 1</c>, and what else is not as usual.</summary>
    public static string Of(EventBinning binning)
    {
        RasterOptions o = binning.Options;
        // Where there is one polarity, that it is merged says nothing.
        bool merged = o.MergePolarities && binning.Height > 1;
        return string.Create(CultureInfo.InvariantCulture, $" steps {binning.Steps} step_ms {binning.StepMilliseconds}")
            + (merged ? " merged" : "")
            + Said("crop", o.Crop, 0)
            + Said("downsample", o.Downsample, 1)
            + Said("min_events", o.MinEvents, 1)
            + Said("events_per_step", o.EventsPerStep, 0);
    }

    private static string Said(string name, int value, int usual) =>
        value == usual ? "" : string.Create(CultureInfo.InvariantCulture, $" {name} {value}");
}
