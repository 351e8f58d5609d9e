using System.Text;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Core;
using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Cluster.Tests.Wire;

/// <summary>
/// The protocol between workers and orchestrators: its exact text, and what becomes of text that is none of it.
/// </summary>
public class WireJsonTests
{
    private static readonly WorkerId Worker = new("w-1.a");
    private static readonly PlannedTrial Trial = WirePlan.Of(1).Trials[0];
    private static readonly LeaseKey Lease = new(Trial.Id, 3);

    [Fact]
    public void How_a_sweep_stands_is_the_same_at_the_other_end()
    {
        byte[] sent = WireJson.Write(Trust.StandingSweep.Status);
        SweepStatus read = WireJson.ReadStatus(sent).Value;
        Assert.Equal(Encoding.UTF8.GetString(sent), Encoding.UTF8.GetString(WireJson.Write(read)));
        Assert.Equivalent(Trust.StandingSweep.Status, read, strict: true);
    }

    private static readonly WorkerMessage[] Messages =
    [
        new WorkerJoined(4),
        new WorkRequested(2),
        new Heartbeat([Lease]),
        new EpochReported(
            Lease,
            new EpochMetrics(
                1,
                0.1,
                double.NaN,
                0.3,
                1.5,
                double.PositiveInfinity,
                [
                    new LayerMetrics(
                        8,
                        0.1,
                        0.2,
                        0.3,
                        0.4,
                        new ThresholdSummary(1, 2, 3, 4, 5, 6, 7, 8, [3, 1]),
                        0.5,
                        1 / 3.0,
                        null
                    ),
                ]
            )
        ),
        new TrialFinished(
            Lease,
            [
                [0.1, 0.2],
                [0, 0],
            ]
        ),
        new TrialErrored(Lease, "keine Datei «x»", Repeats: false),
        new TrialErrored(Lease, "loss is not finite", Repeats: true),
        new TrialHandedBack(Lease, "stopped"),
        new DataMissing(Lease, "d1"),
        new WorkerLeft("done"),
    ];

    private static readonly WorkerCommand[] Orders =
    [
        new WorkerCommand.Assign(Lease, TimeSpan.FromSeconds(60), 2, Trial),
        new WorkerCommand.Assign(Lease, TimeSpan.FromSeconds(60), 2, Trial, KeptModels.Best(ValidationMetric.Accuracy)),
        new WorkerCommand.Revoke(Lease, "attempt 4 runs on w2"),
        new WorkerCommand.Resend(Lease, 2),
        new WorkerCommand.Acknowledge(Lease),
        new WorkerCommand.Drain(),
        new WorkerCommand.Join(),
        new WorkerCommand.End(),
    ];

    // Who changes this text changes the protocol, which needs a new version.
    [Fact]
    public void The_text_of_every_message_and_order_is_the_protocols()
    {
        string messages = Encoding.UTF8.GetString(WireJson.Write(new WorkerMessages(Worker, Messages)));
        string orders = Encoding.UTF8.GetString(WireJson.Write(Orders));
        Snapshot.Match($"{messages}\n{orders}".Replace("{\"kind\"", "\n  {\"kind\"", StringComparison.Ordinal), "protocol");
    }

    [Fact]
    public void Messages_come_back_as_they_were()
    {
        byte[] json = WireJson.Write(new WorkerMessages(Worker, Messages));
        WorkerMessages back = WireJson.ReadMessages(json).Value;
        Assert.Equal(Worker, back.From);
        Assert.Equal(Messages.Select(m => m.GetType()), back.Messages.Select(m => m.GetType()));
        Assert.Equal(json, WireJson.Write(back));
        Assert.Equal(Messages[0], back.Messages[0]);
        Assert.Equal(Messages[7], back.Messages[7]);
    }

    [Fact]
    public void Orders_come_back_as_they_were()
    {
        byte[] json = WireJson.Write(Orders);
        IReadOnlyList<WorkerCommand> back = WireJson.ReadCommands(json).Value;
        Assert.Equal(Orders[2..], back.Skip(2));
        Assert.Null(Assert.IsType<WorkerCommand.Assign>(back[0]).Keep);
        Assert.Equal(KeptModels.Best(ValidationMetric.Accuracy), Assert.IsType<WorkerCommand.Assign>(back[1]).Keep);
        Assert.Equal(json, WireJson.Write(back));

        PlannedTrial trial = Assert.IsType<WorkerCommand.Assign>(back[0]).Trial;
        Assert.Equal(Trial.Id, trial.Id);
        Assert.Equal(Trial.Id, TrialIdentity.Of(trial.Parameters, trial.Seed, trial.DataDigest, trial.Engine));
        Assert.Equal(Trial.Settings.Neuron, trial.Settings.Neuron);
    }

    [Fact]
    public void What_users_ask_comes_back_as_it_was()
    {
        ControlRequest[] requests =
        [
            new ControlRequest.Pause(),
            new ControlRequest.Continue(),
            new ControlRequest.Cancel(null, null),
            new ControlRequest.Cancel("65", null),
            new ControlRequest.Cancel(null, "a"),
            new ControlRequest.Retry(true, false, true),
            new ControlRequest.Prioritize("s", -3),
        ];
        Assert.All(requests, request => Assert.Equal(request, WireJson.ReadControl(WireJson.Write(request)).Value));
        Assert.Equal(
            """{"version":3,"request":{"kind":"cancel","trial":"65","arm":null}}""",
            Encoding.UTF8.GetString(WireJson.Write(requests[3]))
        );
        Assert.False(WireJson.ReadControl("""{"version":3,"request":{"kind":"cancel","trial":"65","arm":"a"}}"""u8).IsOk);
        Assert.False(WireJson.ReadControl("""{"version":3,"request":{"kind":"exec"}}"""u8).IsOk);
        Assert.Equal(
            """{"version":3,"request":{"kind":"prioritize","study":"s","priority":-3}}""",
            Encoding.UTF8.GetString(WireJson.Write(requests[^1]))
        );
        Assert.False(
            WireJson.ReadControl("""{"version":3,"request":{"kind":"prioritize","study":"s","priority":1001}}"""u8).IsOk
        );
        Assert.False(
            WireJson
                .ReadControl("""{"version":3,"request":{"kind":"retry","failed":false,"lost":false,"cancelled":false}}"""u8)
                .IsOk
        );
    }

    [Theory]
    [InlineData("""{"kind":"annotate","trials":["65"],"note":"first\nsecond","added":["good"],"removed":[]}""", null)]
    [InlineData("""{"kind":"annotate","trials":null,"note":"","added":[],"removed":[]}""", null)]
    [InlineData("""{"kind":"annotate","trials":[],"note":"x","added":[],"removed":[]}""", "no trials")]
    [InlineData("""{"kind":"annotate","trials":[null],"note":"x","added":[],"removed":[]}""", "damaged")]
    [InlineData("""{"kind":"annotate","trials":null,"note":null,"added":[],"removed":[]}""", "no note and no tag")]
    [InlineData("""{"kind":"annotate","trials":null,"note":null,"added":["a b"],"removed":[]}""", "a tag is 1 to 40")]
    [InlineData("""{"kind":"annotate","trials":null,"note":null,"added":[null],"removed":[]}""", "")]
    [InlineData("""{"kind":"annotate","trials":null,"note":null,"added":null,"removed":[]}""", "damaged")]
    public void A_note_comes_back_as_it_was_and_one_that_nobody_can_mean_is_told_in_one_line(string request, string? expected)
    {
        Result<ControlRequest> read = WireJson.ReadControl(Encoding.UTF8.GetBytes($$"""{"version":3,"request":{{request}}}"""));
        Assert.Equal(expected is null, read.IsOk);
        if (read.IsOk)
            Assert.Equal($$"""{"version":3,"request":{{request}}}""", Encoding.UTF8.GetString(WireJson.Write(read.Value)));
        else
            Assert.Contains(expected!, Assert.Single(read.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_without_end_stays_without_end()
    {
        byte[] json = WireJson.Write([new WorkerCommand.Assign(Lease, TimeSpan.MaxValue, 1, Trial)]);
        Assert.Equal(TimeSpan.MaxValue, Assert.IsType<WorkerCommand.Assign>(WireJson.ReadCommands(json).Value[0]).LeaseLength);
    }

    [Theory]
    [InlineData("""{"version":4,"worker":"w","messages":[]}""", "version 4, that of a newer one")]
    [InlineData("""{"version":4,"something":"else"}""", "version 4, that of a newer one")]
    [InlineData("""{"worker":"w","messages":[]}""", "damaged")]
    [InlineData("""{"version":3,"messages":[]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w"}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":null}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[null]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[],"more":1}""", "damaged")]
    [InlineData("""{"version":3,"worker":"","messages":[]}""", "a worker's name")]
    [InlineData("""{"version":3,"worker":"../w","messages":[]}""", "a worker's name")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"reboot"}]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"slots":1}]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"worker_joined","slots":0}]}""", "1 to 4096 slots")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"worker_joined","slots":"many"}]}""", "damaged")]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"worker_joined","slots":1,"shell":"rm"}]}""", "damaged")]
    [InlineData(
        """{"version":3,"worker":"w","messages":[{"kind":"heartbeat","leases":[{"trial":"../../etc/passwd","attempt":1}]}]}""",
        "32 hex digits"
    )]
    [InlineData("""{"version":3,"worker":"w","messages":[{"kind":"trial_errored","lease":null,"reason":"x"}]}""", "damaged")]
    [InlineData("[]", "damaged")]
    [InlineData("", "damaged")]
    [InlineData("null", "damaged")]
    public void What_is_no_message_is_told_in_one_line(string json, string expected)
    {
        Result<WorkerMessages> read = WireJson.ReadMessages(Encoding.UTF8.GetBytes(json));
        Assert.False(read.IsOk);
        Assert.Contains(expected, read.Errors[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', read.Errors[0].Message);
    }

    [Fact]
    public void A_layer_or_a_distance_that_is_null_is_refused()
    {
        string json = Encoding.UTF8.GetString(WireJson.Write(new WorkerMessages(Worker, Messages)));
        string layer = json[
            json.IndexOf("\"layers\":[", StringComparison.Ordinal)..(
                json.IndexOf("}]", json.IndexOf("\"layers\":[", StringComparison.Ordinal), StringComparison.Ordinal) + 2
            )
        ];
        Assert.False(
            WireJson.ReadMessages(Encoding.UTF8.GetBytes(json.Replace(layer, "\"layers\":[null]", StringComparison.Ordinal))).IsOk
        );
        Assert.False(WireJson.ReadMessages(Encoding.UTF8.GetBytes(json.Replace("[0,0]", "null", StringComparison.Ordinal))).IsOk);
    }

    [Fact]
    public void Text_changed_at_random_is_read_or_refused_and_never_more()
    {
        byte[][] whole = [WireJson.Write(new WorkerMessages(Worker, Messages)), WireJson.Write(Orders)];
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 10_000; round++)
        {
            byte[] json = [.. whole[round % 2]];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(json.Length);
                json = random.Next(3) switch
                {
                    0 => json[..at],
                    1 => [.. json[..at], .. json[random.Next(json.Length)..]],
                    _ => [.. json[..at], (byte)random.Next(256), .. json[(at + 1)..]],
                };
                if (json.Length == 0)
                    break;
            }
            try
            {
                _ = round % 2 == 0 ? WireJson.ReadMessages(json).IsOk : WireJson.ReadCommands(json).IsOk;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {e}\n{Encoding.UTF8.GetString(json)}");
            }
        }
    }

    /// <summary>Its parameters are unknown without the plug-in, and yet nothing about the message is damaged.</summary>
    [Fact]
    public void A_trial_whose_plug_in_is_not_here_is_read_as_what_is_missing()
    {
        string sent = Encoding.UTF8.GetString(WireJson.Write([new WorkerCommand.Join(), Orders[0]]));
        string plugged = sent.Replace($"\"{Trial.Engine}\"", $"\"{Trial.Engine} + other@0123\"", StringComparison.Ordinal);
        Assert.NotEqual(sent, plugged);

        WorkerCommand command = Assert.Single(WireJson.ReadCommands(Encoding.UTF8.GetBytes(plugged)).Value);

        Assert.StartsWith(
            "the sweep needs plug-in other@0123, which is not here; copy the folder",
            Assert.IsType<WorkerCommand.Unfit>(command).Reason
        );
    }
}
