namespace Rouser.Snn.Reference;

/// <summary>Weight normalisation per output neuron in double precision.</summary>
/// <remarks>
/// Salimans and Kingma 2016, equations 2 and 3, for each output neuron i with v_i its column of <c>[in × out]</c>:
/// <code>
/// w_i = g_i v_i / ‖v_i‖      ∂L/∂g_i = (∂L/∂w_i · v_i) / ‖v_i‖      ∂L/∂v_i = (g_i / ‖v_i‖) (∂L/∂w_i − ∂L/∂g_i v_i / ‖v_i‖)
/// </code>
/// Training starts from v = w and g = ‖w‖. A neuron whose v is all zero keeps w = 0 and no gradient.
/// </remarks>
internal static class ReferenceNormalization
{
    /// <summary>‖v_i‖ for each output neuron.</summary>
    public static double[] Norms(double[,] v)
    {
        double[] norms = new double[v.GetLength(1)];
        for (int i = 0; i < norms.Length; i++)
        {
            for (int j = 0; j < v.GetLength(0); j++)
                norms[i] += v[j, i] * v[j, i];
            norms[i] = Math.Sqrt(norms[i]);
        }
        return norms;
    }

    /// <summary>Writes w for the given v and g.</summary>
    public static void Apply(double[,] v, double[] g, double[,] w)
    {
        double[] norms = Norms(v);
        for (int j = 0; j < v.GetLength(0); j++)
        {
            for (int i = 0; i < g.Length; i++)
                w[j, i] = norms[i] == 0 ? 0 : g[i] * v[j, i] / norms[i];
        }
    }

    /// <summary>∂L/∂v and ∂L/∂g from ∂L/∂w.</summary>
    public static (double[,] gV, double[] gG) Backward(double[,] v, double[] g, double[,] gW)
    {
        double[] norms = Norms(v),
            gG = new double[g.Length];
        double[,] gV = new double[v.GetLength(0), v.GetLength(1)];
        for (int i = 0; i < g.Length; i++)
        {
            if (norms[i] == 0)
                continue;
            for (int j = 0; j < v.GetLength(0); j++)
                gG[i] += gW[j, i] * v[j, i] / norms[i];
            for (int j = 0; j < v.GetLength(0); j++)
                gV[j, i] = g[i] / norms[i] * (gW[j, i] - (gG[i] * v[j, i] / norms[i]));
        }
        return (gV, gG);
    }
}
