using System.Buffers;
using System.Runtime.InteropServices;
using Rouser.Storage.Parquet.BuiltIn.Metadata;
using Rouser.Storage.Parquet.BuiltIn.Pages;
using Rouser.Storage.Parquet.BuiltIn.Plain;

namespace Rouser.Storage.Parquet.BuiltIn;

/// <summary>Writes column chunks one after the other, and keeps the buffers between them.</summary>
internal sealed class ColumnChunkWriter(Stream output) : IDisposable
{
    // Spec, "Data page size": 8 KiB to 1 MiB.
    private const int PageBytes = 1 << 20;

    // Beyond this many entries the indices take nearly as many bits as the values, and the dictionary is read for nothing.
    private const int MaxDictionary = 1 << 14;

    private readonly ArrayBufferWriter<byte> _page = new();
    private readonly ArrayBufferWriter<byte> _header = new();
    private readonly MemoryStream _packed = new();
    private int[] _indices = [];
    private int[] _levels = [];

    private long _uncompressed;

    /// <summary>Bytes written so far, the magic number counted.</summary>
    public long Position { get; private set; } = 4;

    /// <summary>Writes one chunk.</summary>
    /// <typeparam name="T">The column's type.</typeparam>
    /// <typeparam name="TPlain">Its plain encoding.</typeparam>
    /// <param name="name">The column.</param>
    /// <param name="values">The rows' values; what stands at a null is not written.</param>
    /// <param name="nulls">True where a row is null; empty for a column without nulls.</param>
    public ColumnChunk Write<T, TPlain>(string name, ReadOnlySpan<T> values, ReadOnlySpan<bool> nulls)
        where T : notnull
        where TPlain : struct, IPlainWriter<T>
    {
        T[]? rented = nulls.Contains(true) ? ArrayPool<T>.Shared.Rent(values.Length) : null;
        ReadOnlySpan<T> present = rented is null ? values : rented.AsSpan(0, Compact(values, nulls, rented));
        try
        {
            return WritePages<T, TPlain>(name, values.Length, present, nulls);
        }
        finally
        {
            if (rented is not null) ArrayPool<T>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _packed.Dispose();

    private ColumnChunk WritePages<T, TPlain>(string name, int rows, ReadOnlySpan<T> present, ReadOnlySpan<bool> nulls)
        where T : notnull
        where TPlain : struct, IPlainWriter<T>
    {
        long start = Position;
        _uncompressed = 0;
        List<T>? dictionary = TPlain.WantsDictionary ? BuildDictionary(present, TPlain.Equality) : null;
        ReadOnlySpan<T> distinct = dictionary is null ? present : CollectionsMarshal.AsSpan(dictionary);
        if (dictionary is not null) WriteDictionaryPage<T, TPlain>(distinct);
        long dataPages = Position;
        int bitWidth = dictionary is null ? -1 : RleBitPackedHybrid.BitWidth(dictionary.Count - 1);
        for (int row = 0, taken = 0; row < rows;)
        {
            int count = dictionary is null ? TPlain.Fitting(present[taken..], PageBytes) : present.Length - taken;
            int end = RowOf(nulls, row, rows, count);
            WriteLevels(nulls.IsEmpty ? nulls : nulls[row..end]);
            if (dictionary is null) TPlain.Write(_page, present.Slice(taken, count));
            else WriteIndices(_indices.AsSpan(taken, count), bitWidth);
            Flush(PageType.Data, end - row, dictionary is null ? Encoding.Plain : Encoding.RleDictionary);
            (row, taken) = (end, taken + count);
        }
        return new(TPlain.Type, dictionary is null ? [Encoding.Plain, Encoding.Rle] : [Encoding.Plain, Encoding.Rle, Encoding.RleDictionary],
            name, Codec.Gzip, rows, _uncompressed, Position - start, dataPages, dictionary is null ? null : start,
            new Statistics(rows - present.Length, TPlain.Bounds(distinct)));
    }

    private static int Compact<T>(ReadOnlySpan<T> values, ReadOnlySpan<bool> nulls, Span<T> present)
    {
        int count = 0;
        for (int row = 0; row < values.Length; row++)
            if (!nulls[row]) present[count++] = values[row];
        return count;
    }

    // The distinct values in order of appearance, and in _indices which one each value is; null where a dictionary does not pay.
    private List<T>? BuildDictionary<T>(ReadOnlySpan<T> present, IEqualityComparer<T>? equality)
        where T : notnull
    {
        int most = Math.Min(MaxDictionary, present.Length / 2);
        if (_indices.Length < present.Length) _indices = new int[present.Length];
        var index = new Dictionary<T, int>(equality);
        var distinct = new List<T>();
        for (int i = 0; i < present.Length; i++)
        {
            ref int entry = ref CollectionsMarshal.GetValueRefOrAddDefault(index, present[i], out bool known);
            if (!known)
            {
                if (distinct.Count == most) return null;
                entry = distinct.Count;
                distinct.Add(present[i]);
            }
            _indices[i] = entry;
        }
        return distinct.Count > 0 ? distinct : null;
    }

    // The row after the one that holds the count-th value from row on; rows that are null till the end belong to the last page.
    private static int RowOf(ReadOnlySpan<bool> nulls, int row, int rows, int count)
    {
        if (nulls.IsEmpty) return row + count;
        for (; row < rows && (count > 0 || nulls[row]); row++)
            if (!nulls[row]) count--;
        return row;
    }

    private void WriteDictionaryPage<T, TPlain>(ReadOnlySpan<T> distinct)
        where TPlain : struct, IPlainWriter<T>
    {
        TPlain.Write(_page, distinct);
        Flush(PageType.Dictionary, distinct.Length, Encoding.Plain);
    }

    private void WriteLevels(ReadOnlySpan<bool> nulls)
    {
        if (nulls.IsEmpty) return;
        if (_levels.Length < nulls.Length) _levels = new int[nulls.Length];
        for (int row = 0; row < nulls.Length; row++) _levels[row] = nulls[row] ? 0 : 1;
        RleBitPackedHybrid.Write(_header, _levels.AsSpan(0, nulls.Length), bitWidth: 1);
        PlainLength(_header.WrittenCount);
        _page.Write(_header.WrittenSpan);
        _header.ResetWrittenCount();
    }

    private void PlainLength(int length) => LittleEndian.Write(_page, (ReadOnlySpan<int>)[length]);

    private void WriteIndices(ReadOnlySpan<int> indices, int bitWidth)
    {
        _page.Write([(byte)bitWidth]);
        RleBitPackedHybrid.Write(_page, indices, bitWidth);
    }

    private void Flush(PageType type, int values, Encoding encoding)
    {
        _packed.SetLength(0);
        Compression.Compress(_page.WrittenSpan, _packed);
        var header = new PageHeader(type, _page.WrittenCount, (int)_packed.Length, values, encoding);
        new ThriftWriter(_header).Struct(header, PageHeader.Write);
        output.Write(_header.WrittenSpan);
        output.Write(_packed.GetBuffer().AsSpan(0, (int)_packed.Length));
        Position += _header.WrittenCount + _packed.Length;
        _uncompressed += _header.WrittenCount + _page.WrittenCount;
        _header.ResetWrittenCount();
        _page.ResetWrittenCount();
    }
}
