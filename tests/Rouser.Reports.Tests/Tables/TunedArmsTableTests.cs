using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;

namespace Rouser.Reports.Tests.Tables;

public class TunedArmsTableTests
{
    [Fact]
    public void Validation_chooses_a_setting_for_each_arm_and_the_test_set_measures_it()
    {
        RunTables run = new() { Arms = ["fixed", "learned"], CompareTo = "fixed" };
        // By the test set, fixed would be best at 2; validation has it at 1.
        Add("fixed", 1, validation: 0.90, test: 0.85);
        Add("fixed", 2, validation: 0.80, test: 0.95);
        Add("learned", 1, validation: 0.70, test: 0.60);
        Add("learned", 2, validation: 0.92, test: 0.91);
        ReportModel model = ReportModel.From(run.Build()).Value;
        ReportTable table = TunedArmsTable.Build(Assert.Single(model.Studies), model.Run)!;
        Assert.StartsWith("Arms tuned alike,", table.Caption, StringComparison.Ordinal);
        Assert.Equal(["fixed", "learned"], table.Rows.Select(r => r[0].Text));
        Assert.Equal(["Th=1", "Th=2"], table.Rows.Select(r => r[2].Text));
        Assert.Equal([85.0, 91.0], table.Rows.Select(r => r[4].Value!.Value.Value), Close);
        Assert.Equal(CellMark.Reference, table.Rows[0][5].Mark);
        Assert.Equal(6, table.Rows[1][5].Value!.Value.Value, 9);
        Assert.Equal(3, table.Rows[1][5].Value!.Value.N);

        void Add(string arm, int threshold, double validation, double test)
        {
            for (int seed = 0; seed < 3; seed++)
                run.Add(
                    new FixtureTrial(arm, $"threshold.init={threshold}", seed, [test + (0.01 * (seed - 1))])
                    {
                        ValidationAccuracy = [validation],
                    }
                );
        }
    }

    [Fact]
    public void Different_numbers_of_tries_are_said()
    {
        RunTables run = new() { Arms = ["fixed", "learned"], CompareTo = "fixed" };
        run.Add(new FixtureTrial("fixed", "threshold.init=1", 0, [0.5]) { ValidationAccuracy = [0.5] })
            .Add(new FixtureTrial("learned", "threshold.init=1", 0, [0.5]) { ValidationAccuracy = [0.5] })
            .Add(new FixtureTrial("learned", "threshold.init=2", 0, [0.5]) { ValidationAccuracy = [0.6] });
        ReportModel model = ReportModel.From(run.Build()).Value;
        ReportTable table = TunedArmsTable.Build(Assert.Single(model.Studies), model.Run)!;
        Assert.Contains("more tries find more", table.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_validation_samples_nothing_is_chosen()
    {
        RunTables run = new() { Arms = ["fixed", "learned"], CompareTo = "fixed" };
        foreach (string arm in run.Arms)
            run.Add(arm, "threshold.init=1", 0, 0.5).Add(arm, "threshold.init=2", 0, 0.6);
        ReportModel model = ReportModel.From(run.Build()).Value;
        Assert.Null(TunedArmsTable.Build(Assert.Single(model.Studies), model.Run));
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-9;
}
