using Rouser.Core.Parameters;

namespace Rouser.Core.Tests.Parameters;

public sealed class UsedIfTests
{
    /// <summary>Guards against a third condition that replaced the second one.</summary>
    [Theory]
    [InlineData("a", true)]
    [InlineData("b", true)]
    [InlineData("c", true)]
    [InlineData("d", false)]
    public void Every_condition_of_several_holds_by_itself(string value, bool isUsed)
    {
        UsedIf condition = new UsedIf("x", "a").OrElse(new UsedIf("x", "b")).OrElse(new UsedIf("x", "c"));

        Assert.Equal(isUsed, condition.Holds(_ => new ParameterValue.Text(value)));
        Assert.Equal("x is a, or x is b, or x is c", condition.ToString());
    }
}
