using System.Runtime.Serialization;

namespace Rouser.Cluster.AkkaNet;

/// <summary>The bytes of a <see cref="FileMessage"/>: its fields in their order, and the content as it is.</summary>
internal static class FileMessageBytes
{
    public const string Read = "read-file",
        Part = "file-part",
        Write = "write-file",
        Written = "file-written";

    /// <summary>Of which kind a message is; null if it is none of these.</summary>
    public static string? Manifest(object message) =>
        message switch
        {
            FileMessage.Read => Read,
            FileMessage.Part => Part,
            FileMessage.Write => Write,
            FileMessage.Written => Written,
            _ => null,
        };

    public static byte[] ToBytes(FileMessage message)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        switch (message)
        {
            case FileMessage.Read m:
                to.Write(m.Name);
                to.Write(m.Offset);
                break;
            case FileMessage.Part m:
                to.Write(m.Length);
                to.Write(m.Version);
                to.Write(m.Bytes);
                break;
            case FileMessage.Write m:
                to.Write(m.Transfer.ToByteArray());
                to.Write(m.Name);
                to.Write(m.Worker);
                to.Write(m.Offset);
                to.Write(m.IsLast);
                to.Write(m.Bytes);
                break;
            case FileMessage.Written m:
                to.Write(m.IsTaken);
                break;
        }
        return bytes.ToArray();
    }

    /// <exception cref="SerializationException">The message is damaged.</exception>
    public static FileMessage From(byte[] bytes, string manifest)
    {
        using var content = new MemoryStream(bytes, writable: false);
        using var from = new BinaryReader(content);
        try
        {
            return manifest switch
            {
                Read => new FileMessage.Read(from.ReadString(), from.ReadInt64()),
                Part => new FileMessage.Part(from.ReadInt64(), from.ReadInt64(), Rest()),
                Write => new FileMessage.Write(
                    new Guid(from.ReadBytes(16)),
                    from.ReadString(),
                    from.ReadString(),
                    from.ReadInt64(),
                    from.ReadBoolean(),
                    Rest()
                ),
                Written => new FileMessage.Written(from.ReadBoolean()),
                _ => throw new SerializationException($"a message '{manifest}' is none about files"),
            };
        }
        catch (Exception e)
            when (e is EndOfStreamException or FormatException or ArgumentException or System.Text.DecoderFallbackException)
        {
            throw new SerializationException("a message about a file is damaged", e);
        }

        byte[] Rest() => bytes[(int)content.Position..];
    }
}
