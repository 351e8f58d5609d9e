using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Hands what Akka.NET logs to the program's log. What Akka.NET says of connections that open and close is for its authors: each death makes a dozen such lines, many
/// of them errors with stack traces. They are told at debug level; what a person can act on is said by <see cref="MembershipActor"/> and <see cref="ClusterNode"/>.
/// </summary>
internal sealed class NodeLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <summary>What Akka.NET itself says, by the first part of its loggers' names.</summary>
    public const string Category = "Akka";

    private static readonly string[] Transports = ["Akka.Remote", "Akka.Cluster", "Akka.Management", "Akka.Discovery", "DotNetty", "Ceen"];

    private readonly ILogger _log;

    /// <summary>Made by Akka.NET.</summary>
    public NodeLog()
    {
        _log = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory.CreateLogger(Category);
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    /// <summary>The level at which an event is told.</summary>
    /// <param name="said">Akka.NET's level.</param>
    /// <param name="source">The type that says it.</param>
    internal static LogLevel LevelOf(Akka.Event.LogLevel said, Type? source) =>
        said < Akka.Event.LogLevel.WarningLevel || Transports.Any(t => source?.FullName?.StartsWith(t, StringComparison.Ordinal) is true) ? LogLevel.Debug
        : said == Akka.Event.LogLevel.WarningLevel ? LogLevel.Warning
        : LogLevel.Error;

    private void Write(LogEvent e)
    {
        LogLevel level = LevelOf(e.LogLevel(), e.LogClass);
        if (_log.IsEnabled(level)) _log.Log(level, e.Cause, "{Source}: {Message}", e.LogSource, e.Message);
    }
}
