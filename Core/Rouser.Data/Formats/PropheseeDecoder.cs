using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rouser.Data.Formats;

/// <summary>Reads the events of Prophesee's files: <c>.raw</c> in EVT 2.0 and EVT 3.0, and <c>.dat</c>.</summary>
/// <remarks>
/// Lines of text that start with <c>%</c>, of which <c>% end</c> may be the last; then words, little-endian, of which
/// the highest four bits say what they are.
/// <para>EVT 2.0, words of 32 bits: 8, the upper 28 bits of the time in µs; 0 and 1, an OFF and an ON event with the
/// lower 6 bits of the time, 11 of x and 11 of y.</para>
/// <para>EVT 3.0, words of 16 bits: 8 and 6, the upper and lower 12 bits of the time; 0, y; 2, an event with its
/// polarity and x; 3, polarity and x for what follows; 4 and 5, the next 12 or 8 pixels of that row from that x on, a
/// bit each. Time starts again every 2²⁴ µs.</para>
/// <para>.dat: a byte of the kind of events, the byte 8; then u32 time in µs and u32 with 14 bits of x, 14 of y, 4 of
/// polarity.</para>
/// Other words (triggers, monitoring) are passed over, as are events before the first full time.
/// </remarks>
public static class PropheseeDecoder
{
    private const int MaxLine = 4096,
        MaxLines = 1000;

    /// <summary>Decodes a <c>.raw</c> recording to its end.</summary>
    /// <param name="stream">The recording; one that can seek, read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <returns>The events in the order of the file, with the camera's own time; or the first defect with its byte
    /// offset.</returns>
    public static Result<SensorEvent[]> DecodeRaw(Stream stream, string place, int width, int height) =>
        Read(
            stream,
            place,
            width,
            height,
            (text, target) =>
            {
                string format =
                    text.Find("format")?.Split(';')[0].Trim().ToUpperInvariant()
                    ?? (text.Find("evt") is { } version ? "EVT" + version.Replace(".0", "", StringComparison.Ordinal) : "");
                if (text.Find("endianness") is "big")
                    return new UserError(place, "holds big-endian words; record or convert it little-endian");
                switch (format)
                {
                    case "EVT2":
                        ReadEvt2(stream, target);
                        return null;
                    case "EVT3":
                        ReadEvt3(stream, target);
                        return null;
                    default:
                        return new UserError(
                            place,
                            format.Length == 0
                                ? "is no Prophesee .raw file: its head names no format"
                                : $"is Prophesee {DelimitedText.Shown(format)}; read are EVT2 and EVT3, so convert it with metavision_file_to_dat"
                        );
                }
            }
        );

    /// <summary>Decodes a <c>.dat</c> recording to its end.</summary>
    /// <inheritdoc cref="DecodeRaw"/>
    public static Result<SensorEvent[]> DecodeDat(Stream stream, string place, int width, int height) =>
        Read(
            stream,
            place,
            width,
            height,
            (text, target) =>
            {
                if (text.IsEmpty)
                    return new UserError(place, "is no Prophesee .dat file: it does not start with % and words about itself");
                if (text.Find("Version") is { } version and not "2")
                    return new UserError(place, $"is a .dat file of version {DelimitedText.Shown(version)}; read is version 2");
                byte[] kind = new byte[2];
                if (stream.ReadAtLeast(kind, 2, throwOnEndOfStream: false) < 2 || kind[0] is not (0 or 12) || kind[1] != 8)
                    return new UserError(
                        place,
                        $"holds events of kind {kind[0]} and {kind[1]} bytes; read are contrast events (kind 0 or 12) of 8 bytes"
                    );
                byte[] word = new byte[8];
                for (target.Offset += 2; ; target.Offset += 8)
                {
                    int got = stream.ReadAtLeast(word, 8, throwOnEndOfStream: false);
                    if (got == 0)
                        return null;
                    if (got < 8)
                        throw new MalformedFileException(target.Offset, $"is truncated: the event holds {got} of 8 bytes");
                    uint address = BinaryPrimitives.ReadUInt32LittleEndian(word.AsSpan(4));
                    target.Add(
                        BinaryPrimitives.ReadUInt32LittleEndian(word),
                        address & 0x3FFF,
                        (address >> 14) & 0x3FFF,
                        (address >> 28) != 0
                    );
                }
            }
        );

    private static Result<SensorEvent[]> Read(
        Stream stream,
        string place,
        int width,
        int height,
        Func<TextHead, Target, UserError?> read
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            TextHead text = TextHead.Read(stream);
            if (text.Size() is { } size && (size.Width > width || size.Height > height))
                return new UserError(
                    place,
                    $"is from a sensor of {size.Width}×{size.Height}; set dataset.width: {size.Width} and dataset.height: "
                        + $"{size.Height}"
                );
            // A buffer of its own, because words are small.
            Target target = new(width, height) { Offset = stream.Position };
            if (read(text, target) is { } wrong)
                return wrong;
            return target.Events.Count > 0
                ? target.Events.ToArray()
                : new UserError(place, "holds no contrast events; it is no recording of an event camera or a broken download");
        }
        catch (MalformedFileException e)
        {
            return new UserError(
                place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte {e.Offset} {e.Message}; it is no Prophesee recording or a damaged one"
                )
            );
        }
    }

    private static void ReadEvt2(Stream stream, Target target)
    {
        Clock clock = new(bits: 28);
        byte[] bytes = new byte[1 << 16];
        for (int got; (got = Words(stream, bytes, 4, target)) > 0; )
        {
            for (int i = 0; i < got; i += 4, target.Offset += 4)
            {
                uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i));
                switch (word >> 28)
                {
                    case 8:
                        clock.SetHigh(word & 0xFFF_FFFF);
                        break;
                    case 0 or 1 when clock.IsSet:
                        target.Add(
                            (clock.High << 6) | ((word >> 22) & 0x3F),
                            (word >> 11) & 0x7FF,
                            word & 0x7FF,
                            word >> 28 == 1
                        );
                        break;
                }
            }
        }
    }

    private static void ReadEvt3(Stream stream, Target target)
    {
        Clock clock = new(bits: 12);
        uint y = 0,
            low = 0,
            from = 0;
        bool on = false,
            placed = false;
        byte[] bytes = new byte[1 << 16];
        for (int got; (got = Words(stream, bytes, 2, target)) > 0; )
        {
            for (int i = 0; i < got; i += 2, target.Offset += 2)
            {
                uint word = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(i)),
                    value = word & 0x7FF;
                bool high = (word & 0x800) != 0;
                switch (word >> 12)
                {
                    case 0:
                        (y, placed) = (value, true);
                        break;
                    case 2 when clock.IsSet && placed:
                        target.Add((clock.High << 12) | low, value, y, high);
                        break;
                    case 3:
                        (from, on) = (value, high);
                        break;
                    case 4 or 5:
                        int pixels = word >> 12 == 4 ? 12 : 8;
                        for (int bit = 0; bit < pixels && clock.IsSet && placed; bit++)
                        {
                            if ((word & (1u << bit)) != 0)
                                target.Add((clock.High << 12) | low, from + (uint)bit, y, on);
                        }
                        from += (uint)pixels;
                        break;
                    case 6:
                        low = word & 0xFFF;
                        break;
                    case 8:
                        // The lower bits of the time before it are not those of this one.
                        if (clock.SetHigh(word & 0xFFF))
                            low = 0;
                        break;
                }
            }
        }
    }

    /// <summary>Fills the bytes with whole words; 0 at the end.</summary>
    private static int Words(Stream stream, byte[] bytes, int size, Target target)
    {
        int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return got % size == 0
            ? got
            : throw new MalformedFileException(target.Offset + got, $"ends the file within a word of {size} bytes");
    }

    /// <summary>The upper bits of a camera's time, which start again at 0 when they are full.</summary>
    private struct Clock(int bits)
    {
        private long _turns;
        private uint _high;

        public bool IsSet { get; private set; }

        public readonly long High => (_turns << bits) | _high;

        /// <summary>Takes new upper bits; false if they are those that it has.</summary>
        public bool SetHigh(uint high)
        {
            bool moved = !IsSet || high != _high;
            // A small step back is a word that came late, one over half of the range a new turn.
            if (IsSet && _high > high && _high - high >= 1u << (bits - 1))
                _turns++;
            (_high, IsSet) = (high, true);
            return moved;
        }
    }

    private sealed class Target(int width, int height)
    {
        public List<SensorEvent> Events { get; } = [];

        public long Offset { get; set; }

        public void Add(long time, uint x, uint y, bool on)
        {
            if (x >= width || y >= height)
                throw new MalformedFileException(Offset, $"has coordinates ({x}, {y}) outside the {width}×{height} sensor");
            if (Events.Count == AedatDecoder.MaxEvents)
                throw new MalformedFileException(
                    Offset,
                    $"is event {AedatDecoder.MaxEvents + 1}, far more than a recording holds"
                );
            Events.Add(new(time, (ushort)x, (ushort)y, on));
        }
    }

    /// <summary>The lines of text at the head of a file: a word and what it is worth.</summary>
    private sealed class TextHead
    {
        private readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase);

        public bool IsEmpty => _words.Count == 0;

        public static TextHead Read(Stream stream)
        {
            TextHead head = new();
            StringBuilder line = new();
            for (int lines = 0; ; lines++)
            {
                int first = stream.ReadByte();
                if (first >= 0 && first != '%')
                {
                    stream.Position--;
                    return head;
                }
                if (first < 0)
                    return head;
                if (lines == MaxLines)
                    throw new MalformedFileException(stream.Position, $"comes after {MaxLines} lines of text");
                line.Clear();
                for (int next; (next = stream.ReadByte()) >= 0 && next != '\n'; )
                {
                    if (line.Length == MaxLine)
                        throw new MalformedFileException(stream.Position, $"is in a line of more than {MaxLine} bytes");
                    line.Append((char)next);
                }
                string[] words = line.ToString().Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
                if (words is ["end"])
                    return head;
                head._words[words[0]] = words.Length > 1 ? words[1] : "";
            }
        }

        public string? Find(string word) => _words.GetValueOrDefault(word);

        /// <summary>
        /// The sensor's size, where the head says it: <c>geometry 1280x720</c>, <c>format
        /// EVT3;height=720;width=1280</c>, or <c>Width</c> and <c>Height</c>.
        /// </summary>
        public (int Width, int Height)? Size()
        {
            string[] geometry = Find("geometry")?.Split('x') ?? [];
            string[] parts = Find("format")?.Split(';', StringSplitOptions.TrimEntries) ?? [];
            int? width = Number(geometry is [var w, _] ? w : null) ?? Number(Part("width=")) ?? Number(Find("Width"));
            int? height = Number(geometry is [_, var h] ? h : null) ?? Number(Part("height=")) ?? Number(Find("Height"));
            return width is null || height is null ? null : (width.Value, height.Value);

            string? Part(string key) =>
                parts.FirstOrDefault(p => p.StartsWith(key, StringComparison.OrdinalIgnoreCase))?[key.Length..];

            static int? Number(string? text) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        }
    }
}
