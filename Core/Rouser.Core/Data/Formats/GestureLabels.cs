using System.Globalization;

namespace Rouser.Core.Data.Formats;

/// <summary>One gesture in a recording of DVS128 Gesture.</summary>
/// <param name="Class">The class, from 1.</param>
/// <param name="Start">When it starts, µs of the camera's time.</param>
/// <param name="End">When it ends, µs; an event at this time no longer belongs to it.</param>
public readonly record struct LabelledSpan(int Class, long Start, long End);

/// <summary>Reads what lies beside the recordings of DVS128 Gesture: which gesture is when, and which recordings are for training.</summary>
/// <remarks>
/// The published labels are taken as they are, though they are not tidy: class 8 (arm roll) stands twice in a file, once for each direction, and is
/// two samples; in user22_led class 9 ends after class 10 has started, and the events in between belong to both. So 98 recordings give 1,176 samples
/// and 24 give 288.
/// </remarks>
public static class GestureLabels
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads a <c>*_labels.csv</c>: a line <c>class,startTime_usec,endTime_usec</c>, then one a gesture.</summary>
    public static Result<IReadOnlyList<LabelledSpan>> Read(Stream stream, string place, int classes = 11) => Lines(stream, place).Then<IReadOnlyList<LabelledSpan>>(lines =>
    {
        List<LabelledSpan> spans = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 || (i == 0 && lines[i].StartsWith("class", StringComparison.OrdinalIgnoreCase))) continue;
            string[] fields = lines[i].Split(',');
            string at = string.Create(CultureInfo.InvariantCulture, $"{place}:{i + 1}");
            if (fields.Length != 3 || !Whole(fields[0], out long label) || !Whole(fields[1], out long start) || !Whole(fields[2], out long end))
                return new Mistake(at, "expects class,start,end in whole numbers; fetch the data set again");
            if (label < 1 || label > classes) return new Mistake(at, $"has class {label}; there are 1 to {classes}");
            if (end <= start) return new Mistake(at, $"ends at {end} µs, not after its start at {start}; fetch the data set again");
            spans.Add(new((int)label, start, end));
        }
        return spans.Count > 0 ? spans : new Mistake(place, "names no gesture; fetch the data set again");
    });

    /// <summary>Reads <c>trials_to_train.txt</c> or <c>trials_to_test.txt</c>: the name of a recording a line.</summary>
    public static Result<IReadOnlyList<string>> ReadList(Stream stream, string place) => Lines(stream, place).Then<IReadOnlyList<string>>(lines =>
    {
        List<string> names = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0) continue;
            string at = string.Create(CultureInfo.InvariantCulture, $"{place}:{i + 1}");
            if (lines[i].AsSpan().ContainsAny("/\\:\0") || lines[i].StartsWith('.') || !lines[i].EndsWith(".aedat", StringComparison.Ordinal))
                return new Mistake(at, "is no name of a recording, such as user01_led.aedat");
            if (names.Contains(lines[i])) return new Mistake(at, $"names {lines[i]} again");
            names.Add(lines[i]);
        }
        return names.Count > 0 ? names : new Mistake(place, "names no recording; fetch the data set again");
    });

    private static Result<string[]> Lines(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] bytes = new byte[MaxBytes + 1];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read > MaxBytes) return new Mistake(place, $"is longer than {MaxBytes:N0} bytes; it is something else");
        string text = System.Text.Encoding.Latin1.GetString(bytes, 0, read);
        return text.Split('\n').Select(line => line.Trim()).ToArray();
    }

    private static bool Whole(string text, out long value) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
