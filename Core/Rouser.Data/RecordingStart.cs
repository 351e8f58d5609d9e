namespace Rouser.Data;

/// <summary>Where the time of a recording starts.</summary>
public enum RecordingStart
{
    /// <summary>At the first event for formats with a camera's clock, else at time 0 of the file.</summary>
    ByFormat,

    /// <summary>At the first event.</summary>
    FirstEvent,

    /// <summary>At time 0 of the file.</summary>
    Zero,
}
