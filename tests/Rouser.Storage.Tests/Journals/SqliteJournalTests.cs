using Microsoft.Data.Sqlite;
using Rouser.Core;
using Rouser.Core.Coordination;
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
        using (SqliteJournal journal = Open()) journal.Append(new RandomEvents(1).Take(3));
        Assert.Equal([JournalPath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_reader_reads_beside_the_writer()
    {
        List<Event> events = new RandomEvents(2).Take(20);
        using SqliteJournal writer = Open();
        writer.Append(events[..10]);
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
        Same.Values(events[..10], reader.Read().ToList());
        using (IEnumerator<Event> reading = reader.Read().GetEnumerator())
        {
            Assert.True(reading.MoveNext());
            writer.Append(events[10..]); // Does not wait for the reader.
        }
        Same.Values(events, reader.Read().ToList());
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
            Same.Values(kept, journal.Read().ToList());
        }
        using (SqliteJournal journal = Open()) Same.Values(kept, journal.Read().ToList());
    }

    [Fact]
    public void A_newer_schema_is_refused()
    {
        Open().Dispose();
        Sql("PRAGMA user_version = 3");
        foreach (Result<SqliteJournal> result in (Result<SqliteJournal>[])[SqliteJournal.Open(JournalPath), SqliteJournal.OpenReadOnly(JournalPath)])
            Assert.Equal($"{JournalPath}: schema 3 is newer than this rouser understands (2); use a newer rouser", Assert.Single(result.Mistakes).ToString());
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_left_alone()
    {
        Sql("CREATE TABLE photos (name TEXT)");
        byte[] before = File.ReadAllBytes(JournalPath);
        Assert.Contains("database of another program", SqliteJournal.Open(JournalPath).Mistakes[0].Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(JournalPath));
    }

    [Theory]
    [InlineData("schema: rouser/sweep/v1, which is a text and not a database, and longer than a header of SQLite's, which has a hundred bytes")]
    [InlineData("x")]
    public void A_file_that_is_no_database_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(JournalPath, content);
        foreach (Result<SqliteJournal> result in (Result<SqliteJournal>[])[SqliteJournal.Open(JournalPath), SqliteJournal.OpenReadOnly(JournalPath)])
            Assert.Contains("this is no journal (not a SQLite database); restore it", Assert.Single(result.Mistakes).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(JournalPath));
    }

    [Fact]
    public void A_missing_file_or_folder_is_a_mistake()
    {
        Assert.Contains("there is no journal here", SqliteJournal.OpenReadOnly(JournalPath).Mistakes[0].Message, StringComparison.Ordinal);
        Assert.Contains("check that its folder exists", SqliteJournal.Open(_folder["missing", "journal.db"]).Mistakes[0].Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Of version 1 there were events alone: they are read as they are, and whoever writes adds the rest.</summary>
    [Fact]
    public void A_journal_of_the_first_schema_is_read_and_goes_on()
    {
        List<Event> events = new RandomEvents(6).Take(12);
        using (SqliteJournal journal = Open()) journal.Append(events[..10]);
        Sql("DROP TABLE trials; DROP TABLE journal; PRAGMA user_version = 1");
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value)
        {
            Same.Values(events[..10], reader.Read().ToList());
            Assert.Null(reader.ReadSnapshot());
            Assert.Null(reader.ReadSummary());
        }
        using (SqliteJournal journal = Open())
        {
            Assert.Null(journal.ReadSnapshot());
            journal.Append(events[10..]);
        }
        using (SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value) Same.Values(events, reader.Read().ToList());
    }

    /// <summary>A large journal is not read in whole when it is opened: what is wrong with it shows when it is read.</summary>
    [Fact]
    public void Damage_in_a_large_journal_is_found_when_it_is_read()
    {
        List<Event> events = new RandomEvents(7).Take(25_000);
        using (SqliteJournal journal = Open()) journal.Append(events);
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
            journal.Append(new RandomEvents(8).Take(1), new SnapshotDelta(new SweepSummary(default, new Dictionary<TrialState, int>(), 0, 0, false), [new RandomEvents(9).NextTrial()]));
        Sql("UPDATE trials SET json = '{}'");
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
        Assert.Contains("the journal is damaged (its snapshot", Assert.Throws<IOException>(reader.ReadSnapshot).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE events SET json = '{' WHERE number = 7", "event 7: the event is damaged")]
    [InlineData("UPDATE events SET json = replace(json, '\"kind\":\"', '\"kind\":\"new_') WHERE number = 7", "event 7: this rouser knows no event of kind 'new_")]
    [InlineData("DELETE FROM events WHERE number = 7", "event 7 is missing")]
    [InlineData("DELETE FROM events WHERE number < 3", "event 1 is missing")]
    [InlineData("DROP TABLE events", "no such table")]
    public void A_damaged_event_is_found_on_opening(string damage, string mistake)
    {
        using (SqliteJournal journal = Open()) journal.Append(new RandomEvents(5).Take(10));
        Sql(damage);
        Assert.Contains(mistake, Assert.Single(SqliteJournal.Open(JournalPath).Mistakes).ToString(), StringComparison.Ordinal);
    }

    private SqliteJournal Open()
    {
        Result<SqliteJournal> result = SqliteJournal.Open(JournalPath);
        Assert.True(result.IsOk, string.Join("; ", result.Mistakes));
        return result.Value;
    }

    private void Sql(string sql)
    {
        using SqliteConnection connection = new($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
