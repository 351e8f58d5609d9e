using System.Security.Cryptography;
using System.Text;
using Rouser.Core.Parameters;
using Rouser.Data;
using Rouser.Snn;

namespace Rouser.Sweeps;

/// <summary>Turns a sweep into its plan. Pure: the same arguments give the same plan.</summary>
/// <remarks>
/// Cells, and with them trials, are ordered by the priority of their study, then replicate, study, setting and arm:
/// the first seed's cells of every study come before any second seed's, and the arms of one setting stand side by
/// side, so that an early report already compares like with like.
/// </remarks>
public static class Planner
{
    /// <summary>The most cells of a plan.</summary>
    public const int MaxCells = 1_000_000;

    /// <summary>
    /// Plans the sweep: studies × arms × points × over × seeds, each distinct trial once. A value's precedence: base,
    /// the study's base, arm, point, over.
    /// </summary>
    /// <param name="spec">The sweep.</param>
    /// <param name="digestOf">The digest of a data set; asked once for each distinct set. Its mistakes are the
    /// plan's.</param>
    /// <param name="engineOf"> The name and version of a training engine, part of a trial's identity; asked once for
    /// each. Its mistakes are the plan's.
    /// </param>
    public static Result<Plan> Create(
        SweepSpec spec,
        Func<DatasetSettings, Result<string>> digestOf,
        Func<EngineKind, Result<string>> engineOf
    )
    {
        double cellCount = spec.Studies.Sum(StudyGrid.CellCount);
        if (cellCount > MaxCells)
            return new UserError("", $"sweep '{spec.Name}' asks for {cellCount:#,0} trainings; {MaxCells:#,0} are the most");
        Dictionary<string, ParameterSet> arms = spec.Arms.ToDictionary(a => a.Name, a => a.Overrides, StringComparer.Ordinal);
        List<StudyColumn> columns = [.. spec.Studies.SelectMany(s => StudyColumn.All(s, spec.Base.With(s.Base), arms))];

        List<UserError> mistakes = [];
        Dictionary<EngineKind, string> engines = Ask(columns.Select(c => c.Settings.Engine), engineOf, mistakes);
        Dictionary<DatasetSettings, string> digests = Ask(columns.Select(c => c.Settings.Dataset), digestOf, mistakes);
        if (mistakes.Count > 0)
            return Result<Plan>.Failed([.. mistakes.Distinct()]);

        List<PlannedTrial> trials = [];
        List<Cell> cells = new((int)cellCount);
        HashSet<TrialId> planned = [];
        List<TrialId[]> identities = [.. columns.Select(c => c.Identities(digests[c.Settings.Dataset], EngineOf(c)))];
        foreach ((StudyColumn column, int replicate, TrialId id) in InOrder(columns, identities))
        {
            long seed = column.Study.Seeds[replicate];
            if (planned.Add(id))
            {
                string digest = digests[column.Settings.Dataset];
                trials.Add(
                    new PlannedTrial(
                        id,
                        column.Used,
                        column.Settings,
                        seed,
                        digest,
                        ParameterSchema.IsSynthetic(column.Used),
                        EngineOf(column)
                    )
                );
            }
            cells.Add(new Cell(column.Study.Name, column.Arm, column.Setting, seed, id));
        }
        return new Plan(spec.Name, Fingerprint(cells), trials, cells);

        string EngineOf(StudyColumn column) => TrialEngine.Of(engines[column.Settings.Engine], column.Used);
    }

    private static IEnumerable<(StudyColumn Column, int Replicate, TrialId Id)> InOrder(
        List<StudyColumn> columns,
        List<TrialId[]> identities
    )
    {
        foreach (
            IGrouping<int, (StudyColumn Column, TrialId[] Ids)> equals in columns
                .Zip(identities)
                .GroupBy(c => c.First.Study.Priority)
                .OrderByDescending(c => c.Key)
        )
        {
            int replicates = equals.Max(c => c.Ids.Length);
            for (int replicate = 0; replicate < replicates; replicate++)
            {
                foreach ((StudyColumn column, TrialId[] ids) in equals)
                {
                    if (replicate < ids.Length)
                        yield return (column, replicate, ids[replicate]);
                }
            }
        }
    }

    /// <summary>The answer for each distinct key; what has none adds its mistakes.</summary>
    private static Dictionary<TKey, string> Ask<TKey>(
        IEnumerable<TKey> keys,
        Func<TKey, Result<string>> ask,
        List<UserError> mistakes
    )
        where TKey : notnull
    {
        Dictionary<TKey, string> answers = [];
        foreach (TKey key in keys.Distinct())
        {
            Result<string> answer = ask(key);
            if (answer.IsOk)
                answers[key] = answer.Value;
            else
                mistakes.AddRange(answer.Errors);
        }
        return answers;
    }

    /// <summary>
    /// SHA-256 (hex) of the cells' lines in ordinal order, so that moving an arm or a study in the file leaves the
    /// sweep the same.
    /// </summary>
    internal static string Fingerprint(IReadOnlyList<Cell> cells)
    {
        string[] lines =
        [
            .. cells.Select(c => $"{c.Study}\t{c.Arm}\t{FormerNames.ForFingerprint(c.Setting)}\t{c.Seed}\t{c.Trial}\n"),
        ];
        Array.Sort(lines, StringComparer.Ordinal);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A study's setting of one arm: a cell for each seed.</summary>
    private sealed record StudyColumn(Study Study, string Arm, string Setting, ParameterSet Used, TrialSettings Settings)
    {
        /// <summary>One for each of the study's seeds.</summary>
        public TrialId[] Identities(string digest, string engineVersion)
        {
            string head = TrialIdentity.Head(Used);
            return [.. Study.Seeds.Select(seed => TrialIdentity.Hash(head + TrialIdentity.Tail(seed, digest, engineVersion)))];
        }

        public static IEnumerable<StudyColumn> All(Study study, ParameterSet common, Dictionary<string, ParameterSet> arms)
        {
            foreach (StudySetting setting in StudyGrid.Settings(study))
            {
                foreach (string arm in study.Arms)
                {
                    ParameterSet used = ParameterSchema.Used(common.With(arms[arm]).With(setting.Overrides));
                    yield return new StudyColumn(study, arm, setting.Text, used, TrialSettings.FromUsed(used));
                }
            }
        }
    }
}
