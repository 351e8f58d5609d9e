using Rouser.Coordination;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;
using Rouser.Reports.Tests.Fixtures;
using Rouser.Results;
using Rouser.Sweeps;

namespace Rouser.Reports.Tests.Tables;

public sealed class SampleTablesTests
{
    private const int Samples = 20;

    [Fact]
    public void Trainings_of_one_seed_are_compared_sample_by_sample()
    {
        ReportModel model = Model(Samples);
        ReportTable tests = SampleTables.McNemarTests(model, model.Studies.Single())!;
        Assert.Equal(
            (string[][])
                [
                    ["rouser − slayer", "0", "8", "0", "0.0078"],
                    ["rouser − slayer", "1", "7", "1", "0.0703"],
                ],
            tests.Rows.Select(row => row.Select(cell => cell.Text).ToArray())
        );
        ReportTable differences = SampleTables.Differences(model, model.Studies.Single())!;
        ReportCell[] row = [.. Assert.Single(differences.Rows)];
        // 8/20 and 6/20: 35 points. The same means over seeds and over samples, with intervals of their own.
        Assert.All(row[2..5], cell => Assert.StartsWith("+35.0 ± ", cell.Text, StringComparison.Ordinal));
        Assert.Equal(["n=2", "n=20", "n=2"], row[2..5].Select(c => c.Aside));
        Assert.Equal(["1", "2"], row[5..].Select(c => c.Text));
        Assert.Equal(4, row[2].Sources.Count);
        Assert.Equal(4, SampleTables.TrialsShown(model).Count());
    }

    [Fact]
    public void Trainings_on_other_test_samples_are_no_pair()
    {
        ReportModel model = Model(Samples - 1);
        Assert.Null(SampleTables.Differences(model, model.Studies.Single()));
        Assert.Null(SampleTables.McNemarTests(model, model.Studies.Single()));
    }

    [Fact]
    public void A_seed_without_predictions_leaves_its_comparison_out()
    {
        ReportModel model = Model(Samples);
        string missing = model.Cells.First().TrialId;
        model = model with { Outcomes = model.Outcomes.Where(o => o.Key != missing).ToDictionary() };
        Assert.Null(SampleTables.Differences(model, model.Studies.Single()));
    }

    // slayer is right in the first 6 samples, rouser in the first 14 of seed 0; of seed 1 in 13, and not in the first.
    private static ReportModel Model(int samplesOfRouser)
    {
        RunTables run = new();
        foreach (string arm in run.Arms)
        {
            for (int seed = 0; seed < 2; seed++)
                run.Add(new FixtureTrial(arm, "", seed, [0.5]) { State = TrialState.Completed });
        }
        ReportModel model = ReportModel.From(run.Build()).Value;
        return model with
        {
            Outcomes = model
                .Rows.SelectMany(row => row.Completed.Select(r => (row.Arm, Replicate: r)))
                .ToDictionary(
                    c => c.Replicate.TrialId,
                    c =>
                        c.Arm == "slayer"
                            ? Outcomes(c.Replicate, Samples, i => i < 6)
                            : Outcomes(c.Replicate, samplesOfRouser, i => c.Replicate.Seed == 0 ? i < 14 : i is > 0 and < 13)
                ),
        };
    }

    private static SampleOutcomes Outcomes(Replicate replicate, int samples, Func<int, bool> isRight) =>
        SampleOutcomes.Of(
            new TrialPredictions(
                new TrialId(replicate.TrialId),
                2,
                [.. Enumerable.Range(0, samples).Select(i => i % 2)],
                [.. Enumerable.Range(0, samples).SelectMany(i => i % 2 == 0 == isRight(i) ? (int[])[3, 1] : [1, 3])]
            )
        );
}
