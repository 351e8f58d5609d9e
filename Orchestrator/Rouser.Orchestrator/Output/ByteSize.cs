using System.Globalization;

namespace Rouser.Orchestrator.Output;

/// <summary>Bytes as people write and read them: <c>1.5 GB</c>, in powers of 1000 as disks are sold.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>The size with three digits at least.</summary>
    public static string Text(long bytes)
    {
        double size = bytes;
        int unit = 0;
        for (; size >= 1000 && unit < Units.Length - 1; unit++)
            size /= 1000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(unit == 0 || size >= 100 ? $"{size:F0}" : $"{size:F1}")} {Units[unit]}"
        );
    }

    /// <summary>The bytes of a text such as <c>20GB</c>, <c>500 MB</c> or <c>1048576</c>; null if it is none.</summary>
    public static long? Read(string text)
    {
        text = text.Trim();
        int letters = text.Length - text.Reverse().TakeWhile(char.IsLetter).Count();
        int unit =
            letters == text.Length
                ? 0
                : Array.FindIndex(Units, u => string.Equals(u, text[letters..], StringComparison.OrdinalIgnoreCase));
        return
            unit >= 0
            && double.TryParse(
                text[..letters],
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture,
                out double size
            )
            && size * Math.Pow(1000, unit) is var bytes and < 1e18
            ? (long)bytes
            : null;
    }
}
