using Rouser.Snn.Fused;

namespace Rouser.Snn.Tests.Fused;

/// <summary>The threads that share a batch's work.</summary>
public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_is_done_once_and_no_two_at_a_time_on_one_lane(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int round = 0; round < 200; round++)
        {
            int[] done = new int[round],
                busy = new int[threads];
            bool clash = false;
            team.Run(
                round,
                (item, lane) =>
                {
                    clash |= Interlocked.Increment(ref busy[lane]) != 1;
                    Interlocked.Increment(ref done[item]);
                    Interlocked.Decrement(ref busy[lane]);
                }
            );
            Assert.All(done, times => Assert.Equal(1, times));
            Assert.False(clash);
        }
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_team_goes_on()
    {
        using ThreadTeam team = new(3);
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() =>
            team.Run(50, (item, _) => throw new InvalidOperationException($"item {item}"))
        );
        Assert.StartsWith("item ", thrown.Message);
        int sum = 0;
        team.Run(10, (item, _) => Interlocked.Add(ref sum, item));
        Assert.Equal(45, sum);
    }
}
