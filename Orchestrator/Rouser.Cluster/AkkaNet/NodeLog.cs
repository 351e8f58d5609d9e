using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Hands what is logged within the actor system to the program's log. What Akka.NET says of connections that open and
/// close is for its authors: each death makes a dozen such lines, many of them errors with stack traces. They are
/// told at debug level; what a person can act on is said by <see cref="MembershipActor"/> and
/// <see cref="ClusterNode"/>.
/// </summary>
internal sealed class NodeLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger _log;

    /// <summary>Made by Akka.NET.</summary>
    public NodeLog()
    {
        _log = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory.CreateLogger("Akka");
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    /// <summary>The level at which something is told.</summary>
    /// <param name="said">Akka.NET's level.</param>
    /// <param name="source">Who says it: the path of an actor, ours below <c>/user/</c>, or a part of Akka.NET.</param>
    /// <param name="kind">The type that says it. Akka.NET has actors below <c>/user/</c> too, such as the proxy of the
    /// singleton; their warnings are of its own workings, their errors may be those of our actors.</param>
    internal static LogLevel LevelOf(Akka.Event.LogLevel said, string source, Type kind, string message)
    {
        // A stranger at the port, or a node without a certificate.
        if (message.StartsWith("Rejected incoming connection", StringComparison.Ordinal))
            return LogLevel.Warning;
        if (said < Akka.Event.LogLevel.WarningLevel || !source.Contains("/user/", StringComparison.Ordinal))
            return LogLevel.Debug;
        if (said > Akka.Event.LogLevel.WarningLevel)
            return LogLevel.Error;
        bool isAkkas = kind.Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal);
        return isAkkas ? LogLevel.Debug : LogLevel.Warning;
    }

    private void Write(LogEvent e)
    {
        string message = $"{e.Message}";
        LogLevel level = LevelOf(e.LogLevel(), e.LogSource, e.LogClass, message);
        if (level == LogLevel.Warning)
            _log.LogWarning("{Message}", message.Split('\n')[0]);
        else if (_log.IsEnabled(level))
            _log.Log(level, e.Cause, "{Source}: {Message}", e.LogSource, message);
    }
}
