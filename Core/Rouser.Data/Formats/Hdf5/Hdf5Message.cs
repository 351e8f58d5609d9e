namespace Rouser.Data.Formats.Hdf5;

/// <summary>One message of an object header: what an object is made of.</summary>
internal sealed record Hdf5Message(int Type, byte[] Data, ulong Address)
{
    public const int Dataspace = 1,
        Datatype = 3,
        Layout = 8,
        Filters = 11,
        Continuation = 16,
        SymbolTable = 17;

    /// <summary>The remedy for files of a newer generation.</summary>
    public const string Rewrite =
        "this is a newer form of HDF5 than is read here; rewrite the file with 'h5repack --low=0 -l CONTI OLD NEW' (package hdf5-tools)";

    private const int MaxMessages = 10_000,
        SharedFlag = 2;

    /// <summary>Its numbers.</summary>
    public Hdf5Fields Fields() => new(Data, Address);

    /// <summary>All messages of an object header and its continuations.</summary>
    public static List<Hdf5Message> ReadAll(Hdf5Bytes bytes, ulong header)
    {
        Hdf5Fields head = new(bytes.Read(header, 16), header);
        if (head.U8() != 1)
            throw new MalformedFileException((long)header, $"is no object header of version 1: {Rewrite}");
        head.Skip(1);
        int count = head.U16();
        head.Skip(4);
        if (count > MaxMessages)
            throw head.Defect($"says the object has {count} parts");
        List<Hdf5Message> messages = [];
        Queue<(ulong Address, ulong Length)> blocks = new([(header + 16, head.U32())]);
        while (blocks.TryDequeue(out (ulong Address, ulong Length) block))
        {
            Hdf5Fields fields = new(bytes.Read(block.Address, (long)Math.Min(block.Length, long.MaxValue)), block.Address);
            while (fields.Left >= 8 && messages.Count < count)
            {
                int type = fields.U16(),
                    size = fields.U16();
                byte flags = fields.U8();
                fields.Skip(3);
                ulong address = block.Address + (ulong)fields.At;
                Hdf5Message message = new(type, fields.Take(size).ToArray(), address);
                messages.Add(message);
                if ((flags & SharedFlag) != 0 && type is Dataspace or Datatype or Filters)
                    throw new MalformedFileException((long)address, "is a part shared between objects, which is not read here");
                if (type != Continuation)
                    continue;
                Hdf5Fields next = message.Fields();
                blocks.Enqueue((next.U64(), next.U64()));
            }
        }
        return messages;
    }
}
