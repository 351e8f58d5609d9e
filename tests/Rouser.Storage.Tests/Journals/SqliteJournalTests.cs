using Microsoft.Data.Sqlite;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Tests.Files;

namespace Rouser.Storage.Tests.Journals;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string JournalPath => _folder["journal.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_but_the_journal_itself_is_left_when_it_is_closed()
    {
        using (SqliteJournal journal = Open())
            journal.Append(new RandomEvents(1).Take(3));
        Assert.Equal([JournalPath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_reader_reads_beside_the_writer()
    {
        List<Event> events = new RandomEvents(2).Take(20);
        using SqliteJournal writer = Open();
        writer.Append(events[..10]);
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
        ValueAssert.Equal(events[..10], reader.Read().ToList());
        using (IEnumerator<Event> reading = reader.Read().GetEnumerator())
        {
            Assert.True(reading.MoveNext());
            writer.Append(events[10..]); // Does not wait for the reader.
        }
        ValueAssert.Equal(events, reader.Read().ToList());
    }

    [Fact]
    public void A_full_disk_drops_the_whole_append_and_what_stood_before_stays()
    {
        RandomEvents random = new(3);
        List<Event> kept = [];
        using (SqliteJournal journal = Open())
        {
            kept.AddRange(random.Take(50));
            journal.Append(kept);
            journal.LimitTo(pages: 40);
            IOException e = Assert.Throws<IOException>(() => journal.Append(random.Take(2000)));
            Assert.Equal($"{JournalPath}: the disk is full; free some space and try again", e.Message);

            journal.LimitTo(pages: 1_000_000); // Space is free again: the same journal goes on.
            kept.AddRange(random.Take(50));
            journal.Append(kept[50..]);
            ValueAssert.Equal(kept, journal.Read().ToList());
        }
        using (SqliteJournal journal = Open())
            ValueAssert.Equal(kept, journal.Read().ToList());
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        Open().Dispose();
        Sql("PRAGMA user_version = 4");
        foreach (
            Result<SqliteJournal> result in (Result<SqliteJournal>[])
                [SqliteJournal.Open(JournalPath), SqliteJournal.OpenReadOnly(JournalPath)]
        )
            Assert.Equal(
                $"{JournalPath}: schema 4 is newer than this rouser understands (3); use a newer rouser",
                Assert.Single(result.Errors).ToString()
            );
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_left_alone()
    {
        Sql("CREATE TABLE photos (name TEXT)");
        byte[] before = File.ReadAllBytes(JournalPath);
        Assert.Contains(
            "database of another program",
            SqliteJournal.Open(JournalPath).Errors[0].Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(JournalPath));
    }

    [Theory]
    [InlineData(
        "schema: rouser/sweep/v1, which is a text and not a database, and longer than a header of SQLite's, which has a hundred bytes"
    )]
    [InlineData("x")]
    public void A_file_that_is_no_database_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(JournalPath, content);
        foreach (
            Result<SqliteJournal> result in (Result<SqliteJournal>[])
                [SqliteJournal.Open(JournalPath), SqliteJournal.OpenReadOnly(JournalPath)]
        )
            Assert.Contains(
                "this is no journal (not a SQLite database); restore it",
                Assert.Single(result.Errors).Message,
                StringComparison.Ordinal
            );
        Assert.Equal(content, File.ReadAllText(JournalPath));
    }

    [Fact]
    public void A_missing_file_or_folder_is_a_mistake()
    {
        Assert.Contains(
            "there is no journal here",
            SqliteJournal.OpenReadOnly(JournalPath).Errors[0].Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "check that its folder exists",
            SqliteJournal.Open(_folder["missing", "journal.db"]).Errors[0].Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>
    /// Of version 1 there were events alone: they are read as they are, and whoever writes adds the rest.
    /// </summary>
    [Fact]
    public void A_journal_of_the_first_schema_is_read_and_goes_on()
    {
        List<Event> events = new RandomEvents(6).Take(12);
        using (SqliteJournal journal = Open())
            journal.Append(events[..10]);
        Sql("DROP TABLE trials; DROP TABLE journal; ALTER TABLE events DROP COLUMN sum; PRAGMA user_version = 1");
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value)
        {
            ValueAssert.Equal(events[..10], reader.Read().ToList());
            Assert.Null(reader.ReadSnapshot());
            Assert.Null(reader.ReadSummary());
        }
        using (SqliteJournal journal = Open())
        {
            Assert.Null(journal.ReadSnapshot());
            journal.Append(events[10..]);
        }
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value)
            ValueAssert.Equal(events, reader.Read().ToList());
    }

    /// <summary>
    /// Of version 2 rows had no sums: it is read as it is, and whoever writes sums up what is there, keeps the token
    /// and drops the snapshot.
    /// </summary>
    [Fact]
    public void A_journal_of_the_second_schema_is_read_and_goes_on()
    {
        List<Event> events = new RandomEvents(6).Take(12);
        using (SqliteJournal journal = Open())
            journal.Append(events[..10], Changes(epochs: 7));
        Sql(
            """
            ALTER TABLE events DROP COLUMN sum; ALTER TABLE trials DROP COLUMN sum; ALTER TABLE journal DROP COLUMN sum;
            UPDATE journal SET token = 41; PRAGMA user_version = 2
            """
        );
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value)
        {
            ValueAssert.Equal(events[..10], reader.Read().ToList());
            Assert.Equal(7, reader.ReadSummary()!.EpochsRecorded);
            Assert.Equal(10, reader.ReadSnapshot()!.Through);
        }
        using (SqliteJournal journal = Open())
        {
            Assert.Null(journal.ReadSnapshot());
            journal.Append(events[10..], Changes(epochs: 9));
            Assert.Equal(9, journal.ReadSummary()!.EpochsRecorded);
        }
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value)
            ValueAssert.Equal(events, reader.Read().ToList());
        Assert.Equal(42L, Sql("SELECT token FROM journal"));
    }

    /// <summary>Guards against a digit that is changed in an event and becomes the result.</summary>
    [Fact]
    public void A_row_that_was_changed_since_it_was_written_is_refused()
    {
        using (SqliteJournal journal = Open())
            journal.Append([new TrialCancelled(DateTimeOffset.UnixEpoch, new(new string('a', 32)))], Changes(epochs: 7));
        Assert.Equal(1L, Sql("SELECT count(*) FROM events WHERE json LIKE '%1970%'"));
        byte[] whole = File.ReadAllBytes(JournalPath);

        Sql("UPDATE events SET json = replace(json, '1970', '1971')");
        Assert.Contains(
            "event 1 is not as it was written",
            Assert.Single(SqliteJournal.Open(JournalPath).Errors).Message,
            StringComparison.Ordinal
        );
        AssertDamaged(journal => journal.Read().Count(), "event 1 is not as it was written");
        File.WriteAllBytes(JournalPath, whole);

        Sql(
            "UPDATE trials SET json = replace(json, '\"attempts\":0', '\"attempts\":1'), json = replace(json, "
                + "'\"epochs_recorded\":', '\"epochs_recorded\":1')"
        );
        AssertDamaged(journal => journal.ReadSnapshot(), "not as it was written");
        File.WriteAllBytes(JournalPath, whole);

        Sql("UPDATE journal SET summary = replace(summary, '\"epochs_recorded\":7', '\"epochs_recorded\":8')");
        AssertDamaged(journal => journal.ReadSummary(), "its sums are not as they were written");

        void AssertDamaged(Func<SqliteJournal, object?> read, string expected)
        {
            using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
            string message = Assert.Throws<IOException>(() => read(reader)).Message;
            Assert.StartsWith($"{JournalPath}: the journal is damaged", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// A process that was killed leaves its last appends in the write-ahead log; and whoever deletes that deletes
    /// them.
    /// </summary>
    [Fact]
    public void A_journal_without_its_log_or_emptied_tells_what_progress_is_gone()
    {
        using (SqliteJournal journal = Open())
            journal.Append(new RandomEvents(1).Take(3), Changes(epochs: 1));
        string log = JournalPath + "-wal",
            kept = _folder["kept"];
        using (SqliteJournal live = Open())
        {
            live.Append(new RandomEvents(2).Take(4), Changes(epochs: 5, completed: 2));
            Assert.Null(live.LostProgress);
            File.Copy(JournalPath, kept);
        }
        File.Move(kept, JournalPath, overwrite: true);
        Assert.False(File.Exists(log));
        AssertLost(
            "had 7 events (2 trials completed, 5 epochs recorded), and has 3 events (0 trials completed, 1 epochs recorded)"
        );
        File.WriteAllBytes(JournalPath, []);
        AssertLost(
            "had 7 events (2 trials completed, 5 epochs recorded), and has 0 events (0 trials completed, 0 epochs recorded)"
        );

        // Once the run has gone on, what it has now is what it has.
        using (SqliteJournal journal = Open())
            journal.Append(new RandomEvents(3).Take(1), Changes(epochs: 1));
        using (SqliteJournal journal = Open())
            Assert.Null(journal.LostProgress);

        void AssertLost(string expected)
        {
            using SqliteJournal journal = Open();
            Assert.Contains(expected, journal.LostProgress, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', journal.LostProgress!);
        }
    }

    /// <summary>
    /// A large journal is not read in whole when it is opened: what is wrong with it shows when it is read.
    /// </summary>
    [Fact]
    public void Damage_in_a_large_journal_is_found_when_it_is_read()
    {
        List<Event> events = new RandomEvents(7).Take(25_000);
        using (SqliteJournal journal = Open())
            journal.Append(events);
        Assert.True(new FileInfo(JournalPath).Length > 4 << 20, "no longer large");
        Sql("UPDATE events SET json = '{' WHERE number = 7000");
        using SqliteJournal opened = Open();
        IOException damaged = Assert.Throws<IOException>(() => opened.Read().Count());
        Assert.StartsWith($"{JournalPath}: event 7000: the event is damaged", damaged.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', damaged.Message);
        Assert.Equal(18_000, opened.Read(after: 7000).Count());
    }

    [Fact]
    public void A_damaged_snapshot_is_a_line_and_no_other_exception()
    {
        using (SqliteJournal journal = Open())
            journal.Append(
                new RandomEvents(8).Take(1),
                new SnapshotDelta(
                    new SweepSummary(default, new Dictionary<TrialState, int>(), 0, 0, false),
                    [new RandomEvents(9).NextTrial()]
                )
            );
        Sql("UPDATE trials SET json = '{}'");
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
        Assert.Contains(
            "the journal is damaged (its snapshot",
            Assert.Throws<IOException>(reader.ReadSnapshot).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("UPDATE events SET json = '{' WHERE number = 7", "event 7: the event is damaged")]
    [InlineData(
        "UPDATE events SET json = replace(json, '\"kind\":\"', '\"kind\":\"new_') WHERE number = 7",
        "event 7: this rouser knows no event of kind 'new_"
    )]
    [InlineData("DELETE FROM events WHERE number = 7", "event 7 is missing")]
    [InlineData("DELETE FROM events WHERE number < 3", "event 1 is missing")]
    [InlineData("DROP TABLE events", "no such table")]
    public void A_damaged_event_is_found_on_opening(string damage, string mistake)
    {
        using (SqliteJournal journal = Open())
            journal.Append(new RandomEvents(5).Take(10));
        Sql(damage);
        Assert.Contains(mistake, Assert.Single(SqliteJournal.Open(JournalPath).Errors).ToString(), StringComparison.Ordinal);
    }

    private SqliteJournal Open()
    {
        Result<SqliteJournal> result = SqliteJournal.Open(JournalPath);
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private static SnapshotDelta Changes(int epochs, int completed = 0) =>
        new(
            new SweepSummary(
                DateTimeOffset.UnixEpoch,
                new Dictionary<TrialState, int> { [TrialState.Completed] = completed },
                epochs,
                1000,
                false
            ),
            [new TrialSnapshot(new(new string('a', 32)), TrialState.Queued, DateTimeOffset.UnixEpoch, [], 0, null, 0, 0, null)]
        );

    private object? Sql(string sql)
    {
        using SqliteConnection connection = new($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
