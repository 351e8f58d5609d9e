using Rouser.Coordination;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Results.Tests;

public class ResultPartsTests
{
    private const int Epochs = 4;

    // All tables of a large sweep at once took more memory than most machines have.
    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3 })]
    [InlineData(5, new[] { 0, 2 })]
    [InlineData(1000, new[] { 0 })]
    public void Layers_come_in_parts_of_whole_trials_whatever_the_order_of_the_journal(int epochsAtOnce, int[] firstTrials)
    {
        Plan plan = Samples.Plan(5, Epochs);
        Event[] journal = [.. Journal()];
        ResultTables whole = ResultTables.Build(Sweeps.Spec, plan, journal, Sweeps.Environment);
        ResultParts parts = ResultParts.Project(
            Sweeps.Spec,
            plan,
            after => journal.Skip((int)after),
            Sweeps.Environment,
            epochsAtOnce: epochsAtOnce
        );
        Table[] layers = [.. parts.LayerParts];
        Assert.Equal(
            firstTrials.Select(i => Samples.Id(i).Value),
            layers.Select(part => ((Column<string>)part.Find("trial_id")!).Values[0])
        );
        Assert.Equal(Rows(whole.Layers), layers.SelectMany(Rows));
        Assert.Equal(TableText.Of(whole.Epochs), TableText.Of(parts.Epochs));
        Assert.Equal(TableText.Of(whole.Trials), TableText.Of(parts.Trials));
        Assert.Equal(0, parts.Layers.RowCount);
    }

    // What is appended between the two readings is not in the trials, so it may not be in the layers.
    [Fact]
    public void Epochs_that_are_recorded_between_two_readings_are_in_none_of_the_tables()
    {
        Plan plan = Samples.Plan(1, Epochs);
        TrialId trial = Samples.Id(0);
        List<Event> journal =
        [
            new TrialAssigned(Samples.Start, trial, 1, new("w1")),
            new EpochRecorded(Samples.Start, trial, 1, Samples.Epoch(0, 1)),
        ];
        ResultParts parts = ResultParts.Project(
            Sweeps.Spec,
            plan,
            after => journal.ToArray().Skip((int)after),
            Sweeps.Environment
        );
        journal.Add(new EpochRecorded(Samples.Start, trial, 1, Samples.Epoch(0, 2)));
        Assert.Equal(1, parts.Epochs.RowCount);
        Assert.Equal([1, 1], parts.LayerParts.SelectMany(part => ((Column<int>)part.Find("epoch")!).Values));
    }

    // Three trials at a time, epoch by epoch; one has no epoch, one ends after two.
    private static IEnumerable<Event> Journal()
    {
        foreach (int trial in (int[])[3, 1, 0, 2])
            yield return new TrialAssigned(Samples.Start, Samples.Id(trial), 1, new("w1"));
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            foreach (int trial in (int[])[3, 1, 0, 2])
            {
                if (trial != 1 || epoch <= 2)
                    yield return new EpochRecorded(Samples.Start, Samples.Id(trial), 1, Samples.Epoch(trial, epoch));
            }
        }
        foreach (int trial in (int[])[2, 3])
            yield return new TrialCompleted(Samples.Start, Samples.Id(trial), 1, Samples.Distances(trial, Epochs));
    }

    private static IEnumerable<string> Rows(Table table) =>
        Enumerable
            .Range(0, table.RowCount)
            .Select(row => TableText.Of(table with { Columns = [.. table.Columns.Select(c => c.Take([row]))] }));
}
