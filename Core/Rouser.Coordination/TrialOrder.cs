using Rouser.Sweeps;

namespace Rouser.Coordination;

/// <summary>
/// In which order the trials of a plan wait: that of the plan, or the one that it would have with other priorities. The
/// planner's rule (<see cref="Planner"/>): by the priority of the study, then replicate, study, setting and arm; a trial
/// that several cells share stands where the first of them does.
/// </summary>
internal sealed class TrialOrder
{
    private readonly Plan _plan;
    private readonly List<StudyPriority> _studies;

    /// <param name="plan">The plan.</param>
    /// <param name="priorities">Those of the sweep file, of all studies in its order; none if all are 0.</param>
    public TrialOrder(Plan plan, IReadOnlyList<StudyPriority> priorities)
    {
        _plan = plan;
        HashSet<string> known = [.. priorities.Select(p => p.Study)];
        // Where all have the same priority, the first replicates stand in the order of the studies in the file.
        _studies =
        [
            .. priorities,
            .. plan.Cells.Select(c => c.Study).Distinct().Where(s => !known.Contains(s)).Select(s => new StudyPriority(s, 0)),
        ];
    }

    /// <summary>The studies with their priorities.</summary>
    /// <param name="changed">Those that differ from the sweep file's, by study.</param>
    public IReadOnlyList<StudyPriority> Priorities(IReadOnlyDictionary<string, int> changed) =>
        [.. _studies.Select(s => changed.TryGetValue(s.Study, out int priority) ? s with { Priority = priority } : s)];

    /// <summary>The plan indices of the trials in their order.</summary>
    /// <inheritdoc cref="Priorities"/>
    public int[] Of(IReadOnlyDictionary<string, int> changed)
    {
        Dictionary<string, (int Priority, int Place)> studies = [];
        foreach (StudyPriority study in Priorities(changed))
            studies.Add(study.Study, (study.Priority, studies.Count));
        Dictionary<TrialId, int> planIndices = [];
        for (int i = 0; i < _plan.Trials.Count; i++)
            planIndices.Add(_plan.Trials[i].Id, i);

        // A column is a setting of an arm; its cells are its replicates, in their order, and columns stand in the order of
        // their first cells.
        Dictionary<(string, string, string), (int Column, int Cells)> columns = [];
        List<(int Priority, int Replicate, int Study, int Column, int Trial)> cells = new(_plan.Cells.Count);
        foreach (Cell cell in _plan.Cells)
        {
            if (!planIndices.TryGetValue(cell.Trial, out int trial))
                continue;
            (string, string, string) name = (cell.Study, cell.Arm, cell.Setting);
            (int column, int replicate) = columns.TryGetValue(name, out (int, int) seen) ? seen : (columns.Count, 0);
            columns[name] = (column, replicate + 1);
            (int priority, int study) = studies[cell.Study];
            cells.Add((-priority, replicate, study, column, trial));
        }
        cells.Sort();
        return [.. cells.Select(c => c.Trial).Concat(Enumerable.Range(0, _plan.Trials.Count)).Distinct()];
    }
}
