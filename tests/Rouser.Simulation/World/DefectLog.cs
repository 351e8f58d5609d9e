using Microsoft.Extensions.Logging;

namespace Rouser.Simulation.World;

/// <summary>A log that keeps the errors: each is a defect, because whatever is wrong outside is no error here.</summary>
internal sealed class DefectLog : ILogger
{
    /// <summary>The first one, or null.</summary>
    public Exception? First { get; private set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (logLevel >= LogLevel.Error)
            First ??= exception ?? new InvalidOperationException(formatter(state, exception));
    }
}
