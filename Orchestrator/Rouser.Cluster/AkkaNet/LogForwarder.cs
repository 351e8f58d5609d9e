using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;

namespace Rouser.Cluster.AkkaNet;

/// <summary>Where a node's log goes.</summary>
/// <param name="write">Takes a line and the error that it is about, if any; called from any thread.</param>
public sealed class LogSetup(Action<LogLevel, string, Exception?> write) : Setup
{
    /// <summary>Takes a line and the error that it is about, if any.</summary>
    public Action<LogLevel, string, Exception?> Write => write;
}

/// <summary>Hands what Akka.NET logs to the program's own log.</summary>
public sealed class LogForwarder : ReceiveActor
{
    /// <summary>Made by Akka.NET, by the name in its configuration.</summary>
    public LogForwarder()
    {
        Action<LogLevel, string, Exception?>? write = Context.System.Settings.Setup.Get<LogSetup>() is { HasValue: true } setup ? setup.Value.Write : null;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(e => write?.Invoke(e.LogLevel(), $"{e.Message}", e.Cause));
    }
}
