namespace Rouser.Core.Snn.Reference;

/// <summary>The price on a hidden layer's activity in one sample, in double precision. <see cref="ActivityRegularizer"/> has the equations.</summary>
internal static class ReferenceRegularizer
{
    /// <summary>The price; its gradient, times <paramref name="share"/>, is added to <paramref name="gS"/>, <c>[T × N]</c>.</summary>
    public static double Evaluate(ActivityRegularizer settings, double[,] S, double[,] gS, double share)
    {
        int steps = S.GetLength(0), neurons = S.GetLength(1);
        double[] n = [.. Enumerable.Range(0, neurons).Select(i => Enumerable.Range(0, steps).Sum(t => S[t, i]))];
        double over = n.Average() - settings.UpperCount, sum = settings.UpperWeight * Math.Max(0, over);
        for (int i = 0; i < neurons; i++)
        {
            double under = Math.Max(0, settings.LowerCount - n[i]);
            sum += settings.LowerWeight / neurons * under * under;
            double g = ((over > 0 ? settings.UpperWeight : 0) - (2 * settings.LowerWeight * under)) / neurons;
            for (int t = 0; t < steps; t++) gS[t, i] += share * g;
        }
        return sum;
    }
}
