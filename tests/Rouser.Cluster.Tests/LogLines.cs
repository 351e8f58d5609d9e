using Microsoft.Extensions.Logging;

namespace Rouser.Cluster.Tests;

/// <summary>A log that a test reads: the message of each entry, and of its error.</summary>
public sealed class LogLines : ILogger, ILoggerProvider
{
    private readonly List<string> _lines = [];
    private readonly List<Exception> _errors = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>The errors so far, those that a line was about.</summary>
    public IReadOnlyList<Exception> Errors
    {
        get
        {
            lock (_lines)
                return [.. _errors];
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        string line = exception is null ? formatter(state, null) : $"{formatter(state, exception)}: {exception}";
        lock (_lines)
        {
            _lines.Add(line);
            if (exception is not null)
                _errors.Add(exception);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
