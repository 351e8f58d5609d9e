using Rouser.Coordination;
using Rouser.Simulation.World;
using Rouser.Sweeps;

namespace Rouser.Simulation.Tests.World;

public class FileJournalTests
{
    private static readonly TrialId Trial = new(new string('a', 32));
    private static readonly SweepSummary Sums = new(DateTimeOffset.UnixEpoch, new Dictionary<TrialState, int>(), 0, 0, false);

    private readonly JournalFile _file = new();

    [Theory]
    [InlineData(0.0, false, 1)]
    [InlineData(0.5, false, 1)]
    [InlineData(0.5, true, 1)]
    [InlineData(0.999999, false, 2)]
    public void What_a_power_cut_left_half_written_is_cut_off_and_the_next_append_follows_the_last_whole_one(
        double share,
        bool leavesRubbish,
        int whole
    )
    {
        FileJournal journal = new(_file);
        journal.Append([Assigned(1)], new SnapshotDelta(Sums, []));
        _file.CutPower(share, leavesRubbish);
        PowerCutException cut = Assert.Throws<PowerCutException>(() =>
            journal.Append([Assigned(2)], new SnapshotDelta(Sums, []))
        );
        Assert.Equal(whole == 2, cut.RecordIsWhole);

        FileJournal next = new(_file);
        next.Append([Assigned(3)]);
        FileJournal last = new(_file);
        Assert.Equal(whole == 2 ? [Assigned(1), Assigned(2), Assigned(3)] : [Assigned(1), Assigned(3)], last.Read());
        Assert.Equal(whole, last.ReadSnapshot()!.Through);
        Assert.Equal([Assigned(3)], last.Read(after: whole));
    }

    [Fact]
    public void A_tail_that_is_not_cut_off_hides_what_is_written_behind_it()
    {
        _file.CutPower(0.5, leavesRubbish: false);
        Assert.Throws<PowerCutException>(() => new FileJournal(_file).Append([Assigned(1)]));
        new FileJournal(_file, cutsTornTail: false).Append([Assigned(2)]);
        Assert.Empty(new FileJournal(_file).Read());
    }

    [Fact]
    public void Who_opened_it_first_is_fenced_off_and_writes_nothing()
    {
        FileJournal old = new(_file),
            current = new(_file);
        Assert.Throws<FencedOutException>(() => old.Append([Assigned(1)]));
        current.Append([Assigned(2)]);
        Assert.Equal([Assigned(2)], new FileJournal(_file).Read());
    }

    private static TrialAssigned Assigned(int attempt) => new(DateTimeOffset.UnixEpoch, Trial, attempt, new WorkerId("w"));
}
