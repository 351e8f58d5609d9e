using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Web.Model;

namespace Rouser.Web.Charts;

/// <summary>Learning curves of a study: a line for each arm at each setting, over its seeds.</summary>
/// <param name="Lines">In the order of settings, then of arms.</param>
internal sealed record CurveChart(IReadOnlyList<CurveLine> Lines)
{
    /// <summary>
    /// A metric over epochs, also of trials that are still trained: of each epoch the seeds that have come that far.
    /// As in the report's figures the band reaches from the lowest to the highest seed.
    /// </summary>
    /// <param name="view">The run.</param>
    /// <param name="study">The study's name.</param>
    /// <param name="metric">The metric's name.</param>
    public static CurveChart Of(RunView view, string study, string metric)
    {
        return new CurveChart([
            .. view
                .Plan.Cells.Where(c => c.Study == study)
                .GroupBy(c => (c.Setting, c.Arm))
                .Select(row => Line(view, row.Key.Arm, row.Key.Setting, [.. row], metric))
                .Where(line => line.N.Count > 0),
        ]);
    }

    private static CurveLine Line(RunView view, string arm, string setting, Cell[] cells, string metric)
    {
        TrialStatus[] trials = [.. cells.Select(c => view.State.Find(c.Trial)!)];
        int epochs = trials.Max(t => view.Trial(t.PlanIndex).Epochs.Count);
        double?[] mean = new double?[epochs],
            low = new double?[epochs],
            high = new double?[epochs];
        int[] n = new int[epochs];
        for (int e = 0; e < epochs; e++)
        {
            double sum = 0,
                min = double.PositiveInfinity,
                max = double.NegativeInfinity;
            foreach (TrialStatus trial in trials)
            {
                List<EpochPoint> own = view.Trial(trial.PlanIndex).Epochs;
                if (e >= own.Count || own[e].ValueOf(metric) is not { } value || !double.IsFinite(value))
                    continue;
                (sum, n[e]) = (sum + value, n[e] + 1);
                (min, max) = (Math.Min(min, value), Math.Max(max, value));
            }
            if (n[e] > 0)
                (mean[e], low[e], high[e]) = (sum / n[e], min, max);
        }
        return new CurveLine(
            arm,
            setting,
            trials.Length,
            trials.Count(t => t.State == TrialState.Completed),
            [.. trials.Select(t => t.PlanIndex)],
            mean,
            low,
            high,
            n
        );
    }
}

/// <summary>A line of <see cref="CurveChart"/>; its lists have a number for each epoch, from the first.</summary>
/// <param name="Arm">The arm's name.</param>
/// <param name="Setting">As the plan writes it.</param>
/// <param name="Seeds">How many seeds are planned.</param>
/// <param name="Completed">How many of them have their result.</param>
/// <param name="Trials">Their plan indices.</param>
/// <param name="Mean">Over the seeds that have come that far.</param>
/// <param name="Low">The lowest of them.</param>
/// <param name="High">The highest.</param>
/// <param name="N">How many they are.</param>
internal sealed record CurveLine(
    string Arm,
    string Setting,
    int Seeds,
    int Completed,
    IReadOnlyList<int> Trials,
    IReadOnlyList<double?> Mean,
    IReadOnlyList<double?> Low,
    IReadOnlyList<double?> High,
    IReadOnlyList<int> N
);
