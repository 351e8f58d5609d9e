using System.Globalization;
using System.Text.Json;

namespace Rouser.Results;

/// <summary>
/// Takes typed values out of a table's metadata and keeps the first mistake; what it returns after one means nothing.
/// </summary>
internal sealed class MetadataReader(IReadOnlyDictionary<string, string> keys)
{
    /// <summary>The first key that was missing or made no sense, and the remedy; null if all is well.</summary>
    public string? Mistake { get; private set; }

    public string Word(string key)
    {
        if (keys.TryGetValue(key, out string? value))
            return value;
        Mistake ??= $"the metadata lacks {key}; the table was not written by rouser, make it again with rouser resume";
        return "";
    }

    public int Integer(string key) =>
        int.TryParse(Word(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : Wrong(key, 0);

    /// <summary>Which of the words it is.</summary>
    public int Choice(string key, params string[] words)
    {
        int index = Array.IndexOf(words, Word(key));
        return index >= 0 ? index : Wrong(key, 0);
    }

    public IReadOnlyList<T> List<T>(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<List<T>>(Word(key)) ?? Wrong<List<T>>(key, []);
        }
        catch (JsonException)
        {
            return Wrong<List<T>>(key, []);
        }
    }

    private T Wrong<T>(string key, T standIn)
    {
        Mistake ??= $"the metadata's {key} makes no sense; the table was not written by rouser, make it again with rouser resume";
        return standIn;
    }
}
