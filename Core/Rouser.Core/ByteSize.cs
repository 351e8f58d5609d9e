using System.Globalization;

namespace Rouser.Core;

/// <summary>Bytes as people write and read them: <c>1.5 GB</c>, in powers of 1000 as disks are sold.</summary>
public static class ByteSize
{
    /// <summary>The form of a size, up to its end, for whoever checks a text without this class.</summary>
    public const string Pattern = @"^[0-9]+(\.[0-9]+)? ?(B|kB|MB|GB|TB)?";

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
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
        if (unit < 0 || !double.TryParse(text[..letters], Style, CultureInfo.InvariantCulture, out double size))
            return null;
        for (; unit > 0; unit--)
            size *= 1000;
        return size < 1e18 ? (long)size : null;
    }
}
