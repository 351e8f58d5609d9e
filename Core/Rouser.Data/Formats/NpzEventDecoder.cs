using System.Globalization;
using System.IO.Compression;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads events from a <c>.npz</c> file: arrays <c>t</c>, <c>x</c>, <c>y</c>, <c>p</c> as SpikingJelly writes them,
/// or one array of records with these fields as Tonic holds them. Times are in µs unless the user says otherwise; y
/// and p may be missing. Polarity is 1 or true; 0, −1 or false.
/// </summary>
public static class NpzEventDecoder
{
    /// <summary>The most events of a file.</summary>
    public const int MaxEvents = 1 << 24;

    private const int MaxEntries = 64;

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file; one that can seek, because a zip archive has its directory at the end.</param>
    /// <param name="place">Its name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <param name="unit">The unit of its times.</param>
    /// <returns>The events in their order; or what is wrong.</returns>
    public static Result<SensorEvent[]> Decode(Stream stream, string place, int width, int height, TimeUnit unit = TimeUnit.Us)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string entry = "";
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MaxEntries)
                return new Mistake(place, $"holds {archive.Entries.Count} arrays; it is no file of events");
            Column? t = null,
                x = null,
                y = null,
                p = null;
            foreach (ZipArchiveEntry item in archive.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                entry = item.FullName;
                if (!entry.EndsWith(".npy", StringComparison.Ordinal))
                    continue;
                string name = entry[..^4];
                if (name is not ("t" or "x" or "y" or "p" or "events" or "arr_0" or "data"))
                    continue;
                using Stream content = item.Open();
                NpyArray array = NpyArray.Read(content, MaxEvents);
                t ??= Find(array, name, "t", "timestamp", "ts");
                x ??= Find(array, name, "x");
                y ??= Find(array, name, "y");
                p ??= Find(array, name, "p", "polarity");
            }
            if (t is null || x is null)
                return new Mistake(place, "holds no arrays t and x, nor an array of records with these fields");
            return Events(place, (t, x, y, p), width, height, unit);
        }
        catch (DefectException e)
        {
            return new Mistake(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {e.Offset} of {entry} {e.Message}; it is damaged or no " + $"file of events"
                )
            );
        }
        catch (Exception e)
            when (e
                    is InvalidDataException
                        or EndOfStreamException
                        or NotSupportedException
                        or ArgumentException
                        or OverflowException
            )
        {
            return new Mistake(place, "is damaged or no .npz file, which is a zip archive of arrays; write it again");
        }
    }

    /// <summary>Reads a <c>.npy</c> file: an array of records.</summary>
    public static Result<SensorEvent[]> DecodeSingle(
        Stream stream,
        string place,
        int width,
        int height,
        TimeUnit unit = TimeUnit.Us
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            NpyArray array = NpyArray.Read(stream, MaxEvents);
            Column? t = Find(array, "", "t", "timestamp", "ts"),
                x = Find(array, "", "x"),
                y = Find(array, "", "y"),
                p = Find(array, "", "p", "polarity");
            if (t is null || x is null)
                return new Mistake(place, "is no array of records with the fields t and x");
            return Events(place, (t, x, y, p), width, height, unit);
        }
        catch (DefectException e)
        {
            return new Mistake(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {e.Offset} {e.Message}; it is damaged or no array of " + $"events"
                )
            );
        }
    }

    private static Column? Find(NpyArray array, string arrayName, params ReadOnlySpan<string> names)
    {
        if (array.Fields.TryGetValue("", out NpyArray.Field plain))
            return names.Contains(arrayName) ? new(array, plain) : null;
        foreach (string name in names)
        {
            if (array.Fields.TryGetValue(name, out NpyArray.Field field) && field.Kind != 'V')
                return new(array, field);
        }
        return null;
    }

    private static Result<SensorEvent[]> Events(
        string place,
        (Column T, Column X, Column? Y, Column? P) columns,
        int width,
        int height,
        TimeUnit unit
    )
    {
        (Column t, Column x, Column? y, Column? p) = columns;
        int count = t.Array.Count;
        foreach (Column? column in new[] { x, y, p })
        {
            if (column is not null && column.Array.Count != count)
                return new Mistake(place, $"holds {count} times, but {column.Array.Count} of " + $"another array");
        }
        if (count == 0)
            return new Mistake(place, "holds no events");
        SensorEvent[] events = new SensorEvent[count];
        for (int i = 0; i < count; i++)
        {
            double time = t.Number(i),
                column = x.Number(i),
                row = y?.Number(i) ?? 0,
                polarity = p?.Number(i) ?? 1;
            if (!TimeUnits.ToMicroseconds(time, unit, out long microseconds))
                return Wrong(i, $"the time {time}");
            if (!(column >= 0 && column < width && row >= 0 && row < height))
                return Wrong(i, $"the place ({column}, {row}); the sensor is " + $"{width}×{height}");
            if (column != Math.Floor(column) || row != Math.Floor(row))
                return Wrong(i, $"the place ({column}, {row}), between two pixels; " + $"round the addresses first");
            if (polarity is not (1 or 0 or -1))
                return Wrong(i, $"the polarity {polarity}; expected is 0 or 1, or −1 and 1");
            events[i] = new(microseconds, (ushort)column, (ushort)row, polarity == 1);
        }
        return events;

        Mistake Wrong(int i, string what) => new(place, string.Create(CultureInfo.InvariantCulture, $"event {i} has {what}"));
    }

    private sealed record Column(NpyArray Array, NpyArray.Field Field)
    {
        public double Number(int i) => Array.Number(Field, i);
    }
}
