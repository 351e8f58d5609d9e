using System.Text.Json.Nodes;
using Rouser.Core.Parameters;

namespace Rouser.Snn.Layers;

/// <summary>A list of layers, <c>[conv 16x5 stride 2, pool 2, dense 128]</c>, or <c>none</c>.</summary>
internal sealed record LayerListType : ParameterType
{
    private const int MostLayers = 32;

    /// <inheritdoc/>
    public override string Description =>
        $"list of up to {MostLayers} layers such as `[conv 16x5 stride 2, pool 2, dense 128]`, or `none`";

    /// <inheritdoc/>
    public override JsonObject JsonSchema()
    {
        JsonObject list = new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^ *(conv|pool|dense) " },
            ["minItems"] = 1,
            ["maxItems"] = MostLayers,
        };
        return new JsonObject { ["anyOf"] = new JsonArray(list, new JsonObject { ["const"] = None }) };
    }

    /// <inheritdoc/>
    public override (ParameterValue? Value, string Complaint) Read(IRawValue node)
    {
        if (node.Text == None)
            return (new ParameterValue.Text(None), "");
        if (node.Items is not { } items)
            return (null, $"expects a list such as [conv 16x5 stride 2, pool 2, dense 128], got {node.Display}");
        if (items.Count is 0 or > MostLayers)
            return (null, $"expects 1 to {MostLayers} layers, got {items.Count}");
        List<LayerWord> words = [];
        foreach (IRawValue item in items)
        {
            if (item.Text is not { } text || item.IsNothing)
                return (null, $"expects layers such as {LayerWord.Forms}, got {item.Display}");
            (LayerWord? word, string complaint) = LayerWord.Read(OneLine.Of(text));
            if (word is null)
                return (null, complaint);
            words.Add(word);
        }
        return (new ParameterValue.Text(NetworkLayers.Text(words)), "");
    }
}
