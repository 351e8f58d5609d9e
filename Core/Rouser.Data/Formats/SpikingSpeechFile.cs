using System.Globalization;
using Rouser.Data.Formats.Hdf5;
using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads a file of the Spiking Heidelberg Digits (Cramer et al. 2020): HDF5 with lists of spikes and a label for each
/// sample.
/// </summary>
/// <remarks>
/// <c>spikes/times</c> holds lists of float16 in seconds, <c>spikes/units</c> lists of uint16 from 0 to 699,
/// <c>labels</c> a number a sample, <c>extra/speaker</c>, where it is there, the number of its speaker. A float16
/// is exact in double; its µs are rounded down, so that a step of whole µs gets the spikes that it would get from
/// the seconds. Not safe for use by several threads.
/// </remarks>
public sealed class SpikingSpeechFile
{
    /// <summary>Channels of the inner ear.</summary>
    public const int Channels = 700;

    /// <summary>Zero to nine, in German and in English.</summary>
    public const int Classes = 20;

    /// <summary>Part of a data set's digest; changes whenever the same file would give other events.</summary>
    public const int Version = 1;

    private readonly string _place;
    private readonly Hdf5Dataset _times,
        _units,
        _labels;
    private readonly Hdf5Dataset? _speakers;

    private SpikingSpeechFile(string place, Hdf5Dataset times, Hdf5Dataset units, Hdf5Dataset labels, Hdf5Dataset? speakers) =>
        (_place, _times, _units, _labels, _speakers) = (place, times, units, labels, speakers);

    /// <summary>The samples.</summary>
    public int Count => _labels.Count;

    /// <summary>Opens a file, which must stay open as long as samples are read.</summary>
    /// <param name="stream">The file; one that can seek.</param>
    /// <param name="place">Its name for mistakes.</param>
    public static Result<SpikingSpeechFile> Open(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Reading<SpikingSpeechFile>(
            place,
            () =>
            {
                Hdf5File file = new(stream);
                SpikingSpeechFile speech = new(
                    place,
                    file.Open("spikes", "times"),
                    file.Open("spikes", "units"),
                    file.Open("labels"),
                    file.Find("extra", "speaker")
                );
                if (!speech._times.Type.IsList || !speech._units.Type.IsList || speech._labels.Type.IsList)
                    return new UserError(
                        place,
                        "has spikes that are no lists, or labels that are; it is no file of Spiking Heidelberg Digits"
                    );
                if (speech._times.Count != speech.Count || speech._units.Count != speech.Count)
                    return new UserError(
                        place,
                        $"holds {speech.Count} labels, but {speech._times.Count} lists of times and {speech._units.Count} of units"
                    );
                if (speech._speakers is { } speakers && (speakers.Type.IsList || speakers.Count != speech.Count))
                    return new UserError(
                        place,
                        $"holds {speech.Count} labels, but {speakers.Count} speakers or lists of them; fetch the file again"
                    );
                return speech;
            }
        );
    }

    /// <summary>The label of a sample.</summary>
    public Result<int> Label(int sample)
    {
        double label = _labels.Number(sample);
        return label is >= 0 and < Classes && label == Math.Floor(label)
            ? (int)label
            : new UserError(
                _place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sample {sample} has the label {label}; there are 0 to {Classes - 1}"
                )
            );
    }

    /// <summary>The speaker of a sample, <c>speaker 3</c>; empty where the file names none.</summary>
    public string Speaker(int sample) =>
        _speakers is null ? "" : string.Create(CultureInfo.InvariantCulture, $"speaker {_speakers.Number(sample)}");

    /// <summary>The spikes of a sample, in the order of the file: channel as column, row 0.</summary>
    public Result<SensorEvent[]> Spikes(int sample) =>
        Reading<SensorEvent[]>(
            _place,
            () =>
            {
                (int count, int timeSize, int unitSize) = (0, _times.Type.NumberSize, _units.Type.NumberSize);
                ReadOnlySpan<byte> times = _times.List(sample);
                double[] seconds = new double[times.Length / timeSize];
                for (int i = 0; i < seconds.Length; i++)
                    seconds[i] = _times.Type.Number(times[(i * timeSize)..]);
                ReadOnlySpan<byte> units = _units.List(sample);
                if (units.Length / unitSize != seconds.Length)
                    return Wrong($"has {seconds.Length} times and {units.Length / unitSize} units");
                SensorEvent[] events = new SensorEvent[seconds.Length];
                for (int i = 0; i < seconds.Length; i++)
                {
                    double unit = _units.Type.Number(units[(i * unitSize)..]);
                    if (!(unit is >= 0 and < Channels))
                        return Wrong($"has a spike on channel {unit}; there are 0 to {Channels - 1}");
                    if (!(Math.Abs(seconds[i]) < 1e6))
                        return Wrong($"has a spike at {seconds[i]} s");
                    events[count++] = new((long)Math.Floor(seconds[i] * 1e6), (ushort)unit, 0, true);
                }
                return events;

                UserError Wrong(string what) =>
                    new(_place, string.Create(CultureInfo.InvariantCulture, $"sample {sample} {what}; fetch the file again"));
            }
        );

    private static Result<T> Reading<T>(string place, Func<Result<T>> read)
    {
        try
        {
            return read();
        }
        catch (MalformedFileException e)
        {
            return new UserError(place, string.Create(CultureInfo.InvariantCulture, $"byte {e.Offset} {e.Message}"));
        }
        catch (EndOfStreamException)
        {
            return new UserError(place, "became shorter while it was read");
        }
    }
}
