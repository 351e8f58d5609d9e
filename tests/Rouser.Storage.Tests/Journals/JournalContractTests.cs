using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Tests.Files;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Journals;

/// <summary>
/// What every home of a journal promises (<see cref="IJournal"/>), tried on each. Where no PostgreSQL is installed,
/// <see cref="PostgresJournalTests"/> says so.
/// </summary>
public sealed class JournalContractTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _fingerprint = Guid.NewGuid().ToString();

    public static TheoryData<string> Homes => PostgresServer.WhyNot is null ? ["SQLite", "PostgreSQL"] : ["SQLite"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Homes))]
    public void Events_come_back_in_order_after_reopening(string home)
    {
        List<Event> events = new RandomEvents(1).Take(2500); // More than two of the pages that it reads by.
        using (IJournal journal = Open(home))
        {
            journal.Append(events[..1]);
            journal.Append([]);
            journal.Append(events[1..2400]);
        }
        using (IJournal journal = Open(home))
            journal.Append(events[2400..]);
        using (IJournal journal = Open(home))
        {
            ValueAssert.Equal(events, journal.Read().ToList());
            ValueAssert.Equal(events[1700..], journal.Read(after: 1700).ToList());
            Assert.Empty(journal.Read(after: 2500));
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void A_new_journal_is_empty(string home)
    {
        using IJournal journal = Open(home);
        Assert.Empty(journal.Read());
        Assert.Null(journal.ReadSnapshot());
        Assert.Null(journal.ReadSummary());
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void A_reader_reads_beside_the_writer_and_appends_nothing(string home)
    {
        List<Event> events = new RandomEvents(2).Take(20);
        using IJournal writer = Open(home);
        writer.Append(events[..10]);
        using IJournal reader = OpenReadOnly(home);
        ValueAssert.Equal(events[..10], reader.Read().ToList());
        writer.Append(events[10..]);
        ValueAssert.Equal(events, reader.Read().ToList());
        IOException refused = Assert.Throws<IOException>(() => reader.Append(events));
        Assert.DoesNotContain('\n', refused.Message);
        ValueAssert.Equal(events, writer.Read().ToList());
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void Whoever_opened_it_before_the_last_writer_appends_nothing_more(string home)
    {
        RandomEvents random = new(3);
        List<Event> kept = random.Take(10);
        using IJournal first = Open(home);
        first.Append(kept[..5], Changes(random, 1, trials: 2));
        using IJournal second = Open(home);
        FencedOutException fenced = Assert.Throws<FencedOutException>(() =>
            first.Append(random.Take(3), Changes(random, 2, trials: 2))
        );
        Assert.Contains("another rouser has opened this journal", fenced.Message, StringComparison.Ordinal);
        second.Append(kept[5..]);
        Assert.Throws<FencedOutException>(() => first.Append(random.Take(1)));
        ValueAssert.Equal(kept, second.Read().ToList());
        Assert.Equal(1, second.ReadSummary()!.EpochsRecorded);
        using IJournal third = Open(home);
        Assert.Throws<FencedOutException>(() => second.Append(random.Take(1)));
        ValueAssert.Equal(kept, third.Read().ToList());
    }

    /// <summary>
    /// Writers that take the journal from each other while they append: an append is whole or it is not there, and
    /// its writer knows which.
    /// </summary>
    [Theory]
    [MemberData(nameof(Homes))]
    public void Writers_that_race_lose_whole_appends_or_nothing(string home)
    {
        Open(home).Dispose();
        List<Event>[][] appended = new List<Event>[4][];
        Parallel.For(
            0,
            appended.Length,
            new ParallelOptions { MaxDegreeOfParallelism = appended.Length },
            writer =>
            {
                RandomEvents random = new(100 + writer);
                List<List<Event>> mine = [];
                for (int opened = 0; opened < 5; opened++)
                {
                    using IJournal journal = Open(home);
                    try
                    {
                        for (int i = 0; i < 5; i++)
                        {
                            List<Event> events = random.Take(7);
                            journal.Append(events, Changes(random, i, trials: 3));
                            mine.Add(events);
                        }
                    }
                    catch (FencedOutException)
                    {
                        // Somebody else has opened it.
                    }
                }
                appended[writer] = [.. mine];
            }
        );

        using IJournal reader = OpenReadOnly(home);
        List<string> read = [.. reader.Read().Select(Text)];
        List<string[]> expected = [.. appended.SelectMany(a => a).Select(events => events.Select(Text).ToArray())];
        Assert.Equal(expected.Sum(e => e.Length), read.Count);
        foreach (string[] append in expected)
        {
            int at = read.IndexOf(append[0]);
            Assert.Equal(append, read.Skip(at).Take(append.Length));
        }
        Assert.Equal(read.Count, reader.ReadSnapshot()!.Through);

        static string Text(Event e) => Convert.ToHexString(EventJson.Write(e));
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void A_snapshot_holds_the_last_of_every_trial_and_the_events_it_covers(string home)
    {
        RandomEvents random = new(5);
        Dictionary<TrialId, TrialSnapshot> expected = [];
        SnapshotDelta changes = null!;
        using (IJournal journal = Open(home))
        {
            for (int i = 1; i <= 30; i++)
            {
                changes = Changes(random, i, trials: 1 + (i % 4));
                // Every other touches a trial that was there before.
                if (i % 2 == 0)
                    changes = changes with
                    {
                        Trials = [changes.Trials[0] with { Trial = expected.Keys.First(), FailedAttempts = i }],
                    };
                foreach (TrialSnapshot trial in changes.Trials)
                    expected[trial.Trial] = trial;
                journal.Append(random.Take(3), changes);
            }
            journal.Append(random.Take(4));
        }
        using (IJournal journal = OpenReadOnly(home))
        {
            SweepSnapshot snapshot = journal.ReadSnapshot()!;
            Assert.Equal(90, snapshot.Through);
            Assert.Equal(4, journal.Read(snapshot.Through).Count());
            ValueAssert.Equal(
                expected.Values.OrderBy(t => t.Trial.Value).ToList(),
                snapshot.Trials.OrderBy(t => t.Trial.Value).ToList()
            );
            SameSums(changes.Summary, snapshot.Summary);
            SameSums(changes.Summary, journal.ReadSummary()!);
        }
    }

    /// <summary>Guards against a digit that is changed in an event and becomes the result.</summary>
    [Theory]
    [MemberData(nameof(Homes))]
    public void A_row_that_was_changed_since_it_was_written_is_refused(string home)
    {
        AssertRefused(
            "events",
            "json = replace(json, '1970', '1971')",
            j => j.Read().Count(),
            "event 1 is not as it was written"
        );
        AssertRefused("trials", "json = json || ' '", j => j.ReadSnapshot(), "not as it was written");
        AssertRefused(
            "journal",
            "summary = replace(summary, '\"epochs_recorded\":7', '\"epochs_recorded\":8')",
            j => j.ReadSummary(),
            "its sums are not as they were written"
        );

        void AssertRefused(string table, string change, Func<IJournal, object?> read, string expected)
        {
            _fingerprint = Guid.NewGuid().ToString();
            File.Delete(_folder["journal.db"]);
            using (IJournal journal = Open(home))
                journal.Append(
                    [new TrialCancelled(DateTimeOffset.UnixEpoch, new(new string('a', 32)))],
                    Changes(new RandomEvents(7), 7, trials: 1)
                );
            Assert.True(Sql(home, table, change) > 0, "Nothing was changed.");
            using IJournal reader = OpenReadOnly(home);
            string message = Assert.Throws<IOException>(() => read(reader)).Message;
            Assert.Contains("the journal is damaged", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    /// <summary>An older copy, or none: whole in itself, and only the run's folder knows that there was more.</summary>
    [Theory]
    [MemberData(nameof(Homes))]
    public void A_journal_that_has_less_than_it_had_tells_what_progress_is_gone(string home)
    {
        RandomEvents random = new(8);
        using (IJournal journal = Open(home))
            journal.Append(random.Take(3), Changes(random, 4, trials: 1));
        using (IJournal journal = Open(home))
            Assert.Null(journal.LostProgress);
        // Another journal at the same place is an empty one.
        _fingerprint = Guid.NewGuid().ToString();
        File.Delete(_folder["journal.db"]);
        using (IJournal journal = Open(home))
        {
            Assert.Contains(
                "progress is lost: the journal had 3 events (6 trials completed, 4 epochs recorded), and has 0 events",
                journal.LostProgress,
                StringComparison.Ordinal
            );
            journal.Append(random.Take(1), Changes(random, 1, trials: 1));
        }
        using (IJournal journal = Open(home))
            Assert.Null(journal.LostProgress);
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void An_event_without_a_word_leaves_nothing_of_its_append(string home)
    {
        RandomEvents random = new(6);
        using IJournal journal = Open(home);
        Assert.Throws<NotSupportedException>(() =>
            journal.Append([random.Next(), new UnknownEvent(DateTimeOffset.UnixEpoch)], Changes(random, 1, trials: 1))
        );
        Assert.Empty(journal.Read());
        Assert.Null(journal.ReadSnapshot());
        List<Event> next = random.Take(2);
        journal.Append(next);
        ValueAssert.Equal(next, journal.Read().ToList());
    }

    private static SnapshotDelta Changes(RandomEvents random, int number, int trials) =>
        new(
            new SweepSummary(
                DateTimeOffset.UnixEpoch.AddSeconds(number),
                Enum.GetValues<TrialState>().ToDictionary(s => s, s => number + (int)s),
                number,
                1000,
                number % 2 == 0
            ),
            [.. Enumerable.Range(0, trials).Select(_ => random.NextTrial())]
        );

    private static void SameSums(SweepSummary expected, SweepSummary actual)
    {
        ValueAssert.Equal(
            expected with
            {
                Trials = new Dictionary<TrialState, int>(),
            },
            actual with
            {
                Trials = new Dictionary<TrialState, int>(),
            }
        );
        Assert.Equal(expected.Trials, actual.Trials);
    }

    private JournalAddress AddressOf(string home) =>
        home == "SQLite" ? JournalAddress.OfFile(_folder["journal.db"]) : JournalAddress.OfDatabase(server.Address).Value;

    private IJournal Open(string home) =>
        Value(Rouser.Storage.Journals.Journals.Open(AddressOf(home), _fingerprint, _folder.Path));

    private IJournal OpenReadOnly(string home) =>
        Value(Rouser.Storage.Journals.Journals.OpenReadOnly(AddressOf(home), _fingerprint));

    /// <summary>Changes rows by the table's name in SQLite; returns how many.</summary>
    private int Sql(string home, string table, string change)
    {
        if (home == "SQLite")
        {
            using SqliteConnection file = new($"Data Source={_folder["journal.db"]};Pooling=False");
            return Execute(file, $"UPDATE {table} SET {change}");
        }
        using NpgsqlConnection database = new(JournalAddress.OfDatabase(server.Address).Value.Database!.ConnectionString);
        string only = $"(SELECT id FROM rouser_journals WHERE name = '{_fingerprint}')";
        return Execute(
            database,
            table == "journal"
                ? $"UPDATE rouser_journals SET {change} WHERE id = {only}"
                : $"UPDATE rouser_{table} SET {change} WHERE journal = {only}"
        );

        static int Execute(DbConnection connection, string sql)
        {
            connection.Open();
            using DbCommand command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteNonQuery();
        }
    }

    private static IJournal Value(Result<IJournal> result)
    {
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private sealed record UnknownEvent(DateTimeOffset At) : Event(At);
}
