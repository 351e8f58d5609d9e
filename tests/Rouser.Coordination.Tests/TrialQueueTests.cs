using CsCheck;

namespace Rouser.Coordination.Tests;

/// <summary>The queue against a sorted set, which is slower and plainly right.</summary>
public class TrialQueueTests
{
    // Each number puts the trial in, or takes it out if it waits.
    private static readonly Gen<(int Places, List<int> Changes)> Cases = Gen.Int[1, 70]
        .SelectMany(places => Gen.Int[0, places - 1].List[0, 200].Select(changes => (places, changes)));

    [Fact]
    public void The_first_that_waits_comes_first_and_each_knows_how_many_are_before_it() =>
        Cases.Sample(
            (places, changes) =>
            {
                var queue = new TrialQueue(places);
                SortedSet<int> model = [];
                foreach (int place in changes)
                {
                    if (model.Add(place))
                    {
                        queue.Add(place);
                    }
                    else
                    {
                        model.Remove(place);
                        queue.Remove(place);
                    }
                    Assert.Equal(model.Count, queue.Count);
                    Assert.Equal(model.Count == 0 ? null : model.Min, queue.First);
                    Assert.Equal(model.Count(p => p < place), queue.CountBefore(place));
                }
            }
        );

    [Fact]
    public void A_trial_waits_once()
    {
        var queue = new TrialQueue(3);
        queue.Add(1);
        Assert.Throws<InvalidOperationException>(() => queue.Add(1));
        Assert.Throws<InvalidOperationException>(() => queue.Remove(2));
    }
}
