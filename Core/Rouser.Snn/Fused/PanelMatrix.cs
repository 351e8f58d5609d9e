namespace Rouser.Snn.Fused;

/// <summary>Between panels and the plain row-major order of <see cref="LayerState"/>.</summary>
internal static unsafe class PanelMatrix
{
    /// <summary>
    /// Copies <paramref name="values"/>, <c>[rows × columns]</c>, into panels. Padded columns are left as they are.
    /// </summary>
    /// <exception cref="ArgumentException">The number of values is another.</exception>
    public static void Write(NativeBuffer<float> panels, float[] values, int rows, int columns)
    {
        if (values.Length != rows * columns)
            throw new ArgumentException($"{values.Length} values for {rows} × {columns}.", nameof(values));
        for (int j = 0; j < rows; j++)
        {
            for (int i = 0; i < columns; i++)
                panels.Pointer[WeightPanels.Index(rows, j, i)] = values[(j * columns) + i];
        }
    }

    /// <summary>A plain copy, <c>[rows × columns]</c>.</summary>
    public static float[] Read(NativeBuffer<float> panels, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        for (int j = 0; j < rows; j++)
        {
            for (int i = 0; i < columns; i++)
                values[(j * columns) + i] = panels.Pointer[WeightPanels.Index(rows, j, i)];
        }
        return values;
    }
}
