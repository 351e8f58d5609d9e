using Rouser.Cluster.Serving;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>How a sweep stands in which everything occurs that an orchestrator can tell of one.</summary>
internal static class StandingSweep
{
    private const string First = "0123456789abcdef0123456789abcdef",
        Second = "fedcba9876543210fedcba9876543210";

    public static SweepStatus Status { get; } =
        new(
            "thresholds",
            SweepStatus.Paused,
            12.5,
            new Dictionary<string, int>
            {
                ["queued"] = 3,
                ["running"] = 1,
                ["completed"] = 7,
                ["failed"] = 1,
            },
            Reused: 2,
            EpochsRecorded: 71,
            EpochsPlanned: 120,
            EpochsExpected: 115,
            [new PresentWorker("node-1", 2, 0.5), new PresentWorker("node-2", 1, 31)],
            [new TrialInWork(First, "digits", "learned", "Th=0.25 τ=3 s=3", 4, 2, "node-1", 3, 10, 0.715)],
            [new TrialWithoutResult(Second, "fixed", "", 1, "failed", 3, 2, "the loss is not finite «NaN»")]
        )
        {
            Unlisted = 4,
            Note = "two\nlines",
            Tags = ["pilot", "größe-2"],
            Priorities = new Dictionary<string, int> { ["digits"] = 3 },
            Annotated = [new TrialWrittenTo(Second, ["odd"], "look at this")],
        };
}
