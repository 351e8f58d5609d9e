using Rouser.Core;
using Rouser.Storage.Runs;
using Rouser.Storage.Tests.Files;

namespace Rouser.Storage.Tests.Runs;

public sealed class TablesLockTests
{
    [Fact]
    public async Task The_tables_are_one_writers_at_a_time()
    {
        using TemporaryFolder folder = new();
        RunPaths paths = new(folder.Path);
        TablesLock first = TablesLock.Acquire(paths, TimeSpan.Zero).Value;
        UserError mistake = Assert.Single(TablesLock.Acquire(paths, TimeSpan.Zero).Errors);
        Assert.Equal(paths.Metrics, mistake.Location);
        Task<Result<TablesLock>> waiting = Task.Run(() => TablesLock.Acquire(paths, TimeSpan.FromMinutes(5)));
        first.Dispose();
        using TablesLock second = (await waiting).Value;
    }
}
