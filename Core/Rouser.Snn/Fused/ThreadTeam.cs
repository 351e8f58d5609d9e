using System.Runtime.ExceptionServices;

namespace Rouser.Snn.Fused;

/// <summary>
/// A fixed set of threads that work through numbered items together. The caller is one of them. Which thread takes
/// which item is left to chance, so an item's result must not depend on it. Runs without allocating.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly AutoResetEvent[] _start;
    private readonly CountdownEvent _done;
    private Action<int, int>? _body;
    private int _count,
        _next;
    private volatile bool _disposed;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts all threads but the caller's.</summary>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        _start = new AutoResetEvent[threads - 1];
        _done = new CountdownEvent(threads);
        for (int k = 0; k < _start.Length; k++)
        {
            int thread = k + 1;
            _start[k] = new AutoResetEvent(false);
            new Thread(() => Work(thread)) { IsBackground = true, Name = $"fused engine {thread}" }.Start();
        }
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Calls <paramref name="body"/>(item, thread) for each item from 0 to <paramref name="count"/> − 1 and returns
    /// when all are done. No two calls at a time have the same thread (0 to <see cref="Threads"/> − 1). Rethrows the
    /// first exception, after all threads have stopped.
    /// </summary>
    public void Run(int count, Action<int, int> body)
    {
        (_body, _count, _next, _failure) = (body, count, 0, null);
        if (_start.Length == 0 || count == 1)
        {
            for (int item = 0; item < count; item++)
                body(item, 0);
            return;
        }
        _done.Reset();
        foreach (AutoResetEvent start in _start)
            start.Set();
        RunItems(0);
        _done.Wait();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (AutoResetEvent start in _start)
            start.Set();
        // The events and the countdown are left to the finalizer: a thread may still be on its way out of them.
    }

    private void Work(int thread)
    {
        while (true)
        {
            _start[thread - 1].WaitOne();
            if (_disposed)
                return;
            RunItems(thread);
        }
    }

    private void RunItems(int thread)
    {
        try
        {
            for (int item = Interlocked.Increment(ref _next) - 1; item < _count; item = Interlocked.Increment(ref _next) - 1)
                _body!(item, thread);
        }
#pragma warning disable CA1031 // Whatever it is, the caller's thread gets it.
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            Volatile.Write(ref _next, _count);
        }
#pragma warning restore CA1031
        finally
        {
            _done.Signal();
        }
    }
}
