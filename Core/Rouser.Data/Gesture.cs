namespace Rouser.Data;

/// <summary>Where the two hands are over time: a centre and an ellipse, or a line, that each follows.</summary>
/// <remarks>
/// The person faces the camera, so the right hand is on the left of the picture. Places are pixels of a 128×128
/// sensor around a person of usual size in its middle, y down. A hand is at centre + cos(φ)·a + sin(φ)·b with φ =
/// phase + frequency·time in turns.
/// </remarks>
internal readonly record struct Gesture(Orbit Right, Orbit Left)
{
    private static readonly Orbit RightRest = Orbit.Still(new(44, 100)),
        LeftRest = Orbit.Still(new(84, 100));

    /// <summary>A gesture of a class as some person makes it.</summary>
    public static Gesture Draw(int label, RandomStream random)
    {
        double slow = 0.9 + (0.12 * BellCurve.Next(random)),
            fast = 2 * slow,
            phase = random.NextDouble(),
            size = 1 + (0.1 * BellCurve.Next(random));
        // Clockwise for the viewer: with y down, the angle grows.
        return label switch
        {
            0 => Both(new(new(53, 78), new(8 * size, 0), new(0, 0), fast, phase), mirror: true),
            1 => new(new(new(34, 36), new(13 * size, 0), new(0, 3), fast, phase), LeftRest),
            2 => new(RightRest, new(new(94, 36), new(13 * size, 0), new(0, 3), fast, phase)),
            3 => new(Circle(38, 33, slow, phase), LeftRest),
            4 => new(Circle(38, -33, slow, phase), LeftRest),
            5 => new(RightRest, Circle(90, 33, slow, phase)),
            6 => new(RightRest, Circle(90, -33, slow, phase)),
            7 => Roll(random.NextInt(2) == 0 ? 11 : -11),
            8 => Both(new(new(48, 72), new(0, 13 * size), new(3, 0), fast, phase), mirror: false),
            9 => new(
                new(new(54, 84), new(4, 11 * size), new(0, 0), fast, phase),
                new(new(98, 62), new(4 * size, -2), new(0, 0), slow, random.NextDouble())
            ),
            _ => new(Anything(40), Anything(88)),
        };

        Orbit Circle(double x, double radius, double frequency, double start) =>
            new(new(x, 56), new(Math.Abs(radius) * size * 0.85, 0), new(0, radius * size), frequency, start);

        Gesture Roll(double radius) =>
            new(
                new(new(60, 76), new(9 * size, 0), new(0, radius * size), 1.4 * slow, phase),
                new(new(68, 76), new(9 * size, 0), new(0, radius * size), 1.4 * slow, phase + 0.5)
            );

        // Mirrored the hands meet; else they go up and down in turn.
        Gesture Both(Orbit right, bool mirror) =>
            new(
                right,
                right with
                {
                    Centre = new(128 - right.Centre.X, right.Centre.Y),
                    A = new(-right.A.X, right.A.Y),
                    B = new(-right.B.X, right.B.Y),
                    Phase = right.Phase + (mirror ? 0 : 0.5),
                }
            );

        Orbit Anything(double x) =>
            new(
                new(x + (6 * BellCurve.Next(random)), 66 + (10 * BellCurve.Next(random))),
                new(7 * BellCurve.Next(random), 7 * BellCurve.Next(random)),
                new(7 * BellCurve.Next(random), 7 * BellCurve.Next(random)),
                0.5 + (1.5 * random.NextDouble()),
                random.NextDouble()
            );
    }
}

/// <summary>A hand's way; <paramref name="Frequency"/> in Hz, <paramref name="Phase"/> in turns.</summary>
internal readonly record struct Orbit(Point Centre, Point A, Point B, double Frequency, double Phase)
{
    public static Orbit Still(Point place) => new(place, new(0, 0), new(0, 0), 0, 0);

    public Point At(double milliseconds)
    {
        (double sin, double cos) = Turns.SinCos(Phase + (Frequency * milliseconds / 1000));
        return new(Centre.X + (cos * A.X) + (sin * B.X), Centre.Y + (cos * A.Y) + (sin * B.Y));
    }
}
