using Rouser.Core;
using Rouser.Data;
using Rouser.Orchestrator.Progress;
using Rouser.Storage.Datasets;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Sessions;

/// <summary>
/// Finds the data sets of a sweep: what the sweep file leaves relative is resolved here, once, for planning and for
/// training.
/// </summary>
internal sealed class DataSource
{
    private static readonly PackedDatasets Packed = PackedDatasets.OfUser();

    private const string WarningMark = "  warning: ";

    private readonly HashSet<DatasetSettings> _checked = [];
    private readonly List<string> _described = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _classes = new(StringComparer.Ordinal);
    private readonly string _workingFolder;
    private readonly string? _dataFolder;
    private readonly DatasetCache _cache;
    private Action<DatasetProgress>? _watch;

    /// <summary>Finds data sets.</summary>
    /// <param name="workingFolder">What relative folders refer to.</param>
    /// <param name="dataFolder">The folder given with <c>--data</c>, which goes before the sweep file's; null
    /// without.</param>
    public DataSource(string workingFolder, string? dataFolder)
    {
        (_workingFolder, _dataFolder) = (workingFolder, dataFolder);
        _cache = new((settings, stop) => DatasetLoader.Load(settings, Packed, stop, _watch));
    }

    /// <summary>
    /// What was seen of the sets that were checked, a sentence each: for the terminal and the report.
    /// </summary>
    public IReadOnlyList<string> Described => _described;

    /// <summary>The names of the classes of the sets that were checked, by the digest of the set.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Classes => _classes;

    /// <summary>Whether nothing is shown while a large set is read.</summary>
    public bool Quiet { get; init; }

    /// <summary>
    /// Ends <see cref="Digest"/> and <see cref="Check"/> between two recordings, with an
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The digest of a data set, without keeping its samples.</summary>
    public Result<string> Digest(DatasetSettings settings)
    {
        using var view = DatasetProgressView.OnTerminal(Quiet);
        return DatasetLoader.Digest(Resolve(settings), Packed, Stop, view.Show);
    }

    /// <summary>A data set; trials share it.</summary>
    public Result<Dataset> Load(DatasetSettings settings, CancellationToken stop) => _cache.Get(Resolve(settings), stop);

    /// <summary>
    /// Loads every data set of a plan once, so that one that is missing, damaged or not the one that was planned is
    /// told of before anything is made, and fails no trial.
    /// </summary>
    public Result<Plan> Check(Plan plan)
    {
        foreach (IGrouping<DatasetSettings, PlannedTrial> trials in plan.Trials.GroupBy(t => t.Settings.Dataset))
        {
            if (_checked.Contains(trials.Key))
                continue;
            Result<Dataset> loaded = LoadAndShow(trials.Key);
            if (!loaded.IsOk)
                return Result<Plan>.Failed(loaded.Errors);
            if (trials.Any(t => t.DataDigest != loaded.Value.Digest))
            {
                return new UserError(
                    Resolve(trials.Key).Root ?? trials.Key.Name,
                    "the data has changed since the sweep was planned; restore it, name its folder with --data, or run the sweep into a new folder"
                );
            }
            _checked.Add(trials.Key);
            Note(loaded.Value, Resolve(trials.Key).Root ?? trials.Key.Name);
        }
        return plan;
    }

    /// <summary>
    /// Prints what was seen of the sets that were checked; their warnings stand on standard error already.
    /// </summary>
    public void Describe()
    {
        foreach (string line in _described.Where(line => !line.StartsWith(WarningMark, StringComparison.Ordinal)))
            Terminal.Line(line);
    }

    private void Note(Dataset set, string place)
    {
        if (set.Findings is not { } findings)
            return;
        _classes[set.Digest] = findings.ClassNames;
        IReadOnlyList<string> warnings = findings.Warnings();
        _described.Add(
            $"data: {set.Name}{DatasetCatalog.MarkOf(set.Name, set.Synthetic)}, {DisplayText.Count(set.Train.Count, "train sample")}, "
                + $"{DisplayText.Count(set.Test.Count, "test sample")}, digest {set.Digest[..12]}"
        );
        _described.AddRange(findings.Lines().Select(line => $"  {line}"));
        _described.AddRange(warnings.Select(warning => WarningMark + warning));
        // A generator makes what it is asked for.
        if (set.Synthetic)
            return;
        foreach (string warning in warnings)
            Terminal.Warn(place, warning);
    }

    /// <summary>Only here, before any trial runs: a sweep's progress is then not drawn yet.</summary>
    private Result<Dataset> LoadAndShow(DatasetSettings settings)
    {
        using var view = DatasetProgressView.OnTerminal(Quiet);
        _watch = view.Show;
        Result<Dataset> loaded = Load(settings, Stop);
        _watch = null;
        return loaded;
    }

    private DatasetSettings Resolve(DatasetSettings settings)
    {
        if (settings.Root is null)
            return settings;
        if (_dataFolder is null)
            return settings with { Root = Path.GetFullPath(UserPath.Expand(settings.Root), _workingFolder) };

        // --data may name the set's own folder, or the one that holds it under its name.
        string named = Path.Combine(_dataFolder, settings.Name);
        return settings with { Root = Directory.Exists(named) ? named : _dataFolder };
    }
}
