using System.Globalization;
using System.Text.Json;

namespace Rouser.Results;

/// <summary>
/// Takes typed values out of a table's metadata and keeps the first mistake; what it returns after one means nothing.
/// </summary>
internal sealed class MetadataReader(IReadOnlyDictionary<string, string> keys)
{
    /// <summary>The first key that was missing or made no sense, and the remedy; null if all is well.</summary>
    public string? Error { get; private set; }

    public string Text(string key)
    {
        if (keys.TryGetValue(key, out string? value))
            return value;
        Error ??= $"the metadata lacks {key}; the table was not written by rouser, make it again with rouser resume";
        return "";
    }

    public int Integer(string key) =>
        int.TryParse(Text(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : Invalid(key, 0);

    /// <summary>Which of the words it is.</summary>
    public int Choice(string key, params string[] words)
    {
        int index = Array.IndexOf(words, Text(key));
        return index >= 0 ? index : Invalid(key, 0);
    }

    public IReadOnlyList<T> List<T>(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<List<T>>(Text(key)) ?? Invalid<List<T>>(key, []);
        }
        catch (JsonException)
        {
            return Invalid<List<T>>(key, []);
        }
    }

    /// <summary>A key that is there and makes no sense.</summary>
    public void Refuse(string key) => Invalid(key, 0);

    /// <summary>Lists of words, each by a word; none where the key is missing, as in older tables.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Names(string key)
    {
        Dictionary<string, IReadOnlyList<string>> none = [];
        if (!keys.TryGetValue(key, out string? json))
            return none;
        try
        {
            Dictionary<string, IReadOnlyList<string>>? names = JsonSerializer.Deserialize<
                Dictionary<string, IReadOnlyList<string>>
            >(json);
            return names is not null && names.Values.All(list => list is not null && !list.Contains(null!))
                ? names
                : Invalid(key, none);
        }
        catch (JsonException)
        {
            return Invalid(key, none);
        }
    }

    private T Invalid<T>(string key, T standIn)
    {
        Error ??= $"the metadata's {key} makes no sense; the table was not written by rouser, make it again with rouser resume";
        return standIn;
    }
}
