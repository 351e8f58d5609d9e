using System.Text;
using Rouser.Data.Recordings;

namespace Rouser.Data.Formats.Hdf5;

/// <summary>
/// Finds data sets in an HDF5 file of the format's first generation, which h5py and PyTables write unless told
/// otherwise.
/// </summary>
/// <remarks>
/// After the HDF5 File Format Specification 3.0, sections II.A (superblock 0 and 1), III.A.1 (B-trees of version 1),
/// III.B (symbol table nodes), III.D (local heaps), IV.A.1.a (object headers of version 1). Everything that it does
/// not read is said by name, with the command that rewrites the file.
/// </remarks>
internal sealed class Hdf5File
{
    private const int MaxDepth = 8,
        MaxNodes = 100_000;

    private readonly Hdf5Bytes _bytes;
    private readonly ulong _root;

    /// <exception cref="MalformedFileException">It is no HDF5 file, or one of a newer generation.</exception>
    public Hdf5File(Stream stream)
    {
        _bytes = new(stream);
        ReadOnlySpan<byte> head = _bytes.Read(0, Math.Min(stream.Length, 96));
        Hdf5Fields fields = new(head, 0);
        if (head.Length < 96 || head[0] != 0x89 || !head[1..8].SequenceEqual("HDF\r\n\u001a\n"u8))
            throw new MalformedFileException(0, "is no start of an HDF5 file");
        fields.Skip(8);
        byte version = fields.U8();
        if (version > 1)
            throw new MalformedFileException(8, $"is a superblock of version {version}: {Hdf5Message.Rewrite}");
        fields.Skip(4);
        if (fields.U8() != 8 || fields.U8() != 8)
            throw fields.Defect("has addresses of another width than 8 bytes");
        fields.Skip(version == 1 ? 13 : 9);
        if (fields.U64() != 0)
            throw fields.Defect("has a base address");
        fields.Skip(24 + 8);
        _root = fields.U64();
    }

    /// <summary>Opens the data set of a path.</summary>
    /// <exception cref="MalformedFileException">There is none, or it cannot be read.</exception>
    public Hdf5Dataset Open(params ReadOnlySpan<string> path) =>
        Find(path, out string missing, out ulong at) ?? throw new MalformedFileException((long)at, $"holds no '{missing}'");

    /// <summary>Opens the data set of a path; null where there is none.</summary>
    /// <exception cref="MalformedFileException">It cannot be read.</exception>
    public Hdf5Dataset? Find(params ReadOnlySpan<string> path) => Find(path, out _, out _);

    private Hdf5Dataset? Find(ReadOnlySpan<string> path, out string missing, out ulong header)
    {
        header = _root;
        missing = "";
        foreach (string name in path)
        {
            Hdf5Message group =
                Hdf5Message.ReadAll(_bytes, header).FirstOrDefault(m => m.Type == Hdf5Message.SymbolTable)
                ?? throw new MalformedFileException((long)header, $"is no group that could hold '{name}': {Hdf5Message.Rewrite}");
            Hdf5Fields fields = group.Fields();
            (ulong tree, ulong heap) = (fields.U64(), fields.U64());
            int nodes = 0;
            if (Find(tree, ReadHeap(heap), name, 0, ref nodes) is not { } found)
            {
                missing = name;
                return null;
            }
            header = found;
        }
        return new Hdf5Dataset(_bytes, Hdf5Message.ReadAll(_bytes, header), header);
    }

    private byte[] ReadHeap(ulong address)
    {
        Hdf5Fields fields = new(_bytes.Read(address, 32, "HEAP"u8), address);
        fields.Skip(8);
        ulong size = fields.U64();
        fields.Skip(8);
        return _bytes.Read(fields.U64(), (long)Math.Min(size, long.MaxValue));
    }

    private ulong? Find(ulong address, byte[] names, string name, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
            throw new MalformedFileException((long)address, "is a tree without an end");
        if (_bytes.Read(address, 4).AsSpan().SequenceEqual("SNOD"u8))
            return FindEntry(address, names, name);
        Hdf5Fields head = new(_bytes.Read(address, 24, "TREE"u8), address);
        head.Skip(4);
        if (head.U8() != 0)
            throw head.Defect("is no tree of a group");
        head.Skip(1);
        int used = head.U16();
        Hdf5Fields entries = new(_bytes.Read(address + 24, used * 16L), address + 24);
        for (int i = 0; i < used; i++)
        {
            entries.Skip(8);
            if (Find(entries.U64(), names, name, depth + 1, ref nodes) is { } found)
                return found;
        }
        return null;
    }

    private ulong? FindEntry(ulong address, byte[] names, string name)
    {
        Hdf5Fields head = new(_bytes.Read(address, 8), address);
        head.Skip(6);
        int count = head.U16();
        Hdf5Fields entries = new(_bytes.Read(address + 8, count * 40L), address + 8);
        for (int i = 0; i < count; i++)
        {
            (ulong offset, ulong header) = (entries.U64(), entries.U64());
            entries.Skip(24);
            if (offset < (ulong)names.Length && NameAt(names.AsSpan((int)offset)).SequenceEqual(Encoding.UTF8.GetBytes(name)))
                return header;
        }
        return null;
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names)
    {
        int end = names.IndexOf((byte)0);
        return end < 0 ? names : names[..end];
    }
}
