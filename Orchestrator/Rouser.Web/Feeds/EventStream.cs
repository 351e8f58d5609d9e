using System.Text;

namespace Rouser.Web.Feeds;

/// <summary>Server-sent events, as they go over the wire.</summary>
internal static class EventStream
{
    /// <summary>What says that the connection lives, and is no event.</summary>
    public static ReadOnlyMemory<byte> Beat { get; } = ":\n\n"u8.ToArray();

    /// <summary>An event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">Its data, on one line, as all JSON that is written here.</param>
    public static byte[] Frame(string name, byte[] json) =>
        [.. "event: "u8, .. Encoding.ASCII.GetBytes(name), .. "\ndata: "u8, .. json, .. "\n\n"u8];
}
