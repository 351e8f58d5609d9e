using System.Net;
using System.Net.Sockets;

namespace Rouser.Orchestrator.Tests.Cluster;

/// <summary>A wire between a worker and its orchestrator that a test can cut and mend.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private volatile bool _isCut;

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// From now on nothing goes through, and nobody is told: packets vanish, as behind a switch that lost its power.
    /// </summary>
    public void Cut() => _isCut = true;

    /// <summary>The wire is whole again; connections of before are dead, and found to be so.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            foreach (Socket socket in _open)
                socket.Dispose();
            _open.Clear();
        }
        _isCut = false;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Mend();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptSocketAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                    _open.AddRange([near, far]);
                _ = ServeAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (SocketException)
        {
            // Nobody listens behind it.
        }
        catch (ObjectDisposedException)
        {
            // The wire was mended meanwhile.
        }
        near.Dispose();
        far.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
            {
                // What is sent while the wire is cut is lost, and so is the connection; but nobody hears of it before
                // it is mended.
                while (_isCut)
                    await Task.Delay(20);
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }
}
