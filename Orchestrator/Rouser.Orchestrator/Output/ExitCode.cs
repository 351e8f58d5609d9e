namespace Rouser.Orchestrator.Output;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>A defect of ours.</summary>
    public const int OurError = 1;

    /// <summary>Bad usage, sweep file, data or disk.</summary>
    public const int UserError = 2;

    /// <summary>
    /// Finished, but some trials have no result, or two workers disagreed on one; or a stored result proved wrong.
    /// </summary>
    public const int SomeTrialsFailed = 3;

    /// <summary>Stopped on request; can be resumed.</summary>
    public const int Stopped = 4;

    /// <summary>Interrupted from the keyboard, after saving.</summary>
    public const int Interrupted = 130;
}
