using Npgsql;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Tests.Files;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Journals;

/// <summary>What only a database can get wrong; the rest is in <see cref="JournalContractTests"/>.</summary>
public sealed class PostgresJournalTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _fingerprint = Guid.NewGuid().ToString();

    public void Dispose() => _folder.Dispose();

    /// <summary>As the program before sums left it, in a database that others still use.</summary>
    [PostgresFact]
    public void A_journal_of_the_first_version_is_read_and_goes_on()
    {
        List<Event> events = new RandomEvents(4).Take(2300);
        using (PostgresJournal journal = PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value)
            journal.Append(events[..2200]);
        string only = $"(SELECT id FROM rouser_journals WHERE name = '{_fingerprint}')";
        Sql($"UPDATE rouser_events SET sum = NULL WHERE journal = {only}");
        Sql($"UPDATE rouser_journals SET schema = 1 WHERE name = '{_fingerprint}'");

        using (PostgresJournal old = PostgresJournal.OpenReadOnly(Address(), _fingerprint).Value)
            ValueAssert.Equal(events[..2200], old.Read().ToList());
        using (PostgresJournal journal = PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value)
        {
            Assert.Null(journal.LostProgress);
            journal.Append(events[2200..]);
        }
        using (PostgresJournal now = PostgresJournal.OpenReadOnly(Address(), _fingerprint).Value)
            ValueAssert.Equal(events, now.Read().ToList());
        Sql($"UPDATE rouser_events SET json = replace(json, '\"at\":\"', '\"at\":\"1') WHERE number = 2100 AND journal = {only}");
        using PostgresJournal changed = PostgresJournal.OpenReadOnly(Address(), _fingerprint).Value;
        Assert.Throws<IOException>(() => changed.Read().Count());
    }

    [PostgresFact]
    public void Journals_of_several_sweeps_share_a_database_and_nothing_else()
    {
        RandomEvents random = new(1);
        List<Event> one = random.Take(3),
            other = random.Take(4);
        JournalAddress address = Address(),
            named = JournalAddress.OfDatabase(server.Address + "?journal=" + Uri.EscapeDataString(_fingerprint + " named")).Value;
        using PostgresJournal first = PostgresJournal.Open(address, _fingerprint, _folder.Path).Value,
            second = PostgresJournal.Open(named, _fingerprint, _folder.Path).Value;
        first.Append(one);
        second.Append(other);
        ValueAssert.Equal(one, first.Read().ToList());
        ValueAssert.Equal(other, second.Read().ToList());
    }

    // `rouser status` on another machine than the orchestrator's said "stopped".
    [PostgresFact]
    public void A_reader_knows_whether_the_journal_has_a_writer()
    {
        PostgresJournal writer = PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value;
        PostgresJournal.Open(Address(), _fingerprint + " other", _folder.Path).Value.Dispose();
        using PostgresJournal reader = PostgresJournal.OpenReadOnly(Address(), _fingerprint).Value,
            other = PostgresJournal.OpenReadOnly(Address(), _fingerprint + " other").Value;
        Assert.Equal((true, false), (reader.HasWriter, other.HasWriter));
        writer.Dispose();
        // The server takes a moment to see that the connection is closed.
        Assert.True(SpinWait.SpinUntil(() => !reader.HasWriter, TimeSpan.FromMinutes(1)));
    }

    [PostgresFact]
    public void A_journal_that_is_not_there_is_a_mistake_to_read()
    {
        UserError mistake = Assert.Single(PostgresJournal.OpenReadOnly(Address(), _fingerprint).Errors);
        Assert.Contains("has no journal of this sweep", mistake.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void A_newer_schema_is_refused()
    {
        PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value.Dispose();
        Sql($"UPDATE rouser_journals SET schema = 3 WHERE name = '{_fingerprint}'");
        foreach (
            Result<PostgresJournal> result in (Result<PostgresJournal>[])
                [
                    PostgresJournal.Open(Address(), _fingerprint, _folder.Path),
                    PostgresJournal.OpenReadOnly(Address(), _fingerprint),
                ]
        )
            Assert.Contains(
                "schema is newer than this rouser understands (2)",
                Assert.Single(result.Errors).Message,
                StringComparison.Ordinal
            );
    }

    [PostgresFact]
    public void A_connection_that_the_server_ends_is_an_error_of_one_line()
    {
        using PostgresJournal journal = PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value;
        Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rouser'");
        IOException broken = Assert.Throws<IOException>(() => journal.Append(new RandomEvents(2).Take(1)));
        Assert.DoesNotContain('\n', broken.Message);
        Assert.StartsWith("postgres://tester@127.0.0.1:", broken.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void Damage_is_found_when_it_is_read()
    {
        using PostgresJournal journal = PostgresJournal.Open(Address(), _fingerprint, _folder.Path).Value;
        journal.Append(new RandomEvents(3).Take(10));
        Sql(
            $"DELETE FROM rouser_events WHERE number = 7 AND journal = (SELECT id FROM rouser_journals WHERE name = '{_fingerprint}')"
        );
        Assert.Contains(
            "event 7 is missing",
            Assert.Throws<IOException>(() => journal.Read().Count()).Message,
            StringComparison.Ordinal
        );
    }

    [PostgresFact]
    public void No_mistake_shows_the_password()
    {
        string right = Uri.EscapeDataString(PostgresServer.Password),
            address = server.Address;
        (string Address, string Says)[] wrong =
        [
            (address.Replace(right, "wrong-secret", StringComparison.Ordinal), "refuses this user or password"),
            (address.Replace(":" + right, "", StringComparison.Ordinal), "asks for a password"),
            (
                address
                    .Replace("/postgres", "/nowhere", StringComparison.Ordinal)
                    .Replace("nowhere://", "postgres://", StringComparison.Ordinal),
                "no such database"
            ),
        ];
        foreach ((string text, string says) in wrong)
        {
            string line = Assert
                .Single(PostgresJournal.Open(JournalAddress.OfDatabase(text).Value, _fingerprint, _folder.Path).Errors)
                .ToString();
            Assert.Contains(says, line, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
            Assert.DoesNotContain("s3same", line, StringComparison.Ordinal);
        }
    }

    private JournalAddress Address() => JournalAddress.OfDatabase(server.Address).Value;

    private void Sql(string sql)
    {
        using NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(Address().Database!.ConnectionString) { ApplicationName = "test" }.ConnectionString
        );
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}
