using Rouser.Snn.Reference;

namespace Rouser.Testing.Networks;

/// <summary>The derivative of a loss by what it changes when one number moves a little up and a little down.</summary>
internal static class CentralDifference
{
    private const double H = 1e-6;

    /// <summary>∂loss/∂x at x as it stands; x is left as it was.</summary>
    public static double Of(Func<double> get, Action<double> set, Func<double> loss)
    {
        double at = get();
        set(at + H);
        double above = loss();
        set(at - H);
        double below = loss();
        set(at);
        return (above - below) / (2 * H);
    }

    /// <summary>∂loss/∂W of a layer, row by row.</summary>
    public static double[] OfWeights(ReferenceLayer layer, Func<double> loss)
    {
        int columns = layer.W.GetLength(1);
        return
        [
            .. Enumerable
                .Range(0, layer.W.Length)
                .Select(k => Of(() => layer.W[k / columns, k % columns], x => layer.W[k / columns, k % columns] = x, loss)),
        ];
    }
}
