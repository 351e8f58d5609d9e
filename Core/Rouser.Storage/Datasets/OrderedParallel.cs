using Rouser.Core;

namespace Rouser.Storage.Datasets;

/// <summary>Work on numbered items on all cores, whose result does not depend on their number.</summary>
internal static class OrderedParallel
{
    /// <summary>Makes items 0 to <paramref name="count"/> − 1. If some are wrong, the result is the mistake of the first of them.</summary>
    public static Result<T[]> Map<T>(int count, Func<int, Result<T>> make, CancellationToken cancellation)
    {
        T[] items = new T[count];
        Lock sync = new();
        (int Index, Result<T>? Result) wrong = (count, null);
        // Break, unlike Stop, still runs every item below the broken one, so the first mistake is always found.
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, (i, loop) =>
        {
            Result<T> item = make(i);
            if (item.IsOk)
            {
                items[i] = item.Value;
                return;
            }
            lock (sync)
            {
                if (i < wrong.Index) wrong = (i, item);
            }
            loop.Break();
        });
        return wrong.Result is null ? items : Result<T[]>.Wrong(wrong.Result.Mistakes);
    }
}
