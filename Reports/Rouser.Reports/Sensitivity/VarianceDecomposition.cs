namespace Rouser.Reports.Sensitivity;

/// <summary>
/// The functional analysis of variance of a function on a complete grid: which share of its variance each variable,
/// and each set of variables together, accounts for.
/// </summary>
/// <remarks>
/// As fANOVA has it (Hutter, Hoos and Leyton-Brown, ICML 2014, equations 3 to 7), exact, because the grid is complete
/// and the function known at each point; every level counts alike. With m_U(x_U) the mean over all variables but
/// those in U: Var(m_U) = Σ over W ⊆ U of V_W, so V_U = Var(m_U) − Σ over W ⊂ U of V_W, and the V_U of all U add up
/// to the variance of the function.
/// </remarks>
internal sealed class VarianceDecomposition
{
    private readonly int[] _sizes;
    private readonly double[] _values;

    /// <summary>Of a function on a grid.</summary>
    /// <param name="sizes">Levels of each variable.</param>
    /// <param name="values">The function, the last variable varying fastest.</param>
    public VarianceDecomposition(int[] sizes, double[] values)
    {
        if (sizes.Aggregate(1, (product, size) => product * size) != values.Length)
            throw new ArgumentException("A complete grid has a value at each point.", nameof(values));
        (_sizes, _values) = (sizes, values);
        Total = Closed((1u << sizes.Length) - 1);
    }

    /// <summary>The variance of the function.</summary>
    public double Total { get; }

    /// <summary>V_U: what the variables of a set account for together, beyond what its subsets do.</summary>
    /// <param name="set">A bit for each variable; not empty.</param>
    public double Of(uint set)
    {
        double variance = Closed(set);
        for (uint subset = (set - 1) & set; subset != 0; subset = (subset - 1) & set)
            variance -= Of(subset);
        return Math.Max(0, variance);
    }

    /// <summary>Var(m_U): what the variables of a set account for, alone and together.</summary>
    public double Closed(uint set)
    {
        int cells = 1;
        for (int v = 0; v < _sizes.Length; v++)
        {
            if ((set >> v & 1) != 0)
                cells *= _sizes[v];
        }
        double[] means = new double[cells];
        for (int i = 0; i < _values.Length; i++)
            means[Cell(i, set)] += _values[i];
        double each = (double)_values.Length / cells,
            mean = 0,
            variance = 0;
        for (int c = 0; c < cells; c++)
            mean += (means[c] /= each) / cells;
        foreach (double m in means)
            variance += (m - mean) * (m - mean) / cells;
        return variance;
    }

    // The index among the cells of U that a point of the grid belongs to.
    private int Cell(int point, uint set)
    {
        int cell = 0,
            stride = 1;
        for (int v = _sizes.Length - 1; v >= 0; v--)
        {
            if ((set >> v & 1) != 0)
            {
                cell += point % _sizes[v] * stride;
                stride *= _sizes[v];
            }
            point /= _sizes[v];
        }
        return cell;
    }
}
