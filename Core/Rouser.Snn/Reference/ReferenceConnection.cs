using Rouser.Data;
using Rouser.Snn.Layers;

namespace Rouser.Snn.Reference;

/// <summary>
/// What spikes below bring to a layer, and back, in double precision and in plain loops over the sums that
/// <see cref="LayerConnection"/> states: output by output, where the fused engine goes event by event.
/// </summary>
internal sealed class ReferenceConnection(LayerConnection connection)
{
    private readonly (int Row, int Input, int Column, int Neuron)[] _synapses = [.. Synapses(connection)];

    /// <summary>The spikes below with the windows of a pooling summed, <c>[T × rows seen]</c>.</summary>
    public double[,] Pooled(double[,] S)
    {
        if (connection.IsPlain)
            return S;
        int steps = S.GetLength(0);
        Plane plane = connection.Pooled;
        double[,] P = new double[steps, plane.Count];
        foreach ((int below, int above) in Pairs())
        {
            for (int t = 0; t < steps; t++)
                P[t, above] += S[t, below];
        }
        return P;
    }

    /// <summary>∂L/∂S from ∂L/∂P.</summary>
    public double[,] Unpooled(double[,] gP)
    {
        if (connection.IsPlain)
            return gP;
        double[,] gS = new double[gP.GetLength(0), connection.Inputs];
        foreach ((int below, int above) in Pairs())
        {
            for (int t = 0; t < gS.GetLength(0); t++)
                gS[t, below] = gP[t, above];
        }
        return gS;
    }

    /// <summary>z at step <paramref name="t"/> from P at step <paramref name="from"/>.</summary>
    public void Times(double[,] w, double[,] P, int from, double[,] z, int t)
    {
        foreach ((int row, int input, int column, int neuron) in _synapses)
            z[t, neuron] += w[row, column] * P[from, input];
    }

    /// <summary>Adds to ∂L/∂w, and to ∂L/∂P unless it is cut, what step <paramref name="t"/> has of them.</summary>
    public void Back(double[,] w, double[,] P, int from, double[,] gZ, int t, double[,] gW, double[,]? gP)
    {
        foreach ((int row, int input, int column, int neuron) in _synapses)
        {
            gW[row, column] += gZ[t, neuron] * P[from, input];
            if (gP is not null)
                gP[from, input] += w[row, column] * gZ[t, neuron];
        }
    }

    private IEnumerable<(int Below, int Above)> Pairs()
    {
        Plane below = connection.Below!.Value,
            pooled = connection.Pooled;
        int p = connection.Pool;
        for (int c = 0; c < pooled.Channels; c++)
        for (int y = 0; y < pooled.Height; y++)
        for (int x = 0; x < pooled.Width; x++)
        for (int i = 0; i < p; i++)
        for (int j = 0; j < p; j++)
            yield return (Index(below, c, (p * y) + i, (p * x) + j, connection.IsFirst), Index(pooled, c, y, x));
    }

    /// <summary>Each product of the sums: its weight, what it weighs, and what it is part of.</summary>
    private static IEnumerable<(int Row, int Input, int Column, int Neuron)> Synapses(LayerConnection connection)
    {
        if (connection.Convolution is not { } conv)
        {
            for (int o = 0; o < connection.Neurons; o++)
            for (int n = 0; n < connection.Rows; n++)
                yield return (n, n, o, o);
            yield break;
        }
        Plane pooled = connection.Pooled,
            own = connection.Plane!.Value;
        for (int o = 0; o < own.Channels; o++)
        for (int y = 0; y < own.Height; y++)
        for (int x = 0; x < own.Width; x++)
        for (int c = 0; c < pooled.Channels; c++)
        for (int i = 0; i < conv.Kernel; i++)
        for (int j = 0; j < conv.Kernel; j++)
        {
            int row = (conv.Stride * y) + i - conv.Padding,
                column = (conv.Stride * x) + j - conv.Padding;
            if (row >= 0 && row < pooled.Height && column >= 0 && column < pooled.Width)
                yield return ((((c * conv.Kernel) + i) * conv.Kernel) + j, Index(pooled, c, row, column), o, Index(own, o, y, x));
        }
    }

    private static int Index(Plane plane, int c, int y, int x, bool byChannel = false) =>
        byChannel ? (((c * plane.Height) + y) * plane.Width) + x : (((y * plane.Width) + x) * plane.Channels) + c;
}
