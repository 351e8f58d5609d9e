using System.IO.Compression;

namespace Rouser.Data.Formats.Hdf5;

/// <summary>
/// A data set of one dimension, of numbers or of lists of numbers, contiguous or in chunks that may be shuffled and
/// deflated.
/// </summary>
/// <remarks>
/// HDF5 specification, IV.A.2.b (dataspace), .i (layout 3), .l (filters), III.A.1 (the tree of chunks), III.E (the
/// global heap).
/// </remarks>
internal sealed class Hdf5Dataset
{
    private const int MaxCount = 1 << 20,
        MaxChunkBytes = 1 << 24,
        MaxDepth = 8,
        MaxChunks = 1 << 20;
    private const int Deflate = 1,
        Shuffle = 2,
        Fletcher32 = 3;

    private readonly Hdf5Bytes _bytes;
    private readonly ulong _address;
    private readonly List<int> _filters = [];
    private readonly byte[] _elements;
    private readonly Hdf5Heap _heap;

    /// <exception cref="MalformedFileException">It is something else, or damaged.</exception>
    public Hdf5Dataset(Hdf5Bytes bytes, List<Hdf5Message> messages, ulong address)
    {
        (_bytes, _address, _heap) = (bytes, address, new(bytes));
        Type = Hdf5Type.Read(Part(messages, Hdf5Message.Datatype, "type"));
        Count = ReadCount(Part(messages, Hdf5Message.Dataspace, "size"));
        if (messages.Find(m => m.Type == Hdf5Message.Filters) is { } filters)
            ReadFilters(filters);
        _elements = ReadElements(Part(messages, Hdf5Message.Layout, "layout"));
    }

    /// <summary>Its elements.</summary>
    public int Count { get; }

    /// <summary>Their type.</summary>
    public Hdf5Type Type { get; }

    /// <summary>Element <paramref name="i"/> of a data set of numbers.</summary>
    public double Number(int i) => Type.Number(_elements.AsSpan(i * Type.Size));

    /// <summary>
    /// Element <paramref name="i"/> of a data set of lists: the bytes of its numbers, valid until the next call.
    /// </summary>
    /// <exception cref="MalformedFileException">The list is not where the element says.</exception>
    public ReadOnlySpan<byte> List(int i)
    {
        Hdf5Fields element = new(_elements.AsSpan(i * Type.Size, Type.Size), _address);
        (uint length, ulong collection, uint index) = (element.U32(), element.U64(), element.U32());
        if (length == 0)
            return [];
        ReadOnlySpan<byte> list = _heap.Object(collection, index);
        if ((ulong)list.Length < length * (ulong)Type.NumberSize)
            throw new MalformedFileException((long)collection, $"holds {list.Length} bytes of a list of {length} numbers");
        return list[..(int)(length * Type.NumberSize)];
    }

    private Hdf5Message Part(List<Hdf5Message> messages, int type, string name) =>
        messages.Find(m => m.Type == type)
        ?? throw new MalformedFileException((long)_address, $"is an object without a {name}; a data set is expected");

    private static int ReadCount(Hdf5Message message)
    {
        Hdf5Fields fields = message.Fields();
        int version = fields.U8(),
            rank = fields.U8();
        if (version is not (1 or 2) || rank != 1)
            throw fields.Defect($"has {rank} dimensions; one is expected");
        fields.Skip(version == 1 ? 6 : 2);
        ulong count = fields.U64();
        return count <= MaxCount ? (int)count : throw fields.Defect($"says there are {count} elements");
    }

    private void ReadFilters(Hdf5Message message)
    {
        Hdf5Fields fields = message.Fields();
        int version = fields.U8(),
            count = fields.U8();
        if (version is not (1 or 2) || count > 8)
            throw fields.Defect($"is a filter list of version {version} with {count} filters");
        if (version == 1)
            fields.Skip(6);
        for (int i = 0; i < count; i++)
        {
            int id = fields.U16(),
                nameLength = version == 1 || id >= 256 ? fields.U16() : 0;
            fields.Skip(2);
            int values = fields.U16();
            if (id is not (Deflate or Shuffle or Fletcher32))
                throw fields.Defect(
                    $"is packed by the filter {id}, and only gzip is read here; rewrite the file with 'h5repack -f NONE "
                        + "OLD NEW' (package hdf5-tools) where that knows the filter, or in Python with h5py"
                );
            fields.Skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
            fields.Skip((4 * values) + (version == 1 && values % 2 == 1 ? 4 : 0));
            _filters.Add(id);
        }
    }

    private byte[] ReadElements(Hdf5Message message)
    {
        const int Compact = 0,
            Contiguous = 1,
            Chunked = 2;
        Hdf5Fields fields = message.Fields();
        int version = fields.U8(),
            layout = fields.U8();
        if (version != 3)
            throw fields.Defect($"is a layout of version {version}: {Hdf5Message.Rewrite}");
        long size = (long)Count * Type.Size;
        switch (layout)
        {
            case Compact:
                return fields.U16() >= size ? fields.Take(size).ToArray() : throw fields.Defect("is shorter than its elements");
            case Contiguous:
                ulong address = fields.U64();
                return address == Hdf5Bytes.Undefined ? new byte[size] : _bytes.Read(address, size);
            case Chunked:
                if (fields.U8() != 2)
                    throw fields.Defect("has chunks of another dimension than its own");
                ulong tree = fields.U64();
                (uint perChunk, uint elementSize) = (fields.U32(), fields.U32());
                if (elementSize != Type.Size || perChunk == 0 || (long)perChunk * elementSize > MaxChunkBytes)
                    throw fields.Defect($"has chunks of {perChunk} elements of {elementSize} bytes");
                byte[] elements = new byte[size];
                int chunks = 0;
                if (tree != Hdf5Bytes.Undefined)
                    ReadChunks(tree, (int)(perChunk * elementSize), elements, 0, ref chunks);
                return elements;
            default:
                throw fields.Defect($"is a layout of class {layout}, which is not read here");
        }
    }

    private void ReadChunks(ulong address, int chunkBytes, byte[] elements, int depth, ref int chunks)
    {
        // A key: the packed size, filters left out, and the first element's index per dimension, of which the last is
        // within the element.
        const int KeyBytes = 24;
        Hdf5Fields head = new(_bytes.Read(address, 24, "TREE"u8), address);
        head.Skip(4);
        if (head.U8() != 1)
            throw head.Defect("is no tree of chunks");
        int level = head.U8(),
            used = head.U16();
        if (depth > MaxDepth)
            throw head.Defect("is a tree without an end");
        Hdf5Fields entries = new(_bytes.Read(address + 24, used * (KeyBytes + 8L)), address + 24);
        for (int i = 0; i < used; i++)
        {
            if (++chunks > MaxChunks)
                throw entries.Defect("is a tree without an end");
            (uint packed, uint leftOut, ulong first) = (entries.U32(), entries.U32(), entries.U64());
            entries.Skip(8);
            ulong child = entries.U64();
            if (level > 0)
            {
                ReadChunks(child, chunkBytes, elements, depth + 1, ref chunks);
                continue;
            }
            long at = first <= MaxCount ? (long)first * Type.Size : long.MaxValue;
            if (at >= elements.Length)
                continue;
            byte[] chunk = Unpack(_bytes.Read(child, packed), leftOut, chunkBytes, child);
            chunk.AsSpan(0, (int)Math.Min(chunkBytes, elements.Length - at)).CopyTo(elements.AsSpan((int)at));
        }
    }

    /// <summary>Undoes the filters, last first.</summary>
    private byte[] Unpack(byte[] chunk, uint leftOut, int chunkBytes, ulong address)
    {
        for (int i = _filters.Count - 1; i >= 0; i--)
        {
            if ((leftOut >> i & 1) != 0)
                continue;
            chunk = _filters[i] switch
            {
                Deflate => Inflate(chunk, chunkBytes, address),
                Shuffle => Unshuffle(chunk, Type.Size),
                _ => chunk.Length >= 4
                    ? chunk[..^4]
                    : throw new MalformedFileException((long)address, "is a chunk without its checksum"),
            };
        }
        return chunk.Length == chunkBytes
            ? chunk
            : throw new MalformedFileException((long)address, $"is a chunk of {chunk.Length} bytes instead of {chunkBytes}");
    }

    private static byte[] Inflate(byte[] packed, int chunkBytes, ulong address)
    {
        using ZLibStream zlib = new(new MemoryStream(packed), CompressionMode.Decompress);
        // A filter below may have added its checksum; no more than that is unpacked, whatever a damaged chunk holds.
        byte[] bytes = new byte[chunkBytes + 4];
        try
        {
            return bytes[..zlib.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            throw new MalformedFileException((long)address, "is a chunk that does not unpack");
        }
    }

    private static byte[] Unshuffle(byte[] bytes, int size)
    {
        byte[] whole = (byte[])bytes.Clone();
        int count = bytes.Length / size;
        for (int i = 0; i < count; i++)
        {
            for (int b = 0; b < size; b++)
                whole[(i * size) + b] = bytes[(b * count) + i];
        }
        return whole;
    }
}
