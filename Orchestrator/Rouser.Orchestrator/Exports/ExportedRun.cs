using System.Globalization;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Core.Parameters;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Orchestrator.Exports;

/// <summary>
/// The tables of a run by trials, as the tools want it that show trials. Layers, which are most of a run, are read once
/// and a part at a time.
/// </summary>
internal sealed class ExportedRun
{
    private const int IdentityLength = 32;

    private readonly Dictionary<string, List<int>> _epochRows = new(StringComparer.Ordinal);
    private readonly TableRows _epochs;
    private readonly NumberColumns _epochNumbers;
    private readonly ResultParts _tables;

    private ExportedRun(ResultParts tables, RunMetadata metadata, TableRows epochs, IReadOnlyList<ExportedTrial> trials)
    {
        (_tables, Metadata, _epochs, Trials) = (tables, metadata, epochs, trials);
        _epochNumbers = new NumberColumns(tables.Epochs, [EpochsTable.TrialId.Name, EpochsTable.Epoch.Name]);
        for (int row = 0; row < epochs.Count; row++)
        {
            string trial = epochs.Value(EpochsTable.TrialId, row);
            if (!_epochRows.TryGetValue(trial, out List<int>? rows))
                _epochRows[trial] = rows = [];
            rows.Add(row);
        }
        ILookup<bool, string> names = trials
            .SelectMany(t => t.Parameters.Values.Select(p => p.Key))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToLookup(name => trials.Select(t => t.Parameters.Find(name)).Distinct().Skip(1).Any());
        Varied = [.. names[true]];
        Constant = [.. names[false].Select(name => KeyValuePair.Create(name, trials[0].Parameters.Find(name)!))];
    }

    /// <summary>What the tables say of the run.</summary>
    public RunMetadata Metadata { get; }

    /// <summary>Each trial once, in the order of the trials table.</summary>
    public IReadOnlyList<ExportedTrial> Trials { get; }

    /// <summary>The parameters in which trials differ, also those that only some of them use, by name.</summary>
    public IReadOnlyList<string> Varied { get; }

    /// <summary>The parameters that all trials have in common.</summary>
    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Constant { get; }

    /// <summary>The names of the numbers that any epoch has, without those of layers.</summary>
    public IReadOnlyList<string> EpochNumbers => [.. _epochNumbers.Names.Where(_epochNumbers.HasAny)];

    /// <summary>
    /// What trials are judged by: the sweep's metric where it is one of the validation samples, else the validation
    /// accuracy where any trial has one, else the sweep's metric.
    /// </summary>
    public MetricSettings Metric =>
        Metadata.Metric.Choice is null && _epochNumbers.HasAny(ValidationMetric.Accuracy.Name)
            ? new MetricSettings(ValidationMetric.Accuracy.Name, ValidationMetric.Accuracy.Maximize, Metadata.Metric.Select)
            : Metadata.Metric;

    /// <summary>Reads the tables; a mistake if they are not those of a run.</summary>
    public static Result<ExportedRun> Of(ResultParts tables) =>
        RunMetadata
            .Read(tables.Trials)
            .Then(metadata =>
            {
                List<UserError> mistakes = [];
                TableRows trials = new(tables.Trials, TrialsTable.Columns, mistakes),
                    epochs = new(tables.Epochs, [EpochsTable.TrialId, EpochsTable.Epoch, EpochsTable.Seconds], mistakes);
                return mistakes.Count > 0
                    ? Result<ExportedRun>.Failed(mistakes)
                    : TrialsIn(tables.Trials, trials).Then<ExportedRun>(read => new ExportedRun(tables, metadata, epochs, read));
            });

    /// <summary>The epochs of a trial, without its layers.</summary>
    public IEnumerable<ExportedEpoch> EpochsOf(ExportedTrial trial) => Epochs(trial, layers: null);

    /// <summary>A metric in each epoch of a trial that has a value of it.</summary>
    public IEnumerable<(int Epoch, double Value)> ValuesOf(ExportedTrial trial, string metric) =>
        RowsOf(trial)
            .Select(row => (_epochs.Value(EpochsTable.Epoch, row), Value: _epochNumbers.Find(metric, row)))
            .Where(epoch => epoch.Value is not null)
            .Select(epoch => (epoch.Item1, epoch.Value!.Value));

    /// <summary>
    /// Each trial with its epochs and their layers, once. Trials without a layer on record come last.
    /// </summary>
    /// <exception cref="InvalidDataException">The layers table is not that of these trials.</exception>
    public IEnumerable<(ExportedTrial Trial, IEnumerable<ExportedEpoch> Epochs)> WithLayers()
    {
        Dictionary<string, ExportedTrial> left = Trials.ToDictionary(t => t.Id, StringComparer.Ordinal);
        foreach ((string id, Dictionary<int, List<KeyValuePair<string, double>>> layers) in LayersByTrial())
        {
            if (!left.Remove(id, out ExportedTrial? trial))
                throw new InvalidDataException(
                    $"its rows of trial {OneLine.Of(id, IdentityLength)} do not stand together, or it is no trial of the run"
                );
            yield return (trial, Epochs(trial, layers));
        }
        foreach (ExportedTrial trial in Trials.Where(t => left.ContainsKey(t.Id)))
            yield return (trial, Epochs(trial, layers: null));
    }

    private IEnumerable<ExportedEpoch> Epochs(ExportedTrial trial, Dictionary<int, List<KeyValuePair<string, double>>>? layers)
    {
        int[] rows = RowsOf(trial);
        double all = rows.Sum(row => Seconds(row));
        DateTimeOffset at =
            trial.AssignedAt ?? (trial.EndedAt is { } ended ? ended - TimeSpan.FromSeconds(all) : DateTimeOffset.UnixEpoch);
        foreach (int row in rows)
        {
            int number = _epochs.Value(EpochsTable.Epoch, row);
            at += TimeSpan.FromSeconds(Seconds(row));
            yield return new ExportedEpoch(number, at, [.. _epochNumbers.In(row), .. layers?.GetValueOrDefault(number) ?? []]);
        }
    }

    private int[] RowsOf(ExportedTrial trial) =>
        [.. _epochRows.GetValueOrDefault(trial.Id, []).OrderBy(row => _epochs.Value(EpochsTable.Epoch, row))];

    private double Seconds(int row) =>
        _epochs.Value(EpochsTable.Seconds, row) is var seconds && seconds is >= 0 and < 1e9 ? seconds : 0;

    // The numbers of the layers of each trial, by epoch. Rows of a trial stand together, also over the end of a part.
    private IEnumerable<(string Trial, Dictionary<int, List<KeyValuePair<string, double>>> Layers)> LayersByTrial()
    {
        string? trial = null;
        Dictionary<int, List<KeyValuePair<string, double>>> layers = [];
        foreach (Table part in _tables.LayerParts)
        {
            List<UserError> mistakes = [];
            TableRows rows = new(part, [LayersTable.TrialId, LayersTable.Epoch, LayersTable.Layer], mistakes);
            if (mistakes.Count > 0)
                throw new InvalidDataException(mistakes[0].Message);
            NumberColumns numbers = new(part, [LayersTable.TrialId.Name, LayersTable.Epoch.Name, LayersTable.Layer.Name]);
            for (int row = 0; row < rows.Count; row++)
            {
                string id = rows.Value(LayersTable.TrialId, row);
                if (id != trial && trial is not null)
                {
                    yield return (trial, layers);
                    layers = [];
                }
                trial = id;
                int epoch = rows.Value(LayersTable.Epoch, row);
                if (!layers.TryGetValue(epoch, out List<KeyValuePair<string, double>>? values))
                    layers[epoch] = values = [];
                string prefix = string.Create(CultureInfo.InvariantCulture, $"layer_{rows.Value(LayersTable.Layer, row)}/");
                values.AddRange(numbers.In(row).Select(n => KeyValuePair.Create(prefix + n.Key, n.Value)));
            }
        }
        if (trial is not null)
            yield return (trial, layers);
    }

    private static Result<IReadOnlyList<ExportedTrial>> TrialsIn(Table table, TableRows rows)
    {
        IReadOnlyList<Column> parameters = TrialsTable.ParametersIn(table);
        HashSet<string> notResults =
        [
            .. TrialsTable.Columns.Select(c => c.Name).TakeWhile(name => name != TrialsTable.FinalTrainLoss.Name),
            .. parameters.Select(c => c.Name),
        ];
        NumberColumns results = new(table, notResults);
        Dictionary<string, List<int>> byId = new(StringComparer.Ordinal);
        for (int row = 0; row < rows.Count; row++)
        {
            string id = rows.Value(TrialsTable.TrialId, row);
            if (!byId.TryGetValue(id, out List<int>? same))
                byId[id] = same = [];
            same.Add(row);
        }
        List<ExportedTrial> trials = new(byId.Count);
        // In the order in which they were met, which a dictionary without removals keeps; said by the first rows all
        // the same.
        foreach ((string id, List<int> cells) in byId.OrderBy(t => t.Value[0]))
        {
            int row = cells[0];
            if (id.Length != IdentityLength || !id.All(char.IsAsciiHexDigitLower))
                return new UserError(table.Name, $"'{OneLine.Of(id, 40)}' in trial_id is no identity of a trial");
            string state = rows.Value(TrialsTable.State, row);
            if (!TrialStateNames.TryParse(state, out TrialState read))
                return new UserError(table.Name, $"'{OneLine.Of(state, 40)}' is no state of a trial");
            trials.Add(
                new ExportedTrial(
                    id,
                    trials.Count,
                    [
                        .. cells.Select(cell => new ExportedCell(
                            rows.Value(TrialsTable.Study, cell),
                            rows.Value(TrialsTable.Arm, cell),
                            rows.Value(TrialsTable.Setting, cell),
                            rows.Value(TrialsTable.Seed, cell)
                        )),
                    ],
                    TrialsTable.ReadParameters(parameters, row),
                    rows.Value(TrialsTable.Engine, row),
                    read,
                    rows.Find(TrialsTable.Reason, row),
                    rows.Find(TrialsTable.Worker, row),
                    rows.Find(TrialsTable.AssignedAt, row),
                    rows.Find(TrialsTable.EndedAt, row),
                    [.. results.In(row)]
                )
            );
        }
        return Result<IReadOnlyList<ExportedTrial>>.Of(trials);
    }
}
