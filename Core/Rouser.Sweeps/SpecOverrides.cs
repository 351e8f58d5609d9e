using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>Puts <c>--set base.epochs=3</c> into a sweep file's tree, before anything is checked.</summary>
internal static class SpecOverrides
{
    private const string Form = "expects KEY=VALUE, such as base.epochs=3";

    /// <summary>Applies the overrides in order; of two for the same key the last counts.</summary>
    /// <param name="root">The file's tree, whose keys have the names of today.</param>
    /// <param name="overrides">What <c>--set</c> was given.</param>
    /// <param name="mistakes">Takes what is wrong with them.</param>
    /// <param name="notes">Takes a line for each former name.</param>
    public static void Apply(SpecMapping root, IReadOnlyList<string> overrides, UserErrorList mistakes, UserErrorList notes)
    {
        for (int i = 0; i < overrides.Count; i++)
        {
            SourceLocation place = new($"--set {OneLine.Of(overrides[i])}", int.MaxValue + (long)i);
            int equals = overrides[i].IndexOf('=', StringComparison.Ordinal);
            string path = equals < 0 ? "" : overrides[i][..equals].Trim();
            if (path.Length == 0 || path.Split('.').Any(part => part.Length == 0))
            {
                mistakes.Add(place, Form);
                continue;
            }
            int before = mistakes.Count;
            SpecNode? value = YamlTree.Read(overrides[i][(equals + 1)..], _ => place, mistakes);
            if (mistakes.Count > before)
                continue;
            if (value is SpecMapping mapping)
                FormerNames.Replace(mapping, path + ".", notes);
            else
                path = FormerNames.Replace(path, place, notes);
            SetAtRoot(root, path, value ?? new SpecScalar(place, "", true), place, mistakes);
        }
    }

    private static void SetAtRoot(SpecMapping root, string path, SpecNode value, SourceLocation place, UserErrorList mistakes)
    {
        (string section, string rest) = Split(path);
        if (rest.Length == 0)
        {
            Set(root, path, value, place);
            return;
        }
        if (section is not ("arms" or "studies"))
        {
            if (section is "base" or "run" or "report" or "metric")
                Set(Child(root, section, place), rest, value, place);
            else
                root.Entries.Add(new SpecEntry(path, place, value));
            return;
        }

        // Names of arms and studies may hold dots, so the longest name that fits is meant.
        List<SpecEntry> named = root.Entries.Find(e => e.Key == section).Value is SpecMapping all ? all.Entries : [];
        string kind = section == "arms" ? "arm" : "study";
        string? name = named
            .Select(e => e.Key)
            .Where(n => rest.StartsWith(n + ".", StringComparison.Ordinal))
            .MaxBy(n => n.Length);
        if (name is null)
        {
            string given = Split(rest).First;
            mistakes.Add(
                place,
                named.Exists(e => e.Key == rest)
                    ? $"names a whole {kind}; name a key in it, {section}.{rest}.KEY=VALUE"
                    : $"no {kind} is named '{given}'{Spelling.Suggestion(given, named.Select(e => e.Key))}"
            );
            return;
        }
        SpecMapping body = Child(Child(root, section, place), name, place);
        string key = rest[(name.Length + 1)..];
        if (section == "studies" && Split(key) is { First: "base" or "over", Remainder.Length: > 0 } inner)
            Set(Child(body, inner.First, place), inner.Remainder, value, place);
        else
            Set(body, key, value, place);
    }

    /// <summary>Sets a dotted path, however the file spells it; a mapping sets each of its keys.</summary>
    private static void Set(SpecMapping mapping, string path, SpecNode value, SourceLocation place)
    {
        if (value is SpecMapping { Entries.Count: > 0 } group)
        {
            foreach (SpecEntry entry in group.Entries)
                Set(mapping, $"{path}.{entry.Key}", entry.Value, place);
            return;
        }
        int exact = mapping.Entries.FindIndex(e => e.Key == path);
        if (exact >= 0)
        {
            mapping.Entries[exact] = new SpecEntry(path, place, value);
            return;
        }
        foreach (SpecEntry entry in mapping.Entries)
        {
            if (entry.Value is SpecMapping inner && path.StartsWith(entry.Key + ".", StringComparison.Ordinal))
            {
                Set(inner, path[(entry.Key.Length + 1)..], value, place);
                return;
            }
        }
        mapping.Entries.Add(new SpecEntry(path, place, value));
    }

    /// <summary>The mapping under a key, made where there is none or nothing.</summary>
    private static SpecMapping Child(SpecMapping parent, string key, SourceLocation place)
    {
        int index = parent.Entries.FindIndex(e => e.Key == key);
        if (index >= 0 && parent.Entries[index].Value is SpecMapping child)
            return child;
        SpecMapping made = new(place, []);
        if (index < 0)
            parent.Entries.Add(new SpecEntry(key, place, made));
        else if (parent.Entries[index].Value.IsNothing)
            parent.Entries[index] = new SpecEntry(key, place, made);
        return made;
    }

    private static (string First, string Remainder) Split(string path) =>
        path.IndexOf('.', StringComparison.Ordinal) is >= 0 and int dot ? (path[..dot], path[(dot + 1)..]) : (path, "");
}
