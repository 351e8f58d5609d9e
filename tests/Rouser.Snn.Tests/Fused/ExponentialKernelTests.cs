using System.Runtime.Intrinsics;
using Rouser.Snn.Fused;

namespace Rouser.Snn.Tests.Fused;

/// <summary>The surrogate's exponential.</summary>
public sealed class ExponentialKernelTests
{
    [Fact]
    public void It_is_within_2e7_of_the_exact_value_down_to_minus_50()
    {
        for (float x = 0; x > -50; x -= 0.00137f)
        {
            double exact = Math.Exp(x);
            Assert.Equal(0, (ExponentialKernel.Run<SimdScalar, float>(x) - exact) / exact, 2e-7);
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-50f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void Its_ends_are_exact_and_NaN_stays(float x, float expected) =>
        Assert.Equal(expected, ExponentialKernel.Run<SimdScalar, float>(x));

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        RandomStream random = new(1, "exp");
        for (int n = 0; n < 10_000; n++)
        {
            float x = (float)random.NextDouble(-60, 0),
                expected = ExponentialKernel.Run<SimdScalar, float>(x);
            Assert.Equal(Vector128.Create(expected), ExponentialKernel.Run<Simd128, Vector128<float>>(Vector128.Create(x)));
            Assert.Equal(Vector256.Create(expected), ExponentialKernel.Run<Simd256, Vector256<float>>(Vector256.Create(x)));
            Assert.Equal(Vector512.Create(expected), ExponentialKernel.Run<Simd512, Vector512<float>>(Vector512.Create(x)));
        }
    }
}
