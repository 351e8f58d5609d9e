using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rouser.Core;

namespace Rouser.Cluster.Tests.Trust;

/// <summary>
/// Makes wrong texts of right ones: most by what a hostile or broken program might send (a value of another type, a
/// member gone or there twice, a number at the edge of its range), the others by what a broken line might deliver
/// (bytes changed, cut off, put together).
/// </summary>
internal sealed class JsonMutator(RandomStream random)
{
    private static readonly string[] Values =
    [
        "null",
        "{}",
        "[]",
        "\"\"",
        "\"x\"",
        "true",
        "-1",
        "0",
        "1",
        "2",
        "-0.0",
        "1e308",
        "-1e308",
        "1e999",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "18446744073709551616",
        "0.5",
        "1.5",
        "\"NaN\"",
        "\"Infinity\"",
        "\"-Infinity\"",
        "[null]",
        "[{}]",
        "[[]]",
        "[[[]]]",
        "{\"a\":{}}",
        "\"\\u001b[31mred\\u001b[0m\\n2026-01-01 INFO forged\"",
        "\"\\u202e\\u0000\\ud83e\"",
        "\"../../etc/passwd\"",
        "\"00000000000000000000000000000000\"",
    ];

    private static readonly string[] Long =
    [
        $"\"{new string('a', 50_000)}\"",
        new string('[', 200) + new string(']', 200),
        $"[{string.Join(',', Enumerable.Repeat("0", 5_000))}]",
    ];

    /// <summary>A mutant of a text; now and then it is the text itself.</summary>
    public byte[] Mutate(byte[] whole)
    {
        if (random.NextInt(50) == 0)
            return whole;
        byte[] text = whole;
        for (int change = random.NextInt(3) == 0 ? 1 + random.NextInt(4) : 1; change > 0; change--)
            text = random.NextInt(4) > 0 ? MutateTree(text) : MutateBytes(text);
        return text;
    }

    private byte[] MutateTree(byte[] text)
    {
        // What is no tree any more, has a member twice or half a character cannot be changed as one.
        try
        {
            return JsonNode.Parse(text) is { } root ? MutateTree(root) : text;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return MutateBytes(text);
        }
    }

    private byte[] MutateTree(JsonNode root)
    {
        List<JsonNode> nodes = [];
        Collect(root, nodes);
        if (nodes.Count == 0)
            return Bytes(root);
        JsonNode node = nodes[random.NextInt(nodes.Count)];
        // csharpier-ignore
        switch (random.NextInt(6))
        {
            case 0 when node.Parent is JsonObject parent: parent.Remove(node.GetPropertyName()); break;
            case 1 when node.Parent is JsonObject parent: return Twice(root, parent, node.GetPropertyName());
            case 2 when node.Parent is JsonObject parent: parent[node.GetPropertyName() + "x"] = node.DeepClone(); break;
            case 3 when node.Parent is JsonArray parent: for (int n = random.NextInt(30); n >= 0; n--) parent.Add(node.DeepClone()); break;
            case 4: node.ReplaceWith(nodes[random.NextInt(nodes.Count)].DeepClone()); break;
            default: node.ReplaceWith(JsonNode.Parse(Value())); break;
        }
        return Bytes(root);
    }

    private string Value() => random.NextInt(20) == 0 ? Long[random.NextInt(Long.Length)] : Values[random.NextInt(Values.Length)];

    private byte[] MutateBytes(byte[] text)
    {
        if (text.Length < 2)
            return text;
        int at = random.NextInt(text.Length),
            to = at + random.NextInt(text.Length - at);
        return random.NextInt(4) switch
        {
            0 => text[..at],
            1 => [.. text[..at], .. text[to..]],
            2 => [.. text[..at], .. text[at..to], .. text[at..]],
            _ => [.. text[..at], (byte)random.NextInt(256), .. text[(at + 1)..]],
        };
    }

    // JsonNode takes no member twice, so it is put in by hand.
    private static byte[] Twice(JsonNode root, JsonObject parent, string name)
    {
        string json = root.ToJsonString(),
            member = parent.ToJsonString(),
            value = parent[name]?.ToJsonString() ?? "null";
        return Encoding.UTF8.GetBytes(
            json.Replace(member, $"{{{JsonSerializer.Serialize(name)}:{value},{member[1..]}", StringComparison.Ordinal)
        );
    }

    private static byte[] Bytes(JsonNode root) => Encoding.UTF8.GetBytes(root.ToJsonString());

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        if (node is null)
            return;
        if (node.Parent is not null)
            nodes.Add(node);
        if (node is JsonObject members)
            foreach ((_, JsonNode? member) in members)
                Collect(member, nodes);
        if (node is JsonArray items)
            foreach (JsonNode? item in items)
                Collect(item, nodes);
    }
}
