using Rouser.Core;

namespace Rouser.Storage.Datasets;

/// <summary>Work on numbered items on all cores, whose result does not depend on their number.</summary>
internal static class OrderedParallel
{
    /// <summary>
    /// Makes items 0 to <paramref name="count"/> − 1. If some are wrong, the result is the mistake of the first of
    /// them.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="make">Makes one; called by several threads.</param>
    /// <param name="cancellation">Stops between items.</param>
    /// <param name="done">Takes the number of items that are made, after each; called by several threads, so that
    /// numbers may come out of order.</param>
    public static Result<T[]> Map<T>(
        int count,
        Func<int, Result<T>> make,
        CancellationToken cancellation,
        Action<int>? done = null
    )
    {
        T[] items = new T[count];
        int made = 0;
        Lock sync = new();
        (int Index, Result<T>? Result) wrong = (count, null);
        // Break, unlike Stop, still runs every item below the broken one, so the first mistake is always found.
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellation },
            (i, loop) =>
            {
                Result<T> item = make(i);
                if (item.IsOk)
                {
                    items[i] = item.Value;
                    done?.Invoke(Interlocked.Increment(ref made));
                    return;
                }
                lock (sync)
                {
                    if (i < wrong.Index)
                        wrong = (i, item);
                }
                loop.Break();
            }
        );
        return wrong.Result is null ? items : Result<T[]>.Failed(wrong.Result.Errors);
    }
}
