using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rouser.Sweeps;

/// <summary>
/// YAML text as <see cref="SpecNode"/>s with their lines. A subset: one document; no anchors, aliases or tags, which
/// a sweep file has no use for (arms share values) and which make its meaning hard to see.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>A sweep file needs six levels; more than this is a mistake or an attack on the stack.</summary>
    private const int MaxDepth = 24;

    private const int MaxLength = 4 << 20;

    private readonly Parser _parser;
    private readonly Func<long, SourceLocation> _placeOf;

    private YamlTree(string yaml, Func<long, SourceLocation> placeOf)
    {
        _parser = new Parser(new StringReader(yaml));
        _placeOf = placeOf;
    }

    /// <summary>Reads the text; null after a mistake, or for an empty text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="placeOf">The place of a line, from 1.</param>
    /// <param name="mistakes">Takes what is wrong; the first error of syntax ends the reading.</param>
    public static SpecNode? Read(string yaml, Func<long, SourceLocation> placeOf, UserErrorList mistakes)
    {
        yaml = yaml.TrimStart('\uFEFF');
        if (yaml.Length > MaxLength)
        {
            mistakes.Add(placeOf(1), "is larger than 4 MiB, too large for a sweep file");
            return null;
        }
        if (yaml.IndexOf('\0', StringComparison.Ordinal) is >= 0 and int zero)
        {
            mistakes.Add(placeOf(yaml.AsSpan(0, zero).Count('\n') + 1), "holds a zero byte, so it is no text file");
            return null;
        }
        YamlTree tree = new(yaml, placeOf);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            (long line, string message) = Explain(e, yaml);
            mistakes.Add(placeOf(line), message);
        }
        // YamlDotNet's way to end on some unbalanced brackets and on escapes such as "\UFFFFFFFF".
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            mistakes.Add(
                placeOf(Math.Max(1, tree._parser.Current?.End.Line ?? 1)),
                "is no valid YAML from here on; look for an unclosed bracket or quote"
            );
        }
        return null;
    }

    private SpecNode? Document()
    {
        _parser.MoveNext();
        _parser.MoveNext();
        if (_parser.Current is StreamEnd)
            return null;
        _parser.MoveNext();
        SpecNode root = Node(0);
        _parser.MoveNext();
        return _parser.Current is StreamEnd
            ? root
            : throw Refuse("a second document starts here ('---'); a sweep file holds one");
    }

    /// <summary>Reads the node that starts at the current event, and moves past it.</summary>
    private SpecNode Node(int depth)
    {
        if (depth > MaxDepth)
            throw Refuse($"is nested more than {MaxDepth} levels deep");
        ParsingEvent start = _parser.Current!;
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false })
            throw Refuse("anchors and aliases (&x, *x) are not supported; put shared values in 'base' or an arm");
        if (start is NodeEvent { Tag.IsEmpty: false })
            throw Refuse("tags (!x) are not supported; quote a text to make it a word");
        SourceLocation place = _placeOf(start.Start.Line);
        _parser.MoveNext();
        switch (start)
        {
            case Scalar scalar:
                return new SpecScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                List<SpecNode> items = [];
                while (_parser.Current is not SequenceEnd)
                    items.Add(Node(depth + 1));
                _parser.MoveNext();
                return new SpecSequence(place, items);
            default:
                List<SpecEntry> entries = [];
                while (_parser.Current is not MappingEnd)
                    entries.Add(Entry(depth));
                _parser.MoveNext();
                return new SpecMapping(place, entries);
        }
    }

    private SpecEntry Entry(int depth)
    {
        if (_parser.Current is not Scalar)
            throw Refuse("a key must be a word");
        SpecScalar key = (SpecScalar)Node(depth + 1);
        return new SpecEntry(key.Text, key.Location, Node(depth + 1));
    }

    private YamlException Refuse(string reason) => new(_parser.Current!.Start, _parser.Current.End, reason);

    private static (long Line, string Message) Explain(YamlException e, string yaml)
    {
        // An error's start is the construct around it; where a tab indents a line, that line is the one to mend.
        string[] lines = yaml.Split('\n');
        int first = (int)Math.Clamp(e.Start.Line, 1, lines.Length);
        int tabbed =
            Array.FindIndex(lines, first - 1, l => l[..^l.TrimStart().Length].Contains('\t', StringComparison.Ordinal)) + 1;
        if (tabbed > 0 && (tabbed == first || e.Message.Contains("tab", StringComparison.Ordinal)))
            return (tabbed, "a tab cannot indent YAML; use spaces");
        string message = OneLine.Of(e.Message).TrimEnd('.');
        return (first, char.ToLowerInvariant(message[0]) + message[1..]);
    }
}
