using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Storage.Tests.Journals;

/// <summary>Events of every kind with awkward values, from a seed.</summary>
internal sealed class RandomEvents(long seed)
{
    private static readonly double[] AwkwardNumbers =
    [
        0,
        -0.0,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        double.Epsilon,
        double.MaxValue,
        double.MinValue,
        0.1,
        1 / 3.0,
        1e-310,
    ];

    private readonly RandomStream _random = new(seed, "events");

    public List<Event> Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];

    public Event Next() =>
        _random.NextInt(25) switch
        {
            0 => new TrialAssigned(At(), Trial(), Attempt(), new WorkerId(Text())),
            1 => new EpochRecorded(At(), Trial(), Attempt(), Metrics()),
            2 => new TrialCompleted(At(), Trial(), Attempt(), Many<IReadOnlyList<double>>(() => Many(Number))),
            3 => new AttemptFailed(At(), Trial(), Attempt(), Text(), _random.NextInt(2) == 0),
            4 => new AttemptLost(At(), Trial(), Attempt(), Text(), _random.NextInt(2) == 0),
            5 => new AttemptReturned(At(), Trial(), Attempt(), Text()),
            6 => new TrialCancelled(At(), Trial()),
            7 => new TrialPruned(At(), Trial(), Attempt(), Text()),
            8 => new SweepPaused(At()),
            9 => new SweepContinued(At()),
            10 => new CheckAssigned(At(), Trial(), Attempt(), new WorkerId(Text())),
            11 => new CheckPassed(At(), Trial(), Attempt()),
            12 => new CheckReturned(At(), Trial(), Attempt(), Text(), _random.NextInt(2) == 0),
            13 => new CheckAbandoned(At(), Trial(), Text()),
            14 => new ResultsDisagreed(
                At(),
                Trial(),
                Attempt(),
                _random.NextInt(9),
                new WorkerId(Text()),
                new WorkerId(Text()),
                Text()
            ),
            20 => new TrialContinued(At(), Trial(), Attempt(), Trial()),
            18 => new TrialReused(At(), Trial(), Attempt(), Text()),
            16 => new TrialsOpened(At(), Many(Trial)),
            19 => new SettingProposed(At(), Text(), Text(), Text(), Text()),
            17 => new ComparisonSettled(
                At(),
                Text(),
                Text(),
                Text(),
                _random.NextInt(1000),
                (SequentialVerdict)_random.NextInt(5),
                Text()
            ),
            15 => new PlanReplaced(At(), 1 + _random.NextInt(9), _random.NextInt(1000)),
            21 => new TrialsAnnotated(At(), Many(Trial), Change()),
            22 => new SweepAnnotated(At(), Change()),
            23 => new StudyPrioritized(At(), Text(), _random.NextInt(2001) - 1000),
            _ => new TrialRequeued(At(), Trial()),
        };

    /// <summary>A trial of a snapshot.</summary>
    public TrialSnapshot NextTrial() =>
        new(
            Trial(),
            (TrialState)_random.NextInt(8),
            At(),
            Many(() => new WorkerId(Text())),
            _random.NextInt(100),
            _random.NextInt(2) == 0 ? null : new EpochScore(Number(), Number(), Number()),
            _random.NextInt(5),
            _random.NextInt(5),
            _random.NextInt(2) == 0 ? null : Text(),
            _random.NextInt(2) == 0 ? null : Text(),
            _random.NextInt(2) == 0 ? null : (uint)_random.NextBits(),
            _random.NextInt(2) == 0
                ? null
                : new TrialCheck(
                    (CheckState)_random.NextInt(5),
                    _random.NextInt(9),
                    _random.NextInt(2) == 0 ? null : new WorkerId(Text()),
                    _random.NextInt(9)
                ),
            _random.NextInt(2) == 0 ? null : Text(),
            _random.NextInt(2) == 0 ? null : new Annotation(Text(), Many(Text))
        );

    private AnnotationChange Change() => new(_random.NextInt(2) == 0 ? null : Text(), Many(Text), Many(Text));

    public EpochMetrics Metrics() =>
        new(1 + _random.NextInt(1000), Number(), Number(), Number(), Number(), Number(), Many(Layer))
        {
            Validation = _random.NextInt(2) == 0 ? null : new ValidationScores(Number(), Number()),
            Complexity =
                _random.NextInt(2) == 0
                    ? null
                    : new ComplexityMetrics(
                        _random.NextInt(1000),
                        _random.NextInt(1000),
                        Number(),
                        Number(),
                        Number(),
                        Number(),
                        Number(),
                        Number()
                    ),
        };

    private LayerMetrics Layer() =>
        new(
            1 + _random.NextInt(1000),
            Number(),
            Number(),
            Number(),
            Number(),
            new ThresholdSummary(
                Number(),
                Number(),
                Number(),
                Number(),
                Number(),
                Number(),
                Number(),
                Number(),
                _random.NextInt(2) == 0 ? null : Many(() => _random.NextInt(1000))
            ),
            Number(),
            Number(),
            _random.NextInt(2) == 0 ? null : Number()
        );

    // Any tick of three centuries, in any time zone.
    private DateTimeOffset At() =>
        new(
            new DateTime(1900, 1, 1, 12, 0, 0).AddTicks((long)(_random.NextDouble() * 300 * 365 * TimeSpan.TicksPerDay)),
            TimeSpan.FromMinutes(_random.NextInt(1600) - 800)
        );

    private TrialId Trial() => new($"{_random.NextBits():x16}{_random.NextBits():x16}");

    private int Attempt() => 1 + _random.NextInt(int.MaxValue);

    // Any bit pattern, or one that formats are known to lose.
    private double Number() =>
        _random.NextInt(2) == 0
            ? AwkwardNumbers[_random.NextInt(AwkwardNumbers.Length)]
            : BitConverter.UInt64BitsToDouble(_random.NextBits());

    private string Text()
    {
        string[] pieces = ["", "\"", "\\", "\n", "\0", "\u001f", "</script>", "é", "神経", "🧠", "{}", " ", "worker-1", "\u2028"];
        return string.Concat(Enumerable.Range(0, _random.NextInt(6)).Select(_ => pieces[_random.NextInt(pieces.Length)]));
    }

    private List<T> Many<T>(Func<T> next) => [.. Enumerable.Range(0, _random.NextInt(4)).Select(_ => next())];
}
