namespace Rouser.Testing.Worker;

/// <summary>
/// Holds whoever passes until the test lets them, so that the test and not the scheduler decides what happens first.
/// </summary>
public sealed class Gate : IDisposable
{
    /// <summary>Far more than anything here takes: it only keeps a defect from hanging the tests.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _arrived = new(0),
        _let = new(0);
    private volatile bool _open;

    /// <summary>Waits to be let through.</summary>
    public void Pass()
    {
        if (_open)
            return;
        _arrived.Release();
        if (!_let.Wait(TooLong))
            throw new TimeoutException("Nobody opened the gate.");
    }

    /// <summary>Waits until someone is at the gate.</summary>
    public void AwaitArrival() => Assert.True(_arrived.Wait(TooLong), "Nobody came to the gate.");

    /// <summary>Lets one through, and waits for the next to arrive.</summary>
    public void LetOne()
    {
        _let.Release();
        AwaitArrival();
    }

    /// <summary>Lets everyone through from now on.</summary>
    public void Open()
    {
        _open = true;
        _let.Release(1000);
    }

    /// <summary>Opens it: what waits must end before the test does.</summary>
    public void Dispose()
    {
        if (!_open)
            Open();
    }
}
