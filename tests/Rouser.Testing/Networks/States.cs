using Rouser.Snn;

namespace Rouser.Testing.Networks;

/// <summary>Compares networks bit by bit.</summary>
internal static class States
{
    /// <summary>Fails at the first bit that differs, and says where.</summary>
    public static void AssertSame(NetworkState expected, NetworkState actual, string what)
    {
        Assert.Equal(expected.Updates, actual.Updates);
        for (int l = 0; l < expected.Layers.Count; l++)
        {
            AssertSame(expected.Layers[l].Weights, actual.Layers[l].Weights, $"{what}: weights {l + 1}");
            AssertSame(expected.Layers[l].Thresholds, actual.Layers[l].Thresholds, $"{what}: thresholds {l + 1}");
            Assert.Equal(expected.Layers[l].Tensors.Keys, actual.Layers[l].Tensors.Keys);
            foreach ((string name, float[] tensor) in expected.Layers[l].Tensors)
                AssertSame(tensor, actual.Layers[l].Tensors[name], $"{what}: {name} {l + 1}");
        }
    }

    private static void AssertSame(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            if (BitConverter.SingleToInt32Bits(expected[k]) != BitConverter.SingleToInt32Bits(actual[k]))
                Assert.Fail($"{what}[{k}] is {actual[k]:R}, not {expected[k]:R}");
        }
    }
}
