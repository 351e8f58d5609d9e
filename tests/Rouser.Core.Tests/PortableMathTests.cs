namespace Rouser.Core.Tests;

/// <summary>
/// Functions that must have the same bits on every machine, held against the platform's own and against bits that
/// were found once.
/// </summary>
public class PortableMathTests
{
    private const double AFewUnits = 7e-16;

    [Fact]
    public void The_exponential_agrees_with_the_platforms()
    {
        var random = new RandomStream(1, "exp");
        for (int i = 0; i < 100_000; i++)
        {
            double x = i % 2 == 0 ? random.NextDouble(-700, 700) : random.NextDouble(-2, 2);
            Assert.True(
                Math.Abs((PortableMath.Exp(x) / Math.Exp(x)) - 1) < AFewUnits,
                $"exp({x:R}) is {PortableMath.Exp(x):R}, not {Math.Exp(x):R}"
            );
        }
    }

    [Fact]
    public void The_logarithm_agrees_with_the_platforms()
    {
        var random = new RandomStream(1, "log");
        for (int i = 0; i < 100_000; i++)
        {
            double x = i % 2 == 0 ? Math.ScaleB(random.NextDouble(1, 2), random.NextInt(2000) - 1000) : random.NextDouble(0.5, 2);
            double expected = Math.Log(x);
            double found = PortableMath.Log(x);
            Assert.True(
                Math.Abs(found - expected) <= AFewUnits * Math.Abs(expected),
                $"ln({x:R}) is {found:R}, not {expected:R}"
            );
        }
    }

    [Fact]
    public void The_cosine_agrees_with_the_platforms()
    {
        for (int i = 0; i <= 100_000; i++)
        {
            double x = i / 100_000.0;
            Assert.True(
                Math.Abs(PortableMath.CosPi(x) - Math.Cos(Math.PI * x)) < AFewUnits,
                $"cos(π·{x:R}) is {PortableMath.CosPi(x):R}, not {Math.Cos(Math.PI * x):R}"
            );
        }
        Assert.Equal([1, 0, -1], new double[] { 0, 0.5, 1 }.Select(PortableMath.CosPi));
    }

    [Theory]
    [InlineData(0.1, 0x3fee6f0e134454ff)]
    [InlineData(0.3, 0x3fe2cf2304755a5e)]
    public void The_cosine_has_these_bits_on_every_machine(double x, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(PortableMath.CosPi(x)));

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    [InlineData(0)]
    [InlineData(1)]
    public void Powers_agree_with_the_platforms(double x)
    {
        for (long n = 0; n < 3000; n++)
            Assert.True(Math.Abs(PortableMath.Power(x, n) - Math.Pow(x, n)) <= n * 3e-16 * Math.Pow(x, n));
        Assert.Equal(x == 1 ? 1 : 0, PortableMath.Power(x, long.MaxValue));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-1e6, 0)]
    [InlineData(1e6, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void The_exponential_has_its_limits(double x, double expected) => Assert.Equal(expected, PortableMath.Exp(x));

    [Theory]
    [InlineData(-0.2, 0x3fea330ad6166159)]
    [InlineData(-0.05, 0x3fee7078b0a726a6)]
    [InlineData(-30.5, 0x3d2ff3864232b407)]
    [InlineData(100, 0x48f3494a9b171bf5)]
    public void The_exponential_has_these_bits_on_every_machine(double x, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(PortableMath.Exp(x)));

    [Theory]
    [InlineData(0.1, -0x3ffd944e444aaaeb)]
    [InlineData(0.75, -0x402d969deecb246e)]
    [InlineData(2.5, 0x3fed5240f0e0e078)]
    [InlineData(1e-30, -0x3faebb096006003c)]
    public void The_logarithm_has_these_bits_on_every_machine(double x, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(PortableMath.Log(x)));

    [Fact]
    public void The_power_has_these_bits_on_every_machine() =>
        Assert.Equal(0x3fd29edc3254effc, BitConverter.DoubleToInt64Bits(PortableMath.Power(0.999, 1234)));

    [Fact]
    public void The_logarithm_of_one_is_zero() => Assert.Equal(0, PortableMath.Log(1));
}
