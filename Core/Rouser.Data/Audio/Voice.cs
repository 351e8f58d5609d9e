namespace Rouser.Data.Audio;

/// <summary>
/// A speaker: says phonemes by formant synthesis (Klatt 1980, simplified to three moving formants and two fixed ones
/// in cascade, frication in parallel).
/// </summary>
/// <remarks>
/// A resonator at F Hz of bandwidth B is y[t] = a·x[t] + b·y[t−1] + c·y[t−2] with c = −exp(−2πB·dt), b =
/// 2·exp(−πB·dt)·cos(2πF·dt), a = 1 − b − c. The voice is a train of pulses, low-passed twice; breath and frication
/// are noise. Targets move linearly from phoneme to phoneme.
/// </remarks>
internal sealed class Voice
{
    private const int FrameSamples = InnerEar.SampleRate / 200;
    private const double Dt = 1.0 / InnerEar.SampleRate,
        TransitionMs = 45;

    private readonly RandomStream _random;
    private readonly double _tract,
        _pitch,
        _tempo,
        _breath,
        _tilt;

    /// <summary>Draws a speaker: length of the vocal tract, pitch, tempo, breath.</summary>
    public Voice(RandomStream random)
    {
        _random = random;
        // Short tracts go with high voices.
        double build = BellCurve.Next(random);
        (_tract, _pitch) = (
            1 + (0.07 * build) + (0.02 * BellCurve.Next(random)),
            150 * (1 + (0.2 * build) + (0.06 * BellCurve.Next(random)))
        );
        (_tempo, _breath, _tilt) = (
            1 + (0.1 * BellCurve.Next(random)),
            0.02 + (0.02 * random.NextDouble()),
            0.75 + (0.05 * BellCurve.Next(random))
        );
    }

    /// <summary>Says a word.</summary>
    /// <param name="phonemes">Its phonemes, a letter each; see <see cref="Phoneme"/>.</param>
    /// <returns>The sound at <see cref="InnerEar.SampleRate"/>, with some silence before and after.</returns>
    public float[] Say(string phonemes)
    {
        List<(Phoneme Phoneme, double Start, double End)> score = [];
        double at = 30 + (20 * _random.NextDouble());
        foreach (char letter in phonemes)
        {
            Phoneme phoneme = Phoneme.Of(letter);
            // Every speaker says every phoneme a little differently each time.
            double length = phoneme.Ms * _tempo * (1 + (0.1 * BellCurve.Next(_random)));
            score.Add((phoneme with { F1 = Vary(phoneme.F1), F2 = Vary(phoneme.F2), F3 = Vary(phoneme.F3) }, at, at + length));
            at += length;
        }
        float[] sound = new float[(int)((at + 60) / 1000 * InnerEar.SampleRate)];
        Render(score, at, sound);
        return sound;

        double Vary(double formant) => formant * _tract * (1 + (0.03 * BellCurve.Next(_random)));
    }

    private void Render(List<(Phoneme Phoneme, double Start, double End)> score, double endMs, float[] sound)
    {
        Resonator f1 = new(),
            f2 = new(),
            f3 = new(),
            f4 = new(),
            f5 = new(),
            hiss = new();
        double phase = 0,
            low1 = 0,
            low2 = 0,
            voice = 0,
            noise = 0;
        double glide = 1 + (0.1 * _random.NextDouble()),
            drop = 0.2 + (0.15 * _random.NextDouble());
        for (int t = 0; t < sound.Length; t++)
        {
            double ms = 1000.0 * t * Dt;
            if (t % FrameSamples == 0)
            {
                Phoneme now = At(score, ms);
                f1.Set(now.F1, 60 + (0.04 * now.F1));
                f2.Set(now.F2, 70 + (0.04 * now.F2));
                f3.Set(now.F3, 100 + (0.04 * now.F3));
                f4.Set(3500 * _tract, 250);
                f5.Set(4500 * _tract, 300);
                hiss.Set(Math.Min(now.NoiseHz * _tract, 7500), Math.Max(now.NoiseHz / 4, 300));
                (voice, noise) = ms < score[0].Start || ms > endMs ? (0, 0) : (now.Voice, now.Noise);
            }
            // The pitch falls over the word, as at the end of a sentence.
            double pitch = _pitch * (glide - (drop * ms / endMs)) * (1 + (0.01 * _random.NextDouble(-1, 1)));
            phase += pitch * Dt;
            double pulse = 0;
            if (phase >= 1)
            {
                phase -= 1;
                pulse = 1;
            }
            double white = _random.NextDouble(-1, 1);
            low1 += (1 - _tilt) * (pulse - low1);
            low2 += (1 - _tilt) * (low1 - low2);
            double source = voice * ((low2 * 60) + (_breath * white));
            double spoken = f5.Next(f4.Next(f3.Next(f2.Next(f1.Next(source)))));
            sound[t] = (float)(spoken + (noise * hiss.Next(white)) + (0.0005 * white));
        }
    }

    private static Phoneme At(List<(Phoneme Phoneme, double Start, double End)> score, double ms)
    {
        int i = 0;
        while (i < score.Count - 1 && ms >= score[i].End)
            i++;
        (Phoneme now, double start, double end) = score[i];
        double reach = Math.Min(TransitionMs, (end - start) / 2);
        if (i > 0 && ms < start + reach)
            return Phoneme.Between(score[i - 1].Phoneme, now, 0.5 + (0.5 * (ms - start) / reach));
        return i < score.Count - 1 && ms > end - reach
            ? Phoneme.Between(now, score[i + 1].Phoneme, 0.5 * (ms - end + reach) / reach)
            : now;
    }

    private struct Resonator
    {
        private double _a,
            _b,
            _c,
            _y1,
            _y2;

        public void Set(double hertz, double bandwidth)
        {
            double decay = PortableMath.Exp(-Math.PI * bandwidth * Dt);
            _c = -decay * decay;
            _b = 2 * decay * Turns.SinCos(hertz * Dt).Cos;
            _a = 1 - _b - _c;
        }

        public double Next(double x)
        {
            double y = (_a * x) + (_b * _y1) + (_c * _y2);
            (_y2, _y1) = (_y1, y);
            return y;
        }
    }
}
