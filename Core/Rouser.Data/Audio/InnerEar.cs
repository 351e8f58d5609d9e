using System.Numerics;
using Rouser.Data.Recordings;

namespace Rouser.Data.Audio;

/// <summary>
/// Turns sound into the spikes of 700 bushy cells of the cochlear nucleus, as the Spiking Heidelberg Digits were
/// made.
/// </summary>
/// <remarks>
/// After Cramer et al. 2020 (doi:10.1109/TNNLS.2020.3044364), with their constants, in three stages; where it is
/// simpler than theirs it says so.
/// <para>
/// 1. Basilar membrane (Sieroka, Dosch and Rupp 2006). At c cm from its base it has the stiffness s(c) = c₀·exp(−αc)
/// − a and the damping r(c) = δ·√(c₀m)·exp(−αc/2), and a mass m; so it rings at ω(c) = √(s/m − β²) and decays by β(c)
/// = r/(2m). Here each place is that oscillator, twice in a row, instead of the closed form of the travelling wave.
/// Channel 0 is at the base and rings at 7 kHz. The places end at 3.38 cm instead of 3.5, as beyond 3.42 the
/// stiffness is negative. A first difference stands for outer and middle ear.
/// </para>
/// <para>
/// 2. Hair cell (Meddis 1986, 1988): permeability k = g·(x + A)/(x + A + B) above −A, else 0; free transmitter q' =
/// y(M − q) − kq + Xw, in the cleft c' = kq − (l + r)c, being taken back w' = rc − Xw; it makes its nerve fibre fire
/// with the probability h·c per second.
/// </para>
/// <para>
/// 3. Bushy cell: a leaky integrate-and-fire neuron that hears 40 fibres, each with a refractory time of 1 ms: I' =
/// −I/τ_syn + fibres, V' = −V/τ_mem + w·I, a spike at V ≥ 1, then 1 ms at rest. Here the 40 fibres are their expected
/// number and not drawn by chance, so the same sound gives the same spikes.
/// </para>
/// Single precision, only + − · / on each channel for itself: the same spikes on every machine, whatever the width of
/// its vectors.
/// </remarks>
public sealed class InnerEar
{
    /// <summary>The bushy cells.</summary>
    public const int Channels = 700;

    /// <summary>Samples per second of the sound it hears.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Part of a data set's digest; changes whenever the same sound would give other spikes.</summary>
    public const int Version = 1;

    /// <summary>The root mean square that speech should have, in the units of the hair cell's constants.</summary>
    public const float Loudness = 4_000;

    // Basilar membrane, cgs units.
    private const double C0 = 1e8,
        Alpha = 3,
        Stiffening = 3500,
        Delta = 0.15,
        Mass = 0.05,
        LengthCm = 3.38;

    // Hair cell; rates per second.
    private const double A = 5,
        B = 300,
        G = 2000,
        Y = 5.05,
        L = 2500,
        R = 6580,
        X = 66.3,
        H = 50_000;

    // Bushy cell.
    private const double Fibres = 40,
        TauMem = 1e-3,
        TauSyn = 5e-4,
        Weight = 13e3 / Fibres;
    private const int RefractorySteps = SampleRate / 1000;

    private const double Dt = 1.0 / SampleRate;

    // Padded to whole vectors with silent channels.
    private readonly float[] _cos = new float[Padded],
        _sin = new float[Padded],
        _gain = new float[Padded];

    /// <summary>Computes the constants of every channel.</summary>
    public InnerEar()
    {
        for (int k = 0; k < Channels; k++)
        {
            double c = LengthCm * k / (Channels - 1),
                half = PortableMath.Exp(-Alpha * c / 2);
            double beta = 0.5 * Delta * Math.Sqrt(C0 / Mass) * half,
                omega = Math.Sqrt((((C0 * half * half) - Stiffening) / Mass) - (beta * beta));
            double decay = PortableMath.Exp(-beta * Dt);
            (double sin, double cos) = Turns.SinCos(omega * Dt / (2 * Math.PI));
            // At resonance an oscillator then passes a tone as it is.
            (_cos[k], _sin[k], _gain[k]) = ((float)(decay * cos), (float)(decay * sin), (float)(2 * (1 - decay)));
        }
    }

    private static int Padded => (Channels + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    /// <summary>Listens to a sound. Safe to call from several threads.</summary>
    /// <param name="sound">Samples at <see cref="SampleRate"/>, of about <see cref="Loudness"/> where someone
    /// speaks.</param>
    /// <returns>The spikes in order of time, then channel: channel as column, row 0.</returns>
    public SensorEvent[] Listen(ReadOnlySpan<float> sound)
    {
        List<long> keys = new(16_384);
        for (int channel = 0; channel < Padded; channel += Vector<float>.Count)
            Listen(sound, channel, keys);
        keys.Sort();
        SensorEvent[] spikes = new SensorEvent[keys.Count];
        for (int i = 0; i < spikes.Length; i++)
        {
            (long step, long channel) = Math.DivRem(keys[i], Channels);
            spikes[i] = new(step * 1_000_000 / SampleRate, (ushort)channel, 0, true);
        }
        return spikes;
    }

    /// <summary>
    /// Scales a sound so that its loudest 50 ms have the root mean square <paramref name="loudness"/>; silence stays.
    /// </summary>
    public static void Normalize(Span<float> sound, float loudness = Loudness)
    {
        const int Window = SampleRate / 20;
        double square = 0,
            loudest = 0;
        for (int i = 0; i < sound.Length; i++)
        {
            square += (double)sound[i] * sound[i];
            if (i >= Window)
                square -= (double)sound[i - Window] * sound[i - Window];
            loudest = Math.Max(loudest, square / Math.Min(Window, sound.Length));
        }
        if (loudest <= 0)
            return;
        float scale = (float)(loudness / Math.Sqrt(loudest));
        for (int i = 0; i < sound.Length; i++)
            sound[i] *= scale;
    }

    /// <summary>
    /// As many neighbouring channels as a vector holds, over the whole sound, with their state in registers.
    /// </summary>
    private void Listen(ReadOnlySpan<float> sound, int first, List<long> keys)
    {
        Vector<float> cos = new(_cos, first),
            sin = new(_sin, first),
            gain = new(_gain, first),
            zero = Vector<float>.Zero,
            one = Vector<float>.One;
        Vector<float> re1 = zero,
            im1 = zero,
            re2 = zero,
            im2 = zero,
            v = zero,
            current = zero,
            rest = zero;

        // The hair cell starts as it is in silence.
        double k0 = G * A / (A + B),
            c0 = Y * k0 / ((L * k0) + (Y * (L + R))),
            q0 = c0 * (L + R) / k0;
        Vector<float> c = new((float)c0),
            q = new((float)q0),
            w = new((float)(c0 * R / X));
        Vector<float> a = new((float)A),
            ab = new((float)(A + B)),
            g = new((float)(G * Dt)),
            y = new((float)(Y * Dt)),
            lr = new((float)((L + R) * Dt)),
            r = new((float)(R * Dt));
        Vector<float> x = new((float)(X * Dt)),
            h = new((float)(H * Dt));
        Vector<float> fibres = new((float)Fibres),
            weight = new((float)(Weight * Dt)),
            mem = new((float)PortableMath.Exp(-Dt / TauMem)),
            syn = new((float)PortableMath.Exp(-Dt / TauSyn));

        // What the fibres fired in the last millisecond: so many of them are refractory.
        Span<Vector<float>> fired = stackalloc Vector<float>[RefractorySteps];
        double quiet = c0 * H * Dt,
            share = quiet / (1 + (RefractorySteps * quiet));
        fired.Fill(new Vector<float>((float)share));
        // At rest the potential is what the spontaneous firing keeps up.
        current = new((float)(share * Fibres / (1 - PortableMath.Exp(-Dt / TauSyn))));
        v = current * weight / (one - mem);

        float before = 0;
        for (int t = 0; t < sound.Length; t++)
        {
            // Equation numbers are the paragraphs above. 1:
            Vector<float> pressure = new(sound[t] - (0.9f * before));
            before = sound[t];
            (re1, im1) = ((cos * re1) - (sin * im1) + (gain * pressure), (sin * re1) + (cos * im1));
            (re2, im2) = ((cos * re2) - (sin * im2) + (gain * re1), (sin * re2) + (cos * im2) + (gain * im1));
            Vector<float> velocity = re2 * new Vector<float>(0.5f);

            // 2:
            Vector<float> above = Vector.Max(velocity + a, zero),
                permeability = g * above / (above + ab - a);
            Vector<float> eject = permeability * q,
                back = x * w,
                taken = r * c;
            q = Vector.Max(q + Vector.Max(y * (one - q), zero) - eject + back, zero);
            Vector<float> cleft = c;
            c = Vector.Max(c + eject - (lr * cleft), zero);
            w = Vector.Max(w + taken - back, zero);

            // 3:
            Vector<float> refractory = zero;
            foreach (Vector<float> step in fired)
                refractory += step;
            Vector<float> firing = Vector.Min(h * c, one) * Vector.Max(one - refractory, zero);
            fired[t % RefractorySteps] = firing;
            current = (current * syn) + (firing * fibres);
            rest -= one;
            Vector<int> active = Vector.LessThanOrEqual(rest, zero);
            v = Vector.ConditionalSelect(active, (v * mem) + (current * weight), zero);
            Vector<int> spikes = Vector.GreaterThanOrEqual(v, one);
            if (!Vector.EqualsAny(spikes, Vector<int>.AllBitsSet))
                continue;
            v = Vector.ConditionalSelect(spikes, zero, v);
            rest = Vector.ConditionalSelect(spikes, new Vector<float>(RefractorySteps), rest);
            for (int lane = 0; lane < Vector<float>.Count && first + lane < Channels; lane++)
            {
                if (spikes[lane] != 0)
                    keys.Add(((long)t * Channels) + first + lane);
            }
        }
    }
}
