namespace Rouser.Data.Formats.Hdf5;

/// <summary>
/// The global heap, where lists lie in collections; the few read last are kept, because neighbours share one.
/// </summary>
internal sealed class Hdf5Heap(Hdf5Bytes bytes)
{
    private const int Kept = 4,
        MaxCollectionBytes = 1 << 28;

    private readonly Queue<Collection> _recent = new();

    /// <summary>The bytes of an object.</summary>
    public ReadOnlySpan<byte> Object(ulong address, uint index)
    {
        Collection? collection = _recent.FirstOrDefault(c => c.Address == address);
        if (collection is null)
        {
            if (_recent.Count == Kept)
                _recent.Dequeue();
            _recent.Enqueue(collection = Read(address));
        }
        return collection.Objects.TryGetValue(index, out (int Start, int Length) place)
            ? collection.Bytes.AsSpan(place.Start, place.Length)
            : throw new MalformedFileException((long)address, $"holds no list {index}");
    }

    private Collection Read(ulong address)
    {
        Hdf5Fields head = new(bytes.Read(address, 16, "GCOL"u8), address);
        head.Skip(8);
        ulong size = head.U64();
        if (size is < 16 or > MaxCollectionBytes)
            throw head.Defect($"is a collection of {size} bytes");
        byte[] whole = bytes.Read(address, (long)size);
        Dictionary<uint, (int, int)> objects = [];
        Hdf5Fields fields = new(whole, address);
        fields.Skip(16);
        while (fields.Left >= 16)
        {
            uint index = fields.U16();
            fields.Skip(6);
            ulong length = fields.U64();
            // Object 0 is the free space at the end.
            if (index == 0)
                break;
            if (length > (ulong)fields.Left)
                throw fields.Defect($"is a list of {length} bytes that does not fit its collection");
            objects[index] = (fields.At, (int)length);
            fields.Skip(Math.Min(fields.Left, (long)(length + 7) / 8 * 8));
        }
        return new(address, whole, objects);
    }

    private sealed record Collection(ulong Address, byte[] Bytes, Dictionary<uint, (int Start, int Length)> Objects);
}
