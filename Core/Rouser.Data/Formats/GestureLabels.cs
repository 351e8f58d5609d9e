using System.Globalization;

namespace Rouser.Data.Formats;

/// <summary>One gesture in a recording of DVS128 Gesture.</summary>
/// <param name="Class">The class, from 1.</param>
/// <param name="Start">When it starts, µs of the camera's time.</param>
/// <param name="End">When it ends, µs; an event at this time no longer belongs to it.</param>
public readonly record struct LabelledSpan(int Class, long Start, long End);

/// <summary>
/// Reads what lies beside the recordings of DVS128 Gesture: which gesture is when, and which recordings are for
/// training.
/// </summary>
/// <remarks>
/// The published labels are taken as they are, though they are not tidy: class 8 (arm roll) stands twice in a file,
/// once for each direction, and is two samples; in user22_led class 9 ends after class 10 has started, and the events
/// in between belong to both. So 98 recordings give 1,176 samples and 24 give 288.
/// </remarks>
public static class GestureLabels
{
    private const int MaxBytes = 1 << 20,
        MaxSpans = 10_000;

    /// <summary>
    /// Reads a <c>*_labels.csv</c>: a line <c>class,startTime_usec,endTime_usec</c>, then one a gesture.
    /// </summary>
    public static Result<IReadOnlyList<LabelledSpan>> Read(Stream stream, string place, int classes = 11)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using DelimitedText rows = DelimitedText.Open(stream);
            return Read(rows, place, classes);
        }
        catch (MalformedFileException e)
        {
            return new UserError(string.Create(CultureInfo.InvariantCulture, $"{place}:{e.Offset}"), e.Message);
        }
    }

    private static Result<IReadOnlyList<LabelledSpan>> Read(DelimitedText rows, string place, int classes)
    {
        List<LabelledSpan> spans = [];
        for (bool first = true; rows.Next(); first = false)
        {
            if (first && rows[0].StartsWith("class", StringComparison.OrdinalIgnoreCase))
                continue;
            string at = string.Create(CultureInfo.InvariantCulture, $"{place}:{rows.Line}");
            if (
                rows.Count != 3
                || !TryInt64(rows[0], out long label)
                || !TryInt64(rows[1], out long start)
                || !TryInt64(rows[2], out long end)
            )
                return new UserError(at, "expects class,start,end in whole numbers");
            if (label < 1 || label > classes)
                return new UserError(at, $"has class {label}; there are 1 to {classes}");
            if (end <= start)
                return new UserError(at, $"ends at {end} µs, not after its start at {start}");
            if (spans.Count == MaxSpans)
                return new UserError(at, $"is gesture {MaxSpans + 1}, far more than a recording holds");
            spans.Add(new((int)label, start, end));
        }
        return spans.Count > 0 ? spans : new UserError(place, "names no gesture");
    }

    /// <summary>
    /// Reads <c>trials_to_train.txt</c> or <c>trials_to_test.txt</c>: the name of a recording a line.
    /// </summary>
    public static Result<IReadOnlyList<string>> ReadList(Stream stream, string place) =>
        Lines(stream, place)
            .Then<IReadOnlyList<string>>(lines =>
            {
                List<string> names = [];
                for (int i = 0; i < lines.Length; i++)
                {
                    if (lines[i].Length == 0)
                        continue;
                    string at = string.Create(CultureInfo.InvariantCulture, $"{place}:{i + 1}");
                    if (
                        lines[i].AsSpan().ContainsAny("/\\:\0")
                        || lines[i].StartsWith('.')
                        || !lines[i].EndsWith(".aedat", StringComparison.OrdinalIgnoreCase)
                    )
                        return new UserError(at, "is no name of a recording, such as user01_led.aedat");
                    if (names.Contains(lines[i]))
                        return new UserError(at, $"names {lines[i]} again");
                    names.Add(lines[i]);
                }
                return names.Count > 0 ? names : new UserError(place, "names no recording");
            });

    private static Result<string[]> Lines(Stream stream, string place)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] bytes = new byte[MaxBytes + 1];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read > MaxBytes)
            return new UserError(place, $"is longer than {MaxBytes:N0} bytes; it is something else");
        // Bytes that are no UTF-8 become a sign that no name of a recording holds on a disk; a byte-order mark is no
        // part of the first name.
        string text = System.Text.Encoding.UTF8.GetString(bytes, 0, read).TrimStart('\uFEFF');
        return text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).ToArray();
    }

    private static bool TryInt64(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
