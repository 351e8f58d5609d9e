using System.Globalization;
using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Storage.Runs;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Orchestrator.Sessions;

/// <summary>How many seeds a difference between arms takes, from the spread that a run has shown so far.</summary>
internal static class SeedsNeeded
{
    private const double Power = 0.8;

    private static readonly double[] Points = [0.5, 1, 2, 5];

    /// <summary>Says it; nothing where there is no run, or it compares nothing.</summary>
    /// <param name="folder">The run; null for runs/NAME.</param>
    /// <returns>Whether all went well.</returns>
    public static bool Show(SweepSpec spec, string? folder)
    {
        string run = folder ?? Path.Combine("runs", spec.Name);
        if (spec.Report.CompareTo is null || (folder is null && !File.Exists(new RunPaths(run).Run)))
            return true;
        Result<NamedRun> results = RunResults.Read(run, journal: null);
        if (!results.IsOk)
        {
            Terminal.WriteError(results.Errors);
            return false;
        }
        if (!spec.Metric.IsShare)
            return true;
        foreach (StudyResults study in results.Value.Model.Studies)
        {
            if (SpreadOf(study, spec.Report.CompareTo) is not { Spread: > 0 } seen)
                continue;
            SeedBudget? budget = spec.Run.Budgets?.OfStudy.GetValueOrDefault(study.Name);
            Terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"spread of {spec.Metric.Name} between seeds in {run}, study {study.Name}: differences against "
                        + $"{spec.Report.CompareTo} have a standard deviation of {seen.Spread:F2} points ({seen.Pairs} pairs of seeds)"
                )
            );
            foreach (double points in Points)
                Terminal.Line(
                    $"  a difference of {Text(points)} points takes {Describe(points / seen.Spread, budget, seen.Comparisons)}"
                );
        }
        return true;
    }

    /// <summary>The standard deviation of paired differences in points, over all comparisons of a study.</summary>
    private static (double Spread, int Pairs, int Comparisons)? SpreadOf(StudyResults study, string baselineArm)
    {
        double squares = 0;
        int pairs = 0,
            comparisons = 0;
        foreach (ResultRow row in study.Rows.Where(r => r.Arm != baselineArm))
        {
            if (study.Find(baselineArm, row.Setting) is not { } baseline)
                continue;
            double[] differences =
            [
                .. row
                    .Completed.Join(
                        baseline.Completed,
                        r => r.Seed,
                        r => r.Seed,
                        (own, other) => 100 * (own.Objective - other.Objective)
                    )
                    .OfType<double>()
                    .Where(d => !double.IsNaN(d)),
            ];
            comparisons++;
            if (differences.Length < 2)
                continue;
            double mean = differences.Average();
            squares += differences.Sum(d => (d - mean) * (d - mean));
            pairs += differences.Length;
        }
        return pairs > comparisons ? (Math.Sqrt(squares / (pairs - comparisons)), pairs, comparisons) : null;
    }

    private static string Describe(double effect, SeedBudget? budget, int comparisons)
    {
        if (budget is null)
            return SeedCount.ForPower(effect, Power) is { } n
                ? $"{n} seeds to be found in 80 % of cases"
                : $"more than {SeedCount.Most} seeds";
        GroupSequentialDesign design = budget.Design(comparisons);
        IReadOnlyList<double> power = design.PowerBy(effect);
        int look = power.TakeWhile(p => p < Power).Count();
        return look < power.Count
            ? $"{design.Looks[look]} seeds to be found in 80 % of cases"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"more than {budget.To} seeds (they find it in {100 * power[^1]:F0} % of cases)"
            );
    }

    private static string Text(double points) => points.ToString(CultureInfo.InvariantCulture);
}
