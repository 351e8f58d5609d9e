using System.Text;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Storage.Journals;
using Rouser.Sweeps;
using Rouser.Sweeps.Sequential;

namespace Rouser.Storage.Tests.Journals;

public sealed class EventJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 0, 125, TimeSpan.FromHours(1));
    private static readonly TrialId Trial = new("0123456789abcdef0123456789abcdef");

    /// <summary>
    /// The format, word for word. A difference here makes journals of before unreadable: give the format a new
    /// version instead.
    /// </summary>
    public static TheoryData<Event, string> Format =>
        new()
        {
            {
                new TrialAssigned(At, Trial, 2, new WorkerId("w1")),
                """{"version":2,"kind":"trial_assigned","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":2"""
                    + ""","worker":"w1","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new EpochRecorded(
                    At,
                    Trial,
                    1,
                    new EpochMetrics(
                        3,
                        0.5,
                        0.25,
                        double.NaN,
                        1,
                        2,
                        [
                            new LayerMetrics(
                                4,
                                0,
                                1,
                                0.1,
                                0.2,
                                new ThresholdSummary(1, 2, 3, 4, 5, 6, 7, 8, [3, 1]),
                                double.PositiveInfinity,
                                9,
                                null
                            ),
                        ]
                    )
                ),
                """{"version":2,"kind":"epoch_recorded","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1,"metrics":"""
                    + """{"epoch":3,"train_loss":0.5,"train_accuracy":0.25,"test_accuracy":"NaN","seconds":1,"samples_per_second":2"""
                    + ""","layers":[{"neurons":4,"dead_fraction":0,"active_fraction":1,"spike_rate_train":0.1,"spike_rate_test":0.2"""
                    + ""","threshold":{"mean":1,"min":2,"q10":3,"q25":4,"median":5,"q75":6,"q90":7,"max":8,"histogram":[3,1]}"""
                    + ""","weight_distance_initial":"Infinity","weight_gradient_norm":9,"threshold_gradient_norm":null}]}"""
                    + ""","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialCompleted(
                    At,
                    Trial,
                    1,
                    [
                        [0.5, 0],
                        [],
                    ]
                ),
                """{"version":2,"kind":"trial_completed","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1"""
                    + ""","weight_distances_final":[[0.5,0],[]],"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new AttemptFailed(At, Trial, 1, "it's ü", true),
                """{"version":2,"kind":"attempt_failed","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1"""
                    + ""","reason":"it's ü","final":true,"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new AttemptLost(At, Trial, 1, "", false),
                """{"version":2,"kind":"attempt_lost","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1"""
                    + ""","reason":"","final":false,"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new AttemptReturned(At, Trial, 1, "drained"),
                """{"version":2,"kind":"attempt_returned","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1"""
                    + ""","reason":"drained","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialRequeued(At, Trial),
                """{"version":2,"kind":"trial_requeued","event":{"trial":"0123456789abcdef0123456789abcdef","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialCancelled(At, Trial),
                """{"version":2,"kind":"trial_cancelled","event":{"trial":"0123456789abcdef0123456789abcdef","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialPruned(At, Trial, 2, "worse"),
                """{"version":2,"kind":"trial_pruned","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":2"""
                    + ""","reason":"worse","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new CheckAssigned(At, Trial, 3, new WorkerId("w2")),
                """{"version":2,"kind":"check_assigned","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":3"""
                    + ""","worker":"w2","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new CheckPassed(At, Trial, 3),
                """{"version":2,"kind":"check_passed","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":3"""
                    + ""","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new CheckReturned(At, Trial, 3, "drained", false),
                """{"version":2,"kind":"check_returned","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":3"""
                    + ""","reason":"drained","failed":false,"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new CheckAbandoned(At, Trial, "alone"),
                """{"version":2,"kind":"check_abandoned","event":"""
                    + """{"trial":"0123456789abcdef0123456789abcdef","reason":"alone","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new ResultsDisagreed(At, Trial, 3, 2, new WorkerId("w1"), new WorkerId("w2"), "other numbers"),
                """{"version":2,"kind":"results_disagreed","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":3"""
                    + ""","epoch":2,"first":"w1","second":"w2","what":"other numbers","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            { new SweepPaused(At), """{"version":2,"kind":"sweep_paused","event":{"at":"2026-03-01T12:30:00.125+01:00"}}""" },
            {
                new SweepContinued(At),
                """{"version":2,"kind":"sweep_continued","event":{"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialReused(At, Trial, 2, "host:/runs/first"),
                """{"version":2,"kind":"trial_reused","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":2"""
                    + ""","from":"host:/runs/first","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialContinued(At, Trial, 2, new TrialId("fedcba9876543210fedcba9876543210")),
                """{"version":2,"kind":"trial_continued","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":2"""
                    + ""","from":"fedcba9876543210fedcba9876543210","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialsOpened(At, [Trial]),
                """{"version":2,"kind":"trials_opened","event":{"trials":["0123456789abcdef0123456789abcdef"]"""
                    + ""","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new SettingProposed(At, "s", "a", "x=1", "l/g is 2"),
                """{"version":2,"kind":"setting_proposed","event":{"study":"s","arm":"a","setting":"x=1","reason":"""
                    + "\"l/g is 2\",\"at\":\"2026-03-01T12:30:00.125+01:00\"}}"
            },
            {
                new ComparisonSettled(At, "s", "a", "x=1", 5, SequentialVerdict.Futile, "no"),
                """{"version":2,"kind":"comparison_settled","event":{"study":"s","arm":"a","setting":"x=1","seeds":5"""
                    + ""","verdict":"futile","reason":"no","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new TrialsAnnotated(At, [Trial], new AnnotationChange(null, ["good"], ["bad"])),
                """{"version":2,"kind":"trials_annotated","event":{"trials":["0123456789abcdef0123456789abcdef"]"""
                    + ""","change":{"note":null,"added":["good"],"removed":["bad"]},"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new SweepAnnotated(At, new AnnotationChange("first\nsecond", [], [])),
                """{"version":2,"kind":"sweep_annotated","event":{"change":{"note":"first\nsecond","added":[],"removed":[]}"""
                    + ""","at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new StudyPrioritized(At, "s", 7),
                """{"version":2,"kind":"study_prioritized","event":{"study":"s","priority":7,"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
            {
                new PlanReplaced(At, 1, 30),
                """{"version":2,"kind":"plan_replaced","event":{"revision":1,"trials":30,"at":"2026-03-01T12:30:00.125+01:00"}}"""
            },
        };

    [Theory]
    [MemberData(nameof(Format))]
    public void The_format_is_as_it_was(Event e, string json)
    {
        Assert.Equal(json, Encoding.UTF8.GetString(EventJson.Write(e)));
        ValueAssert.Equal(e, Read(json).Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public void A_kind_that_is_no_text_is_damage(int place)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            """{"version":2,"kind":"sweep_paused.","event":{"at":"2026-03-01T12:30:00.125+01:00"}}"""
        );
        json[21 + place] = 0xff;
        Assert.Contains("damaged", Assert.Single(EventJson.Read(json, "j").Errors).ToString(), StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Single(EventJson.Read(json, "j", 7).Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_epoch_of_version_1_has_no_histogram()
    {
        const string json =
            """{"version":1,"kind":"epoch_recorded","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1,"metrics":"""
            + """{"epoch":3,"train_loss":0.5,"train_accuracy":0.25,"test_accuracy":"NaN","seconds":1,"samples_per_second":2"""
            + ""","layers":[{"neurons":4,"dead_fraction":0,"active_fraction":1,"spike_rate_train":0.1,"spike_rate_test":0.2"""
            + ""","threshold":{"mean":1,"min":2,"q10":3,"q25":4,"median":5,"q75":6,"q90":7,"max":8}"""
            + ""","weight_distance_initial":"Infinity","weight_gradient_norm":9,"threshold_gradient_norm":null}]}"""
            + ""","at":"2026-03-01T12:30:00.125+01:00"}}""";
        ThresholdSummary? threshold = Assert.IsType<EpochRecorded>(Read(json).Value).Metrics.Layers[0].Threshold;
        Assert.Equal(new ThresholdSummary(1, 2, 3, 4, 5, 6, 7, 8, Histogram: null), threshold);
    }

    /// <summary>A program that knows no validation must not read such an epoch without it; all else it still reads.</summary>
    [Fact]
    public void An_epoch_with_validation_metrics_is_of_version_3()
    {
        EpochMetrics plain = new(3, 0.5, 0.25, 0.75, 1, 2, []);
        string json = Encoding.UTF8.GetString(
            EventJson.Write(new EpochRecorded(At, Trial, 1, plain with { Validation = new ValidationScores(0.625, 1.5) }))
        );
        Assert.Equal(
            """{"version":3,"kind":"epoch_recorded","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1,"metrics":"""
                + """{"epoch":3,"train_loss":0.5,"train_accuracy":0.25,"test_accuracy":0.75,"seconds":1,"samples_per_second":2"""
                + ""","layers":[],"validation":{"accuracy":0.625,"loss":1.5}},"at":"2026-03-01T12:30:00.125+01:00"}}""",
            json
        );
        Assert.Equal(new ValidationScores(0.625, 1.5), Assert.IsType<EpochRecorded>(Read(json).Value).Metrics.Validation);
    }

    /// <summary>The same of one that does not know what a network takes.</summary>
    [Fact]
    public void An_epoch_with_complexity_metrics_is_of_version_4()
    {
        ComplexityMetrics complexity = new(48, 12, 0.25, 0.5, 4, 0, 9, 3.5);
        EpochMetrics plain = new(3, 0.5, 0.25, 0.75, 1, 2, []);
        string json = Encoding.UTF8.GetString(
            EventJson.Write(new EpochRecorded(At, Trial, 1, plain with { Complexity = complexity }))
        );
        Assert.Equal(
            """{"version":4,"kind":"epoch_recorded","event":{"trial":"0123456789abcdef0123456789abcdef","attempt":1,"metrics":"""
                + """{"epoch":3,"train_loss":0.5,"train_accuracy":0.25,"test_accuracy":0.75,"seconds":1,"samples_per_second":2"""
                + ""","layers":[],"complexity":{"footprint":48,"parameter_count":12,"connection_sparsity":0.25"""
                + ""","activation_sparsity":0.5,"effective_acs":4,"effective_macs":0,"dense_operations":9,"membrane_updates":3.5}}"""
                + ""","at":"2026-03-01T12:30:00.125+01:00"}}""",
            json
        );
        Assert.Equal(complexity, Assert.IsType<EpochRecorded>(Read(json).Value).Metrics.Complexity);
    }

    [Fact]
    public void Every_kind_of_event_has_a_word()
    {
        Type[] kinds = [.. typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract)];
        Assert.Equal(kinds.OrderBy(k => k.Name), Format.Select(row => row[0].GetType()).OrderBy(k => k.Name));
    }

    [Fact]
    public void Any_event_comes_back_bit_for_bit()
    {
        for (long seed = 0; seed < 3000; seed++)
        {
            Event e = new RandomEvents(seed).Next();
            Result<Event> back = EventJson.Read(EventJson.Write(e), $"seed {seed}");
            Assert.True(back.IsOk, string.Join("; ", back.Errors));
            ValueAssert.Equal(e, back.Value, $"seed {seed}: {e.GetType().Name}");
        }
    }

    [Theory]
    [InlineData(
        """{"version":6,"kind":"trial_requeued","happened":7}""",
        "x: version 6 of the event format is newer than this rouser understands (5); use a newer rouser"
    )]
    [InlineData(
        """{"version":2,"kind":"trial_praised","event":{}}""",
        "x: this rouser knows no event of kind 'trial_praised'; use a newer rouser"
    )]
    public void A_newer_format_is_told_from_a_damaged_one(string json, string mistake) =>
        Assert.Equal(mistake, Read(json).Errors[0].ToString());

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":0,"kind":"trial_requeued","event":{}}""")]
    [InlineData("""{"version":2,"kind":7,"event":{}}""")]
    [InlineData("""{"version":2,"kind":"trial_requeued"}""")]
    [InlineData("""{"version":2,"kind":"trial_requeued","event":null}""")]
    [InlineData("""{"version":2,"kind":"trial_requeued","event":{"trial":"0123456789abcdef0123456789abcdef"}}""")]
    [InlineData("""{"version":2,"kind":"trial_requeued","event":{"at":"2026-03-01T12:30:00Z","trial":null}}""")]
    [InlineData("""{"version":2,"kind":"trial_requeued","event":{"at":"2026-03-01T12:30:00Z","trial":7}}""")]
    [InlineData(
        """{"version":2,"kind":"trial_requeued","event":{"at":"yesterday","trial":"0123456789abcdef0123456789abcdef"}}"""
    )]
    [InlineData(
        """{"version":2,"kind":"trial_requeued","event":{"at":"2026-03-01T12:30:00Z","trial":"0123456789abcdef0123456789abcdef","extra":1}}"""
    )]
    public void Damage_is_a_mistake_of_one_line_with_a_remedy(string json)
    {
        string line = Read(json).Errors[0].ToString();
        Assert.StartsWith("x: the event is damaged (", line, StringComparison.Ordinal);
        Assert.Contains("restore the journal", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void Any_cut_of_an_event_is_a_mistake_and_never_an_exception()
    {
        for (long seed = 0; seed < 30; seed++)
        {
            byte[] json = EventJson.Write(new RandomEvents(seed).Next());
            for (int length = 0; length < json.Length; length++)
                Assert.False(EventJson.Read(json.AsMemory(0, length), "x").IsOk, $"seed {seed}, {length} of {json.Length} bytes");
        }
    }

    private static Result<Event> Read(string json) => EventJson.Read(Encoding.UTF8.GetBytes(json), "x");
}
