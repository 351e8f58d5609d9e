namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// What is said about a file on its way between a worker and the orchestrator in charge. A file goes in parts, and
/// the next is only asked for, or sent, when the one before has arrived: so a transfer never has more than a part
/// under way, and heartbeats find room between them.
/// </summary>
internal abstract record FileMessage
{
    /// <summary>Bytes of a part at most: a few milliseconds of a network that carries a gigabit a second.</summary>
    public const int MostBytes = 512 << 10;

    private FileMessage() { }

    /// <summary>Asks for a part.</summary>
    /// <param name="Name">The file's name, as <see cref="Serving.SweepFiles"/> knows it.</param>
    /// <param name="Offset">Where the part begins.</param>
    public sealed record Read(string Name, long Offset) : FileMessage;

    /// <summary>A part.</summary>
    /// <param name="Length">Bytes of the whole file; -1 if there is none.</param>
    /// <param name="Version">Another one means that the file was replaced between two parts.</param>
    /// <param name="Bytes">The part's.</param>
    public sealed record Part(long Length, long Version, byte[] Bytes) : FileMessage
    {
        /// <summary>There is no such file.</summary>
        public static readonly Part None = new(-1, 0, []);
    }

    /// <summary>Stores a part.</summary>
    /// <param name="Transfer">Tells transfers apart.</param>
    /// <param name="Name">The file's name.</param>
    /// <param name="Worker">Who stores it.</param>
    /// <param name="Offset">Where the part begins.</param>
    /// <param name="IsLast">Whether the file ends with it.</param>
    /// <param name="Bytes">The part's.</param>
    public sealed record Write(Guid Transfer, string Name, string Worker, long Offset, bool IsLast, byte[] Bytes) : FileMessage;

    /// <summary>A part was stored; with the last one, the file.</summary>
    /// <param name="IsTaken">Or it was not, and nothing of the file is.</param>
    public sealed record Written(bool IsTaken) : FileMessage;
}
