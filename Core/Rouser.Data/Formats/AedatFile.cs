using System.Text;

namespace Rouser.Data.Formats;

/// <summary>A file of the AEDAT family, whose first line says which of its formats it is.</summary>
public static class AedatFile
{
    private const string Family = "#!AER-DAT";

    /// <summary>Decodes AEDAT 3.1 or 4.0, and names the others.</summary>
    /// <param name="stream">The recording; one that can seek, read from its position on, not closed.</param>
    /// <param name="place">The file's name for mistakes.</param>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    public static Result<RecordedEvents> Decode(Stream stream, string place, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long start = stream.Position;
        byte[] head = new byte[Aedat4Decoder.Magic.Length];
        int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        string line = Encoding.Latin1.GetString(head, 0, got);
        if (line == Aedat4Decoder.Magic)
            return Aedat4Decoder.Decode(stream, place, width, height);
        if (
            line.StartsWith(Family, StringComparison.Ordinal)
            && line.Length == head.Length
            && (line[Family.Length] is '1' or '2')
        )
            return new UserError(
                place,
                $"is AEDAT {line[Family.Length]}.0, whose addresses mean something else on every chip; open it in jAER or "
                    + $"dv-gui and save it as AEDAT 4.0, or save t, x, y and p with numpy.savez"
            );
        return AedatDecoder.Decode(stream, place, width, height).Then<RecordedEvents>(events => new RecordedEvents(events));
    }
}
