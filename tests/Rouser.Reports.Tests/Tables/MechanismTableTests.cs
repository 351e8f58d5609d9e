using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Tables;

public class MechanismTableTests
{
    private static readonly Dictionary<string, string> Learned = new()
    {
        ["threshold.rule"] = "learned",
        ["threshold.learning_rate"] = "0.01",
        ["epochs"] = "8",
    };

    [Fact]
    public void Parts_of_learning_the_threshold_stand_beside_fixed_and_learned_ones()
    {
        RunTables run = new() { Arms = ["fixed", "learned", "frozen", "restarted", "gain"], CompareTo = "fixed" };
        for (int seed = 0; seed < 6; seed++)
        {
            double noise = 0.001 * (seed % 2);
            Add("fixed", 0.50 + noise, new() { ["threshold.rule"] = "fixed", ["epochs"] = "8" });
            Add("learned", 0.80 - noise, Learned);
            Add("frozen", 0.60 - (2 * noise), new(Learned) { ["threshold.freeze_after"] = "2" });
            Add(
                "restarted",
                0.80 - (0.5 * noise),
                new(Learned)
                {
                    ["threshold.freeze_after"] = "8",
                    ["threshold.restart"] = "true",
                    ["epochs"] = "16",
                }
            );
            Add(
                "gain",
                0.50 + (2 * noise),
                new()
                {
                    ["threshold.rule"] = "gain",
                    ["threshold.learning_rate"] = "0.01",
                    ["epochs"] = "8",
                }
            );

            void Add(string arm, double accuracy, Dictionary<string, string> parameters) =>
                run.Add(new FixtureTrial(arm, "", seed, [accuracy]) { Base = parameters });
        }
        ReportTable table = MechanismTable.Build(Assert.Single(ReportModel.From(run.Build()).Value.Studies))!;
        Assert.Equal(
            [
                ("frozen", "stay after 2 epochs", "has a part of the gain"),
                (
                    "restarted",
                    "of 8 epochs that learned them, then fixed under fresh weights",
                    "has the gain; no difference from learned is shown"
                ),
                ("gain", "stay; a gain is learned", "has not the gain"),
            ],
            table.Rows.Select(r => (Text(table, r, "arm"), Text(table, r, "thresholds"), Text(table, r, "finding")))
        );
        Assert.Equal(9.85, Value(table, 0, "above_fixed_points"), 9);
        Assert.Equal(29.9, Value(table, 0, "learned_above_fixed_points"), 9);
        Assert.Equal(-20.05, Value(table, 0, "above_learned_points"), 9);
    }

    [Fact]
    public void Without_a_part_of_it_there_is_no_table()
    {
        RunTables run = new() { Arms = ["fixed", "learned"], CompareTo = "fixed" };
        run.Add(
                new FixtureTrial("fixed", "", 0, [0.5])
                {
                    Base = new Dictionary<string, string>() { ["threshold.rule"] = "fixed" },
                }
            )
            .Add(new FixtureTrial("learned", "", 0, [0.8]) { Base = Learned });
        Assert.Null(MechanismTable.Build(Assert.Single(ReportModel.From(run.Build()).Value.Studies)));
    }

    [Fact]
    public void What_is_frozen_is_not_held_against_a_training_that_differs_in_more()
    {
        RunTables run = new() { Arms = ["fixed", "learned", "frozen"], CompareTo = "fixed" };
        run.Add(
                new FixtureTrial("fixed", "", 0, [0.5])
                {
                    Base = new Dictionary<string, string>() { ["threshold.rule"] = "fixed" },
                }
            )
            .Add(new FixtureTrial("learned", "", 0, [0.8]) { Base = Learned })
            .Add(
                new FixtureTrial("frozen", "", 0, [0.8])
                {
                    Base = new Dictionary<string, string>(Learned)
                    {
                        ["threshold.freeze_after"] = "2",
                        ["threshold.floor"] = "0.1",
                    },
                }
            );
        Assert.Null(MechanismTable.Build(Assert.Single(ReportModel.From(run.Build()).Value.Studies)));
    }

    private static string Text(ReportTable table, IReadOnlyList<ReportCell> row, string key) => row[Column(table, key)].Text;

    private static double Value(ReportTable table, int row, string key) => table.Rows[row][Column(table, key)].Value!.Value.Value;

    private static int Column(ReportTable table, string key) =>
        table.Columns.Select((column, i) => (column, i)).Single(c => c.column.Key == key).i;
}
