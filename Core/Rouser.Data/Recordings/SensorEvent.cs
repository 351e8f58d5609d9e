namespace Rouser.Data.Recordings;

/// <summary>One event of an event camera.</summary>
/// <param name="Microseconds">Time since the start of the recording, µs.</param>
/// <param name="X">Column, from 0 at the left.</param>
/// <param name="Y">Row, from 0 at the top.</param>
/// <param name="On">Polarity: true if the pixel got brighter.</param>
public readonly record struct SensorEvent(long Microseconds, ushort X, ushort Y, bool On);
