using Spectre.Console.Rendering;

namespace Rouser.Orchestrator.Progress;

/// <summary>A bar in a table's cell. It takes what the other columns leave it, so that it never wraps.</summary>
/// <param name="share">How much of it is full, from 0 to 1.</param>
internal sealed class ProgressBar(double share) : Renderable
{
    private const int Least = 4,
        Most = 20;

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth) =>
        new(Math.Min(Least, maxWidth), Math.Min(Most, maxWidth));

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int width = Math.Min(Most, maxWidth),
            full = (int)Math.Round(width * Math.Clamp(share, 0, 1));
        return [new Segment(new string('━', full) + new string('─', width - full))];
    }
}
