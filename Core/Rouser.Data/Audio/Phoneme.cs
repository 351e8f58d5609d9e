namespace Rouser.Data.Audio;

/// <summary>
/// What a phoneme sounds like: formants in Hz, how loud voice and noise are, where the noise lies, and how long it
/// lasts.
/// </summary>
/// <remarks>
/// Formants of vowels are near Peterson and Barney's (1952) for men; consonants are as coarse as their job here is.
/// </remarks>
internal readonly record struct Phoneme(double F1, double F2, double F3, double Voice, double Noise, double NoiseHz, double Ms)
{
    /// <summary>The phoneme of a letter; upper case is long or a diphthong's first half.</summary>
    public static Phoneme Of(char letter) =>
        letter switch
        {
            'i' => Vowel(280, 2250, 2900, 110),
            'I' => Vowel(400, 1950, 2550, 90),
            'e' => Vowel(420, 2150, 2700, 110),
            'E' => Vowel(550, 1800, 2500, 110),
            'a' => Vowel(750, 1250, 2550, 130),
            'A' => Vowel(640, 1200, 2400, 120),
            'O' => Vowel(560, 850, 2400, 140),
            'o' => Vowel(450, 800, 2350, 150),
            'U' => Vowel(440, 1020, 2250, 100),
            'u' => Vowel(310, 870, 2250, 140),
            'y' => Vowel(300, 1700, 2150, 110),
            '@' => Vowel(500, 1500, 2500, 70),
            'n' => new(280, 1650, 2600, 0.35, 0, 2000, 80),
            'l' => new(360, 1200, 2700, 0.5, 0, 2000, 80),
            'r' => new(420, 1150, 1650, 0.5, 0, 2000, 70),
            'w' => new(300, 700, 2300, 0.5, 0, 2000, 70),
            'v' => new(300, 1200, 2400, 0.3, 0.03, 4500, 60),
            'z' => new(280, 1700, 2500, 0.3, 0.12, 5500, 80),
            's' => new(300, 1700, 2500, 0, 0.4, 5800, 110),
            'f' => new(300, 1200, 2400, 0, 0.12, 4200, 90),
            'T' => new(300, 1400, 2500, 0, 0.08, 5000, 90),
            'x' => new(500, 1400, 2400, 0, 0.2, 1600, 100),
            'd' => new(300, 1700, 2600, 0.12, 0.02, 3500, 50),
            // A stop is its silence and then its burst.
            '-' => new(300, 1700, 2600, 0, 0, 3000, 50),
            't' => new(300, 1700, 2600, 0, 0.3, 4200, 30),
            'k' => new(300, 1700, 2300, 0, 0.3, 2200, 30),
            _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "No such phoneme."),
        };

    /// <summary>On the way from one to the other.</summary>
    public static Phoneme Between(Phoneme a, Phoneme b, double share)
    {
        return new(
            Mix(a.F1, b.F1),
            Mix(a.F2, b.F2),
            Mix(a.F3, b.F3),
            Mix(a.Voice, b.Voice),
            Mix(a.Noise, b.Noise),
            Mix(a.NoiseHz, b.NoiseHz),
            a.Ms
        );

        double Mix(double x, double y) => x + (share * (y - x));
    }

    private static Phoneme Vowel(double f1, double f2, double f3, double ms) => new(f1, f2, f3, 1, 0, 3000, ms);
}
