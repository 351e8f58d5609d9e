using System.Text.RegularExpressions;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>Reads single values of a sweep file that are no parameters.</summary>
internal sealed partial class SpecFields(UserErrorList mistakes)
{
    public const string SafeName = "up to 100 letters (a to z), digits, '-', '_' and '.', starting with a letter or digit";

    /// <summary>The form of such a name; a few that Windows reserves are refused besides.</summary>
    public const string NamePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,98}[A-Za-z0-9_-]?";

    /// <summary>Whether the text can name a folder on every system, and an arm in a path of <c>--set</c>.</summary>
    public static bool IsSafeName(string text) => Name().IsMatch(text) && !ReservedName().IsMatch(text);

    /// <summary>The mapping under a key; an empty one where nothing stands, or after a mistake.</summary>
    public SpecMapping Mapping(SpecEntry entry, string what)
    {
        if (entry.Value is SpecMapping mapping)
            return mapping;
        if (!entry.Value.IsNothing)
            mistakes.Add(entry.Location, $"{what} expects keys and values, got {entry.Value.Display}");
        return new SpecMapping(entry.Location, []);
    }

    /// <summary>
    /// The leaves of a section (<c>retries: {lost: 5}</c> as <c>run.retries.lost</c>), each once and known.
    /// </summary>
    public Dictionary<string, SpecEntry> Leaves(Dictionary<string, SpecEntry> sections, string section)
    {
        Dictionary<string, SpecEntry> leaves = new(StringComparer.Ordinal);
        if (sections.TryGetValue(section, out SpecEntry entry))
            Collect(Mapping(entry, section), section + ".", leaves);
        return leaves;
    }

    private void Collect(SpecMapping mapping, string prefix, Dictionary<string, SpecEntry> leaves)
    {
        foreach (SpecEntry entry in mapping.Entries)
        {
            string name = prefix + entry.Key;
            if (SpecKeys.Sections.Any(k => k.Name == name))
            {
                if (!leaves.TryAdd(name, entry))
                    mistakes.Add(entry.Location, $"{name} is given twice, first at {leaves[name].Location.Text}; keep one");
            }
            else if (SpecKeys.Sections.Any(k => k.Name.StartsWith(name + ".", StringComparison.Ordinal)))
                Collect(Mapping(entry, name), name + ".", leaves);
            else
                mistakes.Add(
                    entry.Location,
                    $"unknown key '{OneLine.Of(name)}'{Spelling.Suggestion(name, SpecKeys.Sections.Select(k => k.Name))}"
                );
        }
    }

    public string Choice(Dictionary<string, SpecEntry> leaves, string name, string silent, ParameterType type) =>
        Read(leaves, name, type) is ParameterValue.Text word ? word.Value : silent;

    public int Int32(Dictionary<string, SpecEntry> leaves, string name, int silent, ParameterType type) =>
        Read(leaves, name, type) is ParameterValue.Integer number ? (int)number.Value : silent;

    public double Real(Dictionary<string, SpecEntry> leaves, string name, double silent, ParameterType type) =>
        Read(leaves, name, type) is ParameterValue.Real number ? number.Value : silent;

    public TimeSpan Duration(Dictionary<string, SpecEntry> leaves, string name, TimeSpan silent)
    {
        if (!leaves.TryGetValue(name, out SpecEntry entry))
            return silent;
        if (!Scalars.TryDuration(entry.Value, out TimeSpan duration))
            mistakes.Add(
                entry.Location,
                $"{name} expects a duration such as 500ms, 60s, 5m, 4h or 2d, got {entry.Value.Display}"
            );
        else if (duration <= TimeSpan.Zero)
            mistakes.Add(entry.Location, $"{name} ({((SpecScalar)entry.Value).Text}) must be positive");
        else if (duration > TimeSpan.FromDays(365))
            mistakes.Add(entry.Location, $"{name} ({((SpecScalar)entry.Value).Text}) must be at most 365d");
        else
            return duration;
        return silent;
    }

    public long Size(Dictionary<string, SpecEntry> leaves, string name, long silent)
    {
        if (!leaves.TryGetValue(name, out SpecEntry entry))
            return silent;
        if (entry.Value is SpecScalar { Text: { } text } && ByteSize.Read(text) is { } bytes)
            return bytes;
        mistakes.Add(entry.Location, $"{name} expects a size such as 500MB, 20GB or 1TB, got {entry.Value.Display}");
        return silent;
    }

    /// <summary>A value of that type; null where none stands, or after a mistake.</summary>
    public ParameterValue? Read(Dictionary<string, SpecEntry> leaves, string name, ParameterType type)
    {
        if (!leaves.TryGetValue(name, out SpecEntry entry))
            return null;
        (ParameterValue? value, string complaint) = type.Read(entry.Value);
        if (value is null)
            mistakes.Add(entry.Location, $"{name} {complaint}");
        return value;
    }

    [GeneratedRegex($@"{NamePattern}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z|\.\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex ReservedName();
}
