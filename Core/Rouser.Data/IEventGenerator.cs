using Rouser.Data.Recordings;

namespace Rouser.Data;

/// <summary>
/// Makes the samples of a synthetic data set. Safe for use by several threads; a sample depends on (seed, split,
/// index) alone, on every machine.
/// </summary>
public interface IEventGenerator
{
    /// <summary>Part of a data set's digest; changes whenever the same seed would give other events.</summary>
    int Version { get; }

    /// <summary>The class of a sample.</summary>
    int LabelOf(int index);

    /// <summary>A sample's events in order of time.</summary>
    SensorEvent[] Record(DatasetSplit split, int index);
}
