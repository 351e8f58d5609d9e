namespace Rouser.Testing.Networks;

/// <summary>
/// Compares tensors: the largest difference, relative to the largest expected magnitude of the tensor.
/// </summary>
internal static class Close
{
    /// <summary>Fails with <paramref name="what"/> and the error if it is above <paramref name="tolerance"/>.</summary>
    public static void AssertEqual(string what, IEnumerable<double> expected, IEnumerable<double> actual, double tolerance)
    {
        double[] x = [.. expected],
            y = [.. actual];
        Assert.True(x.Length == y.Length, $"{what}: {y.Length} values instead of {x.Length}");
        double scale = 0,
            difference = 0;
        for (int k = 0; k < x.Length; k++)
        {
            scale = Math.Max(scale, Math.Abs(x[k]));
            difference = double.IsNaN(y[k]) ? double.NaN : Math.Max(difference, Math.Abs(x[k] - y[k]));
        }
        double error = difference == 0 ? 0 : difference / Math.Max(scale, 1e-30);
        Assert.True(
            error <= tolerance,
            $"{what}: error {error:E2} relative to the largest value {scale:E2} is above {tolerance:E0}"
        );
    }

    /// <summary>The same for float32 values.</summary>
    public static void AssertEqual(string what, IEnumerable<double> expected, IEnumerable<float> actual, double tolerance) =>
        AssertEqual(what, expected, actual.Select(x => (double)x), tolerance);
}
