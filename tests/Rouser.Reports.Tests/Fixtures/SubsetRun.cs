using Rouser.Results;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Reports.Tests.Fixtures;

/// <summary>
/// What <c>sweeps/reproduce-subset.yaml</c> plans, with curves as they might be: two studies beside the paper.
/// </summary>
internal static class SubsetRun
{
    private const int Epochs = 30;

    public static ResultTables Build()
    {
        string path = Repository.Path("sweeps", "reproduce-subset.yaml");
        SweepSpec spec = SpecReader.Read(path, File.ReadAllText(path), []).Value;
        Plan plan = Planner.Create(spec, _ => new string('d', 64), _ => FusedEngine.Version).Value;
        Dictionary<TrialId, PlannedTrial> trials = plan.Trials.ToDictionary(t => t.Id);
        RunTables run = new() { Arms = [.. plan.Cells.Select(c => c.Arm).Distinct()], Reach = [0.5, 0.8, 0.9] };
        foreach (Cell cell in plan.Cells)
            run.Add(
                PlausibleRun.Trial(cell.Study, cell.Arm, cell.Setting, (int)cell.Seed, Epochs) with
                {
                    Base = trials[cell.Trial].Parameters.Values.ToDictionary(p => p.Key, p => p.Value.ToString()!),
                }
            );
        return run.Build();
    }
}
