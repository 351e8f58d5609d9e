using System.Runtime.Serialization;
using System.Text;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Rouser.Cluster.Tests;
using Rouser.Cluster.Wire;
using Rouser.Coordination;
using Rouser.Snn;
using Rouser.Sweeps;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>What goes between nodes goes through one codec, and nothing else does.</summary>
public sealed class WireSerializerTests : TestKit
{
    private static readonly PlannedTrial Trial = WirePlan.Of(1).Trials[0];
    private static readonly LeaseKey Lease = new(Trial.Id, 3);
    private static readonly WorkerId Worker = new("w1");

    public WireSerializerTests()
        : base(Nodes.Config(NodeSettings.WorkerRole)) { }

    [Fact]
    public void Every_message_of_a_workers_comes_back_as_it_went()
    {
        var layer = new LayerMetrics(
            8,
            0.5,
            0.25,
            0.1,
            0.2,
            new ThresholdSummary(1, 0.5, 0.6, 0.7, 1, 1.2, 1.5, 2),
            3,
            0.5,
            null
        );
        WorkerMessage[] said =
        [
            new WorkerJoined(4),
            new WorkRequested(2),
            new Heartbeat([Lease]),
            new EpochReported(Lease, new EpochMetrics(1, 0.1, 0.5, 0.25, 1.5, 100, [layer])),
            new TrialFinished(
                Lease,
                [
                    [0.1, 0.2],
                    [double.Epsilon, 1.0 / 3],
                ]
            ),
            new TrialErrored(Lease, "\"quoted\" and ümlaut", Repeats: false),
            new TrialHandedBack(Lease, "stopped"),
            new DataMissing(Lease, "d1"),
            new WorkerLeft("it has left"),
        ];
        foreach (WorkerMessage message in said)
        {
            var back = Assert.IsType<WorkerMessages>(ThereAndBack(new WorkerMessages(Worker, [message])));
            Assert.Equal(Worker, back.From);
            Assert.Equal(Text(message), Text(Assert.Single(back.Messages)));
        }
    }

    [Fact]
    public void Every_order_comes_back_as_it_went()
    {
        WorkerCommand[] given =
        [
            new WorkerCommand.Assign(Lease, TimeSpan.FromSeconds(60), 2, Trial),
            new WorkerCommand.Revoke(Lease, "it was lost"),
            new WorkerCommand.Resend(Lease, 7),
            new WorkerCommand.Acknowledge(Lease),
            new WorkerCommand.Drain(),
            new WorkerCommand.Join(),
            new WorkerCommand.End(),
        ];
        var back = Assert.IsType<WorkerCommands>(ThereAndBack(new WorkerCommands(given)));
        Assert.Equal(given.Select(o => o.GetType()), back.List.Select(o => o.GetType()));
        Assert.Equal(WireJson.Write(given), WireJson.Write(back.List));
    }

    [Fact]
    public void Nothing_else_is_written_not_even_by_a_fallback()
    {
        var stranger = new Uri("http://localhost");
        Serializer serializer = Sys.Serialization.FindSerializerFor(stranger);
        Assert.IsType<WireSerializer>(serializer);
        Assert.Throws<SerializationException>(() => serializer.ToBinary(stranger));
    }

    // Akka's own JSON serializer makes whatever type a message names: with it, whoever reaches the port runs code.
    [Fact]
    public void Nothing_is_read_by_the_name_of_its_type()
    {
        const int akkasJson = 1;
        byte[] payload = Encoding.UTF8.GetBytes(
            """{"$type":"System.Uri, System.Private.Uri","OriginalString":"http://localhost"}"""
        );
        Assert.ThrowsAny<Exception>(() => Sys.Serialization.Deserialize(payload, akkasJson, "System.Uri, System.Private.Uri"));
        Assert.Throws<SerializationException>(() => Deserialize(payload, "System.Uri, System.Private.Uri"));
    }

    [Theory]
    [InlineData("messages", """{"version":4,"worker":"w1","messages":[]}""", "version 4")]
    [InlineData("orders", """{"version":4,"orders":[]}""", "version 4")]
    [InlineData("messages", """{"version":3,"worker":"w1","messages":[{"kind":"shell"}]}""", "damaged")]
    [InlineData("messages", "{", "damaged")]
    [InlineData("gossip", "{}", "gossip")]
    public void What_is_of_another_version_or_damaged_is_refused_in_words(string manifest, string json, string says)
    {
        SerializationException refused = Assert.Throws<SerializationException>(() =>
            Deserialize(Encoding.UTF8.GetBytes(json), manifest)
        );
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private object ThereAndBack(object message)
    {
        var serializer = Assert.IsType<WireSerializer>(Sys.Serialization.FindSerializerFor(message));
        byte[] bytes = serializer.ToBinary(message);
        return Sys.Serialization.Deserialize(bytes, serializer.Identifier, serializer.Manifest(message));
    }

    private object Deserialize(byte[] bytes, string manifest) =>
        ((WireSerializer)Sys.Serialization.FindSerializerForType(typeof(WorkerCommands))).FromBinary(bytes, manifest);

    private static string Text(WorkerMessage message) =>
        Encoding.UTF8.GetString(WireJson.Write(new WorkerMessages(Worker, [message])));
}
