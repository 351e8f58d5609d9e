using System.Globalization;
using Rouser.Coordination;
using Rouser.Storage.Store;
using Rouser.Storage.Tests.Files;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Store;

/// <summary>What goes into a store comes out again bit for bit, or not at all.</summary>
public sealed class ResultStoreTests : IDisposable
{
    private const int Epochs = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];
    private readonly ResultStore _store;

    public ResultStoreTests() => _store = Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_result_comes_back_as_it_was_put()
    {
        StoredResult put = Result(0);
        _store.Put(put);
        StoredResult found = Find(0)!;
        Assert.Equal(put.Events.Count, found.Events.Count);
        foreach ((IResultEvent before, IResultEvent after) in put.Events.Zip(found.Events))
            Journals.ValueAssert.Equal(before, after);
        Assert.Equal(put.Origin, found.Origin);
        Assert.Equal(put.TrialJson, found.TrialJson);
        Assert.Equal(put.Files.Select(m => m.Name), found.Files.Select(m => m.Name));
        Assert.Equal(put.Files.Select(m => m.Content.ToArray()), found.Files.Select(m => m.Content.ToArray()));
        Assert.Null(Find(1));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Every_flipped_byte_is_found_and_the_entry_dropped()
    {
        _store.Put(Result(0));
        string file = Assert.Single(_store.Files()).FullName;
        byte[] whole = File.ReadAllBytes(file);
        // Each byte of the head and of the sum, and some of all between.
        IEnumerable<int> places = Enumerable
            .Range(0, whole.Length)
            .Where(place => place < 20 || place >= whole.Length - 32 || place % 37 == 0);
        foreach (int place in places)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 1;
            File.WriteAllBytes(file, damaged);
            _warnings.Clear();
            Assert.Null(Find(0));
            Assert.False(File.Exists(file));
            Assert.EndsWith(
                "; the result is dropped, and its trial is trained again",
                Assert.Single(_warnings),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(500)]
    public void A_file_that_was_cut_off_is_dropped(int length)
    {
        _store.Put(Result(0));
        string file = Assert.Single(_store.Files()).FullName;
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        Assert.Null(Find(0));
        Assert.Empty(_store.Files());
    }

    [Fact]
    public void An_entry_under_the_name_of_another_trial_is_dropped()
    {
        _store.Put(Result(0));
        string file = Assert.Single(_store.Files()).FullName;
        File.Move(file, file.Replace(Id(0).Value, Id(1).Value, StringComparison.Ordinal));
        Assert.Null(Find(1));
        Assert.Contains("of another trial", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_one_kind_of_machine_is_none_of_another()
    {
        _store.Put(Result(0) with { Machine = "linux-x64, 512-bit" });
        PlannedTrial trial = Trial(0);
        Assert.NotNull(_store.Find(trial, "linux-x64, 512-bit", KeptModels.Last));
        Assert.Null(_store.Find(trial, "linux-x64, 256-bit", KeptModels.Last));
        Assert.Null(_store.Find(trial, null, KeptModels.Last));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_run_that_keeps_models_needs_them()
    {
        _store.Put(Result(0) with { Keep = KeptModels.None, Files = [] });
        Assert.Null(_store.Find(Trial(0), null, KeptModels.Last));
        Assert.NotNull(_store.Find(Trial(0), null, KeptModels.None));
        _store.Put(Result(0));
        Assert.NotNull(_store.Find(Trial(0), null, KeptModels.Last));
        Assert.NotNull(_store.Find(Trial(0), null, KeptModels.None));
    }

    [Fact]
    public void A_full_store_drops_what_was_used_least_recently()
    {
        DateTime then = DateTime.UtcNow.AddDays(-1);
        for (int i = 0; i < 16; i++)
        {
            _store.Put(Result(i));
            File.SetLastWriteTimeUtc(FileOf(i), then.AddMinutes(i));
        }
        _store.Limit = _store.Files().Sum(file => file.Length) + 100;
        Assert.NotNull(Find(0));
        _store.Put(Result(16));
        Assert.True(_store.Files().Sum(file => file.Length) <= _store.Limit);
        Assert.NotNull(Find(0));
        Assert.NotNull(Find(16));
        Assert.Null(Find(1));
        // A little more than must go goes, so that a full store is not listed for each result.
        Assert.NotNull(Find(3));
        Assert.Equal(_store.Limit, Open().Limit);
    }

    [Fact]
    public void Files_of_others_in_the_folder_stay()
    {
        string other = Path.Combine(_store.Folder, "thesis.result");
        _store.Put(Result(0));
        File.WriteAllText(other, "mine");
        _store.Prune(0);
        Assert.Empty(_store.Files());
        Assert.Equal("mine", File.ReadAllText(other));
    }

    [Fact]
    public void Many_at_once_read_and_write_whole_results()
    {
        _store.Limit = 40_000;
        Parallel.For(
            0,
            8,
            _ =>
            {
                ResultStore own = Open();
                for (int round = 0; round < 40; round++)
                {
                    own.Put(Result(round % 5));
                    StoredResult? found = own.Find(Trial((round + 2) % 5), null, KeptModels.Last);
                    Assert.True(found is null || found.Events.Count == Epochs + 1);
                }
            }
        );
        Assert.Empty(_warnings);
        Assert.Empty(Directory.GetFiles(_store.Folder, "*.tmp"));
    }

    [Fact]
    public void A_store_that_cannot_be_written_says_so_and_the_run_goes_on()
    {
        string file = _folder["store"];
        File.WriteAllText(file, "a file where the folder would be");
        _store.Put(Result(0));
        _store.Put(Result(1));
        Assert.Single(_warnings);
        Assert.Null(Find(0));
    }

    [Fact]
    public void The_option_goes_before_the_environment_and_none_is_none()
    {
        string? before = Environment.GetEnvironmentVariable(ResultStore.Variable);
        // What the tests are run with, so that no test touches the store of a user.
        Assert.Equal("none", before);
        Assert.Null(ResultStore.OfUser(null));
        Assert.Null(ResultStore.OfUser("none"));
        Assert.Equal(_folder["x"], ResultStore.OfUser(_folder["x"])!.Folder);
    }

    private ResultStore Open() =>
        new(
            _folder["store"],
            line =>
            {
                lock (_warnings)
                    _warnings.Add(line);
            }
        );

    // As a trial's identity is: hex digits.
    private static TrialId Id(int place) => new(place.ToString("x32", CultureInfo.InvariantCulture));

    private string FileOf(int place) => Path.Combine(_store.Folder, $"{Id(place)}.result");

    private StoredResult? Find(int place) => _store.Find(Trial(place), null, KeptModels.Last);

    private static PlannedTrial Trial(int place) => Samples.Trial(Id(place), Epochs, place);

    private static StoredResult Result(int place) =>
        new(
            Id(place),
            StoredResult.JsonOf(Trial(place)),
            null,
            KeptModels.Last,
            new ResultOrigin("host", "/runs/first", "0.2", "local", "/runs", null),
            [
                .. Enumerable
                    .Range(1, Epochs)
                    .Select(IResultEvent (epoch) => new EpochRecorded(Samples.Start, Id(place), 1, Samples.Epoch(place, epoch))),
                new TrialCompleted(Samples.Start, Id(place), 1, Samples.Distances(place, Epochs)),
            ],
            [new StoredFile($"{Id(place)}-ab.model", new byte[] { 1, 2, 3, (byte)place })]
        );
}
