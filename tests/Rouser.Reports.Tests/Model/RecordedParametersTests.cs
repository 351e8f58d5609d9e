using Rouser.Coordination;
using Rouser.Core;
using Rouser.Reports.Model;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Snn.Thresholds;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Model;

/// <summary>What a report reads of a trial is what the plan has of it, in its type.</summary>
public sealed class RecordedParametersTests
{
    // Every kind of value: numbers, whole numbers, words, truths, lists, and `all` beside a number.
    private const string Sweep = """
        schema: rouser/sweep/v1
        name: kinds
        base: {dataset: {name: saccade-digits, steps: 20}, network.hidden: [7, 5], epochs: 2, batch_size: 4}
        arms:
          fixed: {threshold.rule: fixed, weights.normalize: true}
          still: {threshold.rule: learned, threshold.learning_rate: 0}
          learned: {threshold.rule: learned, threshold.learning_rate: 0.01}
          diet: {threshold.rule: diet, threshold.learning_rate: 0}
          lee: {threshold.rule: lee_regularized}
          shallow: {network.hidden: [], bptt.window: 7}
        seeds: [0]
        studies:
          one: {over: {surrogate.tau: [1, 2.5]}}
        report: {reach: [0.8]}
        """;

    [Fact]
    public void Parameters_are_read_as_the_plan_has_them()
    {
        Plan plan = Plan();
        ReportModel model = ReportModel.From(Tables(plan)).Value;
        Dictionary<string, Replicate> read = model.Cells.ToDictionary(c => c.TrialId);
        Assert.Equal(12, plan.Trials.Count);
        Assert.All(
            plan.Trials,
            trial => Assert.Equal(trial.Parameters.Values.Where(p => p.Key != "engine"), read[trial.Id.Value].Parameters.Values)
        );
    }

    [Fact]
    public void Thresholds_that_stay_fixed_are_those_whose_rule_says_so()
    {
        ReportModel model = ReportModel.From(Tables(Plan())).Value;
        Assert.Equal(
            ["diet", "fixed", "shallow", "still"],
            model.Rows.Where(r => r.HasFixedThreshold).Select(r => r.Arm).Distinct().Order()
        );
        // The same question to the settings that the trials are trained by.
        foreach (PlannedTrial trial in Plan().Trials)
            Assert.Equal(TrialSettings.From(trial.Parameters).Threshold.StaysFixed, ThresholdRule.StaysFixedIn(trial.Parameters));
    }

    [Fact]
    public void Rule_of_another_version_is_read_and_is_not_called_fixed()
    {
        RunTables run = new RunTables().Add("slayer", "threshold.rule=of-tomorrow", 0, 0.5);
        ResultRow row = ReportModel.From(run.Build()).Value.Rows.Single();
        Assert.Equal("of-tomorrow", row.TextOf("threshold.rule"));
        Assert.False(row.HasFixedThreshold);
    }

    [Fact]
    public void State_of_another_version_is_a_mistake_that_names_it()
    {
        ResultTables tables = new RunTables().Add("slayer", "", 0, 0.5).Build();
        Table trials = tables.Trials with
        {
            Columns =
            [
                .. tables.Trials.Columns.Select(c => c.Name == "state" ? new Column<string>("state", ["of-tomorrow"]) : c),
            ],
        };
        UserError mistake = Assert.Single(ReportModel.From(tables with { Trials = trials }).Errors);
        Assert.Equal("trials.parquet", mistake.Location);
        Assert.Contains("'of-tomorrow'", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_is_read_back()
    {
        foreach (TrialState state in Enum.GetValues<TrialState>())
        {
            RunTables run = new RunTables().Add(new FixtureTrial("slayer", "", 0, [0.5]) { State = state });
            Assert.Equal(state, ReportModel.From(run.Build()).Value.Cells.Single().State);
        }
    }

    // A real run's tables have exactly the columns that are declared, in their order, and parameters.
    [Fact]
    public void Tables_have_the_columns_that_are_declared()
    {
        ResultTables tables = Tables(Plan());
        Assert.Equal(EpochsTable.Columns.Select(c => c.Name), tables.Epochs.Columns.Select(c => c.Name));
        Assert.Equal(LayersTable.Columns.Select(c => c.Name), tables.Layers.Columns.Select(c => c.Name));
        HashSet<string> parameters = [.. TrialsTable.ParametersIn(tables.Trials).Select(c => c.Name)];
        Assert.All(parameters, name => Assert.NotNull(ParameterSchema.Find(name)));
        Assert.Equal(
            // Those of tags and notes are there only where users have written some.
            TrialsTable.Columns.Select(c => c.Name).Except([TrialsTable.Tags.Name, TrialsTable.Note.Name]),
            tables.Trials.Columns.Select(c => c.Name).Where(name => !parameters.Contains(name) && name != "epochs_to_0.8")
        );
    }

    private static SweepSpec Spec { get; } = SpecReader.Read("kinds.yaml", Sweep, []).Value;

    private static Plan Plan() => Planner.Create(Spec, _ => new string('d', 64), _ => "fused/1").Value;

    private static ResultTables Tables(Plan plan) =>
        ResultTables.Build(Spec, plan, [], new RunEnvironment("0.1.0", "fused/1", ".NET", "none", "none", 2, "rouser run"));
}
