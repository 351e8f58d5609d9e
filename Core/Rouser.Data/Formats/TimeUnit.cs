namespace Rouser.Data.Formats;

/// <summary>The unit of the times in a file that does not say it.</summary>
public enum TimeUnit
{
    /// <summary>Microseconds, as event cameras count.</summary>
    Us,

    /// <summary>Seconds.</summary>
    S,

    /// <summary>Milliseconds.</summary>
    Ms,

    /// <summary>Nanoseconds.</summary>
    Ns,
}

/// <summary>What a <see cref="TimeUnit"/> is worth, and how files write it.</summary>
public static class TimeUnits
{
    /// <summary>
    /// The largest time, µs: up to here a double holds every whole number. The year 2255, counted from 1970.
    /// </summary>
    internal const double MaxMicroseconds = 1L << 53;

    /// <summary>What to do about a time beyond it.</summary>
    internal const string TooLarge = "it is too large; if times are in another unit, set dataset.time_unit";

    /// <summary>What binary rounding may take from a decimal: 0.000102 s are 101.99999999999999 µs.</summary>
    private const double Rounding = 1e-4;

    private static readonly (string Word, TimeUnit Unit)[] Symbols =
    [
        ("us", TimeUnit.Us),
        ("µs", TimeUnit.Us),
        ("μs", TimeUnit.Us),
        ("usec", TimeUnit.Us),
        ("microsecond", TimeUnit.Us),
        ("microseconds", TimeUnit.Us),
        ("ms", TimeUnit.Ms),
        ("msec", TimeUnit.Ms),
        ("millisecond", TimeUnit.Ms),
        ("milliseconds", TimeUnit.Ms),
        ("s", TimeUnit.S),
        ("sec", TimeUnit.S),
        ("second", TimeUnit.S),
        ("seconds", TimeUnit.S),
        ("ns", TimeUnit.Ns),
        ("nsec", TimeUnit.Ns),
        ("nanosecond", TimeUnit.Ns),
        ("nanoseconds", TimeUnit.Ns),
    ];

    /// <summary>Its microseconds.</summary>
    public static double Microseconds(this TimeUnit unit) =>
        unit switch
        {
            TimeUnit.S => 1e6,
            TimeUnit.Ms => 1e3,
            TimeUnit.Ns => 1e-3,
            _ => 1,
        };

    /// <summary>As a sweep file writes it: <c>us</c>.</summary>
    public static string SymbolOf(this TimeUnit unit) =>
        unit switch
        {
            TimeUnit.S => "s",
            TimeUnit.Ms => "ms",
            TimeUnit.Ns => "ns",
            _ => "us",
        };

    /// <summary>The unit of a word such as <c>ms</c> or <c>seconds</c>; null if it is none.</summary>
    internal static TimeUnit? Find(ReadOnlySpan<char> word)
    {
        foreach ((string known, TimeUnit unit) in Symbols)
        {
            if (word.Equals(known, StringComparison.OrdinalIgnoreCase))
                return unit;
        }
        return null;
    }

    /// <summary>A time of a file in whole µs, rounded down; false if it is no number or too large.</summary>
    internal static bool ToMicroseconds(double time, TimeUnit unit, out long microseconds)
    {
        double exact = unit == TimeUnit.Us ? time : (time * unit.Microseconds()) + Rounding;
        bool possible = Math.Abs(exact) < MaxMicroseconds;
        microseconds = possible ? (long)Math.Floor(exact) : 0;
        return possible;
    }
}
