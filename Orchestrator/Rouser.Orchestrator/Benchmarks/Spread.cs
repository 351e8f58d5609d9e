using System.Diagnostics;
using System.Globalization;

namespace Rouser.Orchestrator.Benchmarks;

/// <summary>Repeated measurements of one thing: their median and quartiles.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Lower">A quarter lies below.</param>
/// <param name="Upper">A quarter lies above.</param>
internal readonly record struct Spread(double Median, double Lower, double Upper)
{
    /// <summary>Of at least one measurement; between two neighbours quantiles are interpolated.</summary>
    public static Spread Of(IEnumerable<double> measurements)
    {
        double[] sorted = [.. measurements.Order()];
        return new Spread(Quantile(0.5), Quantile(0.25), Quantile(0.75));

        double Quantile(double q)
        {
            double at = q * (sorted.Length - 1);
            int below = (int)at;
            return below + 1 == sorted.Length
                ? sorted[below]
                : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
        }
    }

    /// <summary>
    /// Seconds of each action, all in turn, <paramref name="runs"/> times after one round that is not counted. Turns
    /// are taken so that a machine that slows down slows all of them.
    /// </summary>
    /// <remarks>
    /// This, and not BenchmarkDotNet, is the harness: what is measured takes milliseconds to seconds, so that a clock
    /// read before and after is exact enough, and the bound must be measured in the same process and turn.
    /// </remarks>
    public static Spread[] Time(int runs, params Action[] actions) => Time(runs, [], actions);

    /// <summary>The same, with something that is done before each action and not timed.</summary>
    public static Spread[] Time(int runs, Action[] before, Action[] actions)
    {
        double[][] seconds = [.. actions.Select(_ => new double[runs])];
        for (int run = -1; run < runs; run++)
        {
            for (int k = 0; k < actions.Length; k++)
            {
                if (k < before.Length)
                    before[k]();
                double taken = Seconds(actions[k]);
                if (run >= 0)
                    seconds[k][run] = taken;
            }
        }
        return [.. seconds.Select(s => Of(s))];
    }

    /// <summary>How long an action takes, seconds.</summary>
    public static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>In another unit, such as from seconds a run to milliseconds a sample.</summary>
    public Spread Times(double factor) => new(Median * factor, Lower * factor, Upper * factor);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:G3} ({Lower:G3} to {Upper:G3})");
}
