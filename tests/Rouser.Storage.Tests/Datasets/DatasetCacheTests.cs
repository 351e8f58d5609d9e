using Rouser.Core;
using Rouser.Data;
using Rouser.Storage.Datasets;

namespace Rouser.Storage.Tests.Datasets;

public class DatasetCacheTests
{
    private static readonly DatasetSettings First = new("saccade-digits", null, 10, 1, 1, 1, Seed: 1),
        Second = First with { Seed = 2 };

    [Fact]
    public void Trials_that_ask_at_the_same_time_share_one_load()
    {
        int loads = 0;
        using Barrier start = new(4);
        DatasetCache cache = new(
            (settings, _) =>
            {
                Interlocked.Increment(ref loads);
                return Empty(settings);
            }
        );
        Dataset[] sets = new Dataset[4];
        Thread[] trials =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(i => new Thread(() =>
                {
                    start.SignalAndWait();
                    sets[i] = cache.Get(First with { }, CancellationToken.None).Value;
                })),
        ];
        foreach (Thread trial in trials)
            trial.Start();
        foreach (Thread trial in trials)
            trial.Join();
        Assert.Equal(1, loads);
        Assert.All(sets, set => Assert.Same(sets[0], set));
    }

    [Fact]
    public void Different_settings_are_different_sets()
    {
        DatasetCache cache = new((settings, _) => Empty(settings));
        Dataset first = cache.Get(First, CancellationToken.None).Value,
            second = cache.Get(Second, CancellationToken.None).Value;
        Assert.NotSame(first, second);
        Assert.Same(first, cache.Get(First, CancellationToken.None).Value);
    }

    [Fact]
    public void A_mistake_or_a_cancelled_load_is_tried_again()
    {
        int loads = 0;
        DatasetCache cache = new(
            (settings, _) =>
                ++loads switch
                {
                    1 => new UserError("data", "is not there yet"),
                    2 => throw new OperationCanceledException(),
                    _ => Empty(settings),
                }
        );
        Assert.False(cache.Get(First, CancellationToken.None).IsOk);
        Assert.Throws<OperationCanceledException>(() => cache.Get(First, CancellationToken.None));
        Assert.True(cache.Get(First, CancellationToken.None).IsOk);
        Assert.Equal(3, loads);
    }

    private static Dataset Empty(DatasetSettings settings) => new(settings.Name, true, $"{settings.Seed}", 1, 1, 1, [], []);
}
