using Rouser.Web.Model;

namespace Rouser.Web.Charts;

/// <summary>What the layers of trials show over their epochs: means over trials, layer by layer.</summary>
/// <param name="Layers">From the first hidden one.</param>
internal sealed record LayerChart(IReadOnlyList<LayerLines> Layers)
{
    /// <summary>Of an arm at a setting of a study, over the seeds that have come that far.</summary>
    public static LayerChart Of(RunView view, string study, string arm, string setting) =>
        Of(
            view,
            [
                .. view
                    .Plan.Cells.Where(c => c.Study == study && c.Arm == arm && c.Setting == setting)
                    .Select(c => view.State.Find(c.Trial)!.PlanIndex),
            ]
        );

    /// <summary>Of trials, by their plan indices.</summary>
    public static LayerChart Of(RunView view, IReadOnlyList<int> trials)
    {
        TrialView[] views = [.. trials.Select(view.Trial).Where(t => t.LayerCount > 0)];
        int layers = views.Select(t => t.LayerCount).DefaultIfEmpty(0).Max();
        return new LayerChart([.. Enumerable.Range(0, layers).Select(l => Lines(l, [.. views.Where(t => l < t.LayerCount)]))]);
    }

    private static LayerLines Lines(int layer, TrialView[] trials)
    {
        int epochs = trials.Max(t => t.Epochs.Count);
        Dictionary<string, IReadOnlyList<double?>> lines = [];
        for (int name = 0; name < LayerNumbers.Names.Count; name++)
        {
            double?[] mean = new double?[epochs];
            for (int e = 1; e <= epochs; e++)
            {
                double sum = 0;
                int n = 0;
                foreach (TrialView trial in trials)
                {
                    if (e <= trial.Epochs.Count && trial.Layer(e, layer)[name] is var value && float.IsFinite(value))
                        (sum, n) = (sum + value, n + 1);
                }
                mean[e - 1] = n > 0 ? sum / n : null;
            }
            lines.Add(LayerNumbers.Names[name], mean);
        }
        return new LayerLines(trials[0].Layer(1, layer).Neurons, lines);
    }
}

/// <summary>A layer of <see cref="LayerChart"/>.</summary>
/// <param name="Neurons">How many it has.</param>
/// <param name="Numbers">By the names of <see cref="LayerNumbers.Names"/>; a number for each epoch, null where the layer
/// has none.</param>
internal sealed record LayerLines(int Neurons, IReadOnlyDictionary<string, IReadOnlyList<double?>> Numbers);
