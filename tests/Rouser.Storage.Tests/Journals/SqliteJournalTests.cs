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
    public void Events_come_back_in_order_after_reopening()
    {
        List<Event> events = new RandomEvents(1).Take(2500); // More than two of the pages that it reads by.
        using (SqliteJournal journal = Open())
        {
            journal.Append(events[..1]);
            journal.Append([]);
            journal.Append(events[1..2400]);
        }
        using (SqliteJournal journal = Open()) journal.Append(events[2400..]);
        using (SqliteJournal journal = Open()) Same.Values(events, journal.Read().ToList());
    }

    [Fact]
    public void A_new_journal_is_empty()
    {
        using SqliteJournal journal = Open();
        Assert.Empty(journal.Read());
    }

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
    public void A_reader_cannot_append()
    {
        Open().Dispose();
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(JournalPath).Value;
        IOException e = Assert.Throws<IOException>(() => reader.Append(new RandomEvents(1).Take(1)));
        Assert.StartsWith($"{JournalPath}: the journal cannot be written; make", e.Message, StringComparison.Ordinal);
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
    public void An_event_without_a_word_leaves_nothing_of_its_append()
    {
        using SqliteJournal journal = Open();
        Assert.Throws<NotSupportedException>(() => journal.Append([new RandomEvents(4).Next(), new Wordless(DateTimeOffset.UnixEpoch)]));
        Assert.Empty(journal.Read());
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

    private sealed record Wordless(DateTimeOffset At) : Event(At);
}
