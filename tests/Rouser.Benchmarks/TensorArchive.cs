using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rouser.Benchmarks;

/// <summary>
/// Named arrays in one file, in the layout of safetensors, which is short enough to be read in ten lines of any
/// language: uint64 length of a JSON text, the text (name → type, shape and place), then the arrays, little-endian.
/// </summary>
internal sealed class TensorArchive
{
    private readonly JsonObject _index = [],
        _texts = [];
    private readonly List<byte[]> _arrays = [];
    private long _end;

    public void Add(string name, float[] values, params int[] shape) =>
        Add(name, "F32", MemoryMarshal.AsBytes<float>(values).ToArray(), shape);

    public void Add(string name, double[] values, params int[] shape) =>
        Add(name, "F64", MemoryMarshal.AsBytes<double>(values).ToArray(), shape);

    public void Add(string name, int[] values, params int[] shape) =>
        Add(name, "I32", MemoryMarshal.AsBytes<int>(values).ToArray(), shape);

    /// <summary>A text for the reader.</summary>
    public void Describe(string name, string text) => _texts[name] = text;

    public void Write(string path)
    {
        _index["__metadata__"] = _texts;
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(_index);
        using FileStream file = File.Create(path);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        file.Write(length);
        file.Write(text);
        foreach (byte[] array in _arrays)
            file.Write(array);
    }

    private void Add(string name, string type, byte[] bytes, int[] shape)
    {
        _index[name] = new JsonObject
        {
            ["dtype"] = type,
            ["shape"] = new JsonArray([.. shape.Select(n => (JsonNode)n)]),
            ["data_offsets"] = new JsonArray(_end, _end + bytes.Length),
        };
        _arrays.Add(bytes);
        _end += bytes.Length;
    }
}
