using Rouser.Coordination;
using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Tests.Files;

namespace Rouser.Storage.Tests.Journals;

/// <summary>
/// What is left of a journal when its process or machine dies: the files as they lie, with the tail of the log cut
/// off or garbled.
/// </summary>
public sealed class TornJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<List<Event>> _appends = [];
    private readonly List<long> _logLengths = [];

    public TornJournalTests()
    {
        Directory.CreateDirectory(_folder["live"]);
        Directory.CreateDirectory(_folder["dead"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_of_the_log_is_cut_off_every_append_before_it_survives_whole()
    {
        using SqliteJournal live = Fill();
        RandomStream random = new(1, "cuts");
        for (int i = 0; i < 60; i++)
        {
            int cut = random.NextInt((int)_logLengths[^1] + 1);
            Die(log => log.SetLength(cut));
            Check(cut, $"cut {i} at {cut} of {_logLengths[^1]} bytes");
        }
    }

    [Fact]
    public void Whatever_of_the_log_is_garbled_every_append_before_it_survives_whole()
    {
        using SqliteJournal live = Fill();
        RandomStream random = new(2, "flips");
        for (int i = 0; i < 60; i++)
        {
            int at = random.NextInt((int)_logLengths[^1]);
            int bit = random.NextInt(8);
            Die(log =>
            {
                log.Position = at;
                int value = log.ReadByte();
                log.Position = at;
                log.WriteByte((byte)(value ^ (1 << bit)));
            });
            Check(at, $"flip {i} of bit {bit} at {at} of {_logLengths[^1]} bytes");
        }
    }

    [Fact]
    public void A_process_that_dies_between_two_appends_loses_nothing()
    {
        using SqliteJournal live = Fill();
        Die(_ => { });
        using SqliteJournal reader = SqliteJournal.OpenReadOnly(_folder["dead", "journal.db"]).Value;
        ValueAssert.Equal(_appends.SelectMany(a => a).ToList(), reader.Read().ToList());
    }

    [Fact]
    public void A_file_cut_or_garbled_after_it_was_closed_is_a_mistake_or_whole_but_never_an_exception()
    {
        using (SqliteJournal live = Fill()) { }
        byte[] whole = File.ReadAllBytes(_folder["live", "journal.db"]);
        RandomStream random = new(3, "damage");
        int refused = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] bytes = [.. whole.AsSpan(0, i % 2 == 0 ? random.NextInt(whole.Length) : whole.Length)];
            if (i % 2 == 1)
            {
                int at = random.NextInt(whole.Length - 64);
                for (int j = at; j < at + 64; j++)
                    bytes[j] = (byte)random.NextInt(256);
            }
            File.WriteAllBytes(_folder["dead", "journal.db"], bytes);
            Result<SqliteJournal> result = SqliteJournal.Open(_folder["dead", "journal.db"]);
            if (!result.IsOk)
            {
                refused++;
                Assert.DoesNotContain('\n', Assert.Single(result.Errors).ToString());
                continue;
            }
            using SqliteJournal journal = result.Value;
            _ = journal.Read().Count();
        }
        Assert.True(refused > 75, $"only {refused} of 150 damaged files were found out");
    }

    // A journal that stays open, so that all of its appends lie in the log.
    private SqliteJournal Fill()
    {
        SqliteJournal live = SqliteJournal.Open(_folder["live", "journal.db"]).Value;
        RandomEvents random = new(9);
        for (int i = 0; i < 40; i++)
        {
            _appends.Add(random.Take(1 + (i % 5)));
            live.Append(_appends[^1]);
            _logLengths.Add(new FileInfo(_folder["live", "journal.db-wal"]).Length);
        }
        return live;
    }

    // The files as a crash leaves them, their log damaged. The shared-memory file does not outlive a machine, so it
    // is not among them.
    private void Die(Action<FileStream> damage)
    {
        foreach (string file in Directory.GetFiles(_folder["dead"]))
            File.Delete(file);
        foreach (string name in (string[])["journal.db", "journal.db-wal"])
        {
            using FileStream from = new(_folder["live", name], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using FileStream to = File.Create(_folder["dead", name]);
            from.CopyTo(to);
        }
        using FileStream log = File.Open(_folder["dead", "journal.db-wal"], FileMode.Open);
        damage(log);
    }

    // Of the log's first so many bytes all appends that lie in them entirely are there, and of the others each is
    // there whole or not at all.
    private void Check(long soundBytes, string what)
    {
        Result<SqliteJournal> result = SqliteJournal.Open(_folder["dead", "journal.db"]);
        Assert.True(result.IsOk, $"{what}: {string.Join("; ", result.Errors)}");
        using SqliteJournal journal = result.Value;
        List<Event> survivors = [.. journal.Read()];
        int least = _logLengths.Count(length => length <= soundBytes);
        int appends = 0,
            events = 0;
        for (; events < survivors.Count; appends++)
            events += _appends[appends].Count;
        Assert.True(events == survivors.Count, $"{what}: append {appends} survived in part");
        Assert.True(appends >= least, $"{what}: {appends} appends survived where {least} were whole");
        ValueAssert.Equal(_appends.Take(appends).SelectMany(a => a).ToList(), survivors, what);

        Event next = new RandomEvents(10).Next();
        journal.Append([next]); // And the journal goes on from there.
        ValueAssert.Equal(next, journal.Read().Last(), what);
    }
}
