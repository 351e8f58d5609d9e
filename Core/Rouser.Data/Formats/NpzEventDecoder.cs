using System.Globalization;
using System.IO.Compression;
using Rouser.Data.Recordings;

namespace Rouser.Data.Formats;

/// <summary>
/// Reads events from a <c>.npz</c> file: arrays <c>t</c>, <c>x</c>, <c>y</c>, <c>p</c> as SpikingJelly writes them,
/// or one array of records with these fields as Tonic holds them; the longer names that columns of text may have will
/// do, too. Times are in µs unless the user says otherwise; y and p may be missing, which is said. Polarity is 1 or true; 0, −1 or false.
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
    public static Result<RecordedEvents> Decode(Stream stream, string place, int width, int height, TimeUnit unit = TimeUnit.Us)
    {
        ArgumentNullException.ThrowIfNull(stream);
        string entry = "";
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MaxEntries)
                return new UserError(place, $"holds {archive.Entries.Count} arrays; it is no file of events");
            NamedField?[] found = new NamedField?[EventColumns.Letters.Length];
            List<string> names = [];
            foreach (ZipArchiveEntry item in archive.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                entry = item.FullName;
                if (!entry.EndsWith(".npy", StringComparison.Ordinal))
                    continue;
                string name = entry[..^4];
                names.Add(name);
                if (EventColumns.IndexOf(name) < 0 && name is not ("events" or "arr_0" or "data"))
                    continue;
                using ChecksummedEntry content = new(item);
                NpyArray array = NpyArray.Read(content, MaxEvents);
                content.Verify();
                if (Find(array, name, found) is { } twice)
                    return new UserError(place, $"holds two arrays {twice}; leave one of them");
            }
            if (found[0] is null || found[1] is null)
                return new UserError(
                    place,
                    $"holds no arrays t and x, nor an array of records with these fields{ListOf(names)}; "
                        + "write it with numpy.savez(t=…, x=…, y=…, p=…)"
                );
            return Events(place, found, width, height, unit);
        }
        catch (MalformedFileException e)
        {
            return new UserError(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {e.Offset} of {entry} {e.Message}; it is damaged or no file of events"
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
            return new UserError(place, "is damaged or no .npz file, which is a zip archive of arrays; write it again");
        }
    }

    /// <summary>Reads a <c>.npy</c> file: an array of records.</summary>
    public static Result<RecordedEvents> DecodeSingle(
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
            NamedField?[] found = new NamedField?[EventColumns.Letters.Length];
            if (Find(array, "", found) is { } twice)
                return new UserError(place, $"holds two fields {twice}; leave one of them");
            if (found[0] is null || found[1] is null)
                return new UserError(place, $"is no array of records with the fields t and x{ListOf(array.Fields.Keys)}");
            return Events(place, found, width, height, unit);
        }
        catch (MalformedFileException e)
        {
            return new UserError(
                place,
                string.Create(CultureInfo.InvariantCulture, $"byte {e.Offset} {e.Message}; it is damaged or no array of events")
            );
        }
    }

    /// <summary>Puts the columns of an array where they belong.</summary>
    /// <returns>The letter of a column that was there before; null if all is well.</returns>
    private static string? Find(NpyArray array, string arrayName, NamedField?[] found)
    {
        foreach ((string name, NpyArray.Field field) in array.Fields)
        {
            int c = EventColumns.IndexOf(name.Length == 0 ? arrayName : name);
            if (c < 0 || field.Kind == 'V')
                continue;
            if (found[c] is not null)
                return EventColumns.Letters[c];
            found[c] = new(array, field);
        }
        return null;
    }

    private static string ListOf(IEnumerable<string> names)
    {
        string[] shown = [.. names.Where(n => n.Length > 0).Select(n => OneLine.Of(n, 40))];
        return shown.Length == 0 ? "" : $" (it holds {string.Join(", ", shown.Take(8))}{(shown.Length > 8 ? ", …" : "")})";
    }

    private static Result<RecordedEvents> Events(string place, NamedField?[] columns, int width, int height, TimeUnit unit)
    {
        (NamedField t, NamedField x, NamedField? y, NamedField? p) = (columns[0]!, columns[1]!, columns[2], columns[3]);
        int count = t.Array.Count;
        foreach (NamedField? column in new[] { x, y, p })
        {
            if (column is not null && column.Array.Count != count)
                return new UserError(place, $"holds {count} times, but {column.Array.Count} of another array");
        }
        if (count == 0)
            return new UserError(place, RecordedEvents.None);
        SensorEvent[] events = new SensorEvent[count];
        for (int i = 0; i < count; i++)
        {
            double time = t.Number(i),
                column = x.Number(i),
                row = y?.Number(i) ?? 0,
                polarity = p?.Number(i) ?? 1;
            if (!TimeUnits.ToMicroseconds(time, unit, out long microseconds))
                return Wrong(i, $"the time {time}{(double.IsFinite(time) ? "; " + TimeUnits.TooLarge : "")}");
            if (!(column >= 0 && column < width && row >= 0 && row < height))
                return Wrong(i, $"the place ({column}, {row}); the sensor is {width}×{height}");
            if (column != Math.Floor(column) || row != Math.Floor(row))
                return Wrong(i, $"the place ({column}, {row}), between two pixels; round the addresses first");
            if (polarity is not (1 or 0 or -1))
                return Wrong(i, $"the polarity {polarity}; expected is 0 or 1, or −1 and 1");
            events[i] = new(microseconds, (ushort)column, (ushort)row, polarity == 1);
        }
        return new RecordedEvents(events, EventColumns.Missing(y is not null, p is not null, height));

        UserError Wrong(int i, string what) => new(place, string.Create(CultureInfo.InvariantCulture, $"event {i} has {what}"));
    }

    private sealed record NamedField(NpyArray Array, NpyArray.Field Field)
    {
        public double Number(int i) => Array.Number(Field, i);
    }
}
