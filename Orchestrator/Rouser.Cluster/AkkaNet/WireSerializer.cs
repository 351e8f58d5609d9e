using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Rouser.Cluster.Wire;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// Brings the messages between nodes into the form that every transport uses (<see cref="WireJson"/>), by two names
/// of their own. It knows no other message and no type by its name: what it is not made for is refused where it would
/// be written and where it would be read.
/// </summary>
/// <remarks>The version stands in the message itself, so that a node of another version is told so in words.</remarks>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string MessagesManifest = "messages";
    private const string OrdersManifest = "orders";

    /// <summary>
    /// Akka.NET makes it this way where it stands in for the fallback, for which it has settings; none of them
    /// applies.
    /// </summary>
    public WireSerializer(ExtendedActorSystem system, Config settings)
        : this(system) { }

    /// <inheritdoc/>
    public override string Manifest(object o) =>
        o switch
        {
            WorkerMessages => MessagesManifest,
            WorkerCommands => OrdersManifest,
            _ => FileMessageBytes.Manifest(o) ?? throw Unknown(o),
        };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        obj switch
        {
            WorkerMessages messages => WireJson.Write(messages),
            WorkerCommands commands => WireJson.Write(commands.List),
            FileMessage file => FileMessageBytes.ToBytes(file),
            _ => throw Unknown(obj),
        };

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The message is damaged, of another version, or of a kind that this
    /// one does not know.</exception>
    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest switch
        {
            MessagesManifest => Value(WireJson.ReadMessages(bytes)),
            OrdersManifest => new WorkerCommands(Value(WireJson.ReadCommands(bytes))),
            FileMessageBytes.Read or FileMessageBytes.Part or FileMessageBytes.Write or FileMessageBytes.Written =>
                FileMessageBytes.From(bytes, manifest),
            _ => throw new SerializationException($"a message '{manifest}' is none that goes between nodes"),
        };

    private static T Value<T>(Result<T> read) =>
        read.IsOk ? read.Value : throw new SerializationException(read.Errors[0].ToString());

    private static SerializationException Unknown(object message) => new($"{message.GetType().Name} does not go between nodes");
}
