using System.Globalization;
using Microsoft.AspNetCore.Connections;

namespace Rouser.Cluster.Http;

/// <summary>
/// Bounds the connections of strangers: those over which no request was let in yet. When there are too many the
/// oldest is closed, so that however many are opened and left idle, a worker that connects and shows its token at
/// once gets in.
/// </summary>
internal sealed class ConnectionGate(RefusalLog refusals)
{
    /// <summary>Connections of strangers that are kept.</summary>
    public const int MostStrangers = 256;

    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _strangers = new();
    private readonly Dictionary<string, LinkedListNode<ConnectionContext>> _places = [];

    /// <summary>Serves a connection from its start to its end.</summary>
    public async Task PassAsync(ConnectionContext connection, ConnectionDelegate serve)
    {
        Admit(connection)?.Abort(new ConnectionAbortedException("too many connections without a request"));
        try
        {
            await serve(connection).ConfigureAwait(false);
        }
        finally
        {
            Forget(connection.ConnectionId);
        }
    }

    /// <summary>A request over the connection was let in: it is no stranger's.</summary>
    public void Forget(string connectionId)
    {
        lock (_gate)
        {
            if (_places.Remove(connectionId, out LinkedListNode<ConnectionContext>? place))
                _strangers.Remove(place);
        }
    }

    /// <returns>The connection that has to go for it; null if there is room.</returns>
    private ConnectionContext? Admit(ConnectionContext connection)
    {
        ConnectionContext oldest;
        lock (_gate)
        {
            _places[connection.ConnectionId] = _strangers.AddLast(connection);
            if (_strangers.Count <= MostStrangers)
                return null;
            oldest = _strangers.First!.Value;
            _strangers.RemoveFirst();
            _places.Remove(oldest.ConnectionId);
        }
        refusals.Add(
            "idle connections",
            string.Create(
                CultureInfo.InvariantCulture,
                $"connection from {oldest.RemoteEndPoint}: more than {MostStrangers} connections made no request; the oldest are closed"
            ),
            lines: 1
        );
        return oldest;
    }
}
