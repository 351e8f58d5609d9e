using Rouser.Snn.Optimizers.Schedules;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Optimizers;

/// <summary>
/// Schedules against PyTorch's CosineAnnealingLR, OneCycleLR and StepLR, stepped once an update, in double precision.
/// </summary>
public sealed class ScheduleTests
{
    // Three epochs of four updates.
    private static readonly TrainingLength Length = new(3, 4);

    [Fact]
    public void The_cosine_is_that_of_PyTorch() =>
        AssertFactors(
            [
                1.0,
                0.9846666218300807,
                0.9397114317029974,
                0.8681980515339462,
                0.7749999999999999,
                0.6664685702961343,
                0.5499999999999999,
                0.4335314297038657,
                0.3250000000000001,
                0.23180194846605368,
                0.1602885682970026,
                0.11533337816991932,
            ],
            new CosineSchedule(0.1)
        );

    [Fact]
    public void The_steps_are_those_of_PyTorch() =>
        AssertFactors([1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], new StepSchedule(1, 0.5), new TrainingLength(2, 6));

    /// <summary>
    /// PyTorch's cycle ends with its last update, ours when it is done; its cycle of one update more is ours.
    /// </summary>
    [Fact]
    public void The_cycle_is_that_of_PyTorch() =>
        AssertFactors(
            [
                0.040000000000000036,
                0.43664887471987335,
                0.9710524579772359,
                0.9854709668293912,
                0.9225953523917263,
                0.8162234229069374,
                0.6773037343114937,
                0.5201348895228274,
                0.36089382447670154,
                0.2159707627639156,
                0.10028221718377633,
                0.025735676099311156,
                4e-06,
            ],
            new OneCycleSchedule(2.25 / 12)
        );

    [Fact]
    public void A_warm_up_rises_linearly_to_the_schedule()
    {
        AssertFactors([0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1], new ConstantSchedule { WarmupEpochs = 1.25 });
        double whole = new CosineSchedule(0).FactorAt(2, Length);
        Assert.Equal(whole / 2, new CosineSchedule(0) { WarmupEpochs = 1 }.FactorAt(2, Length), 1e-15);
    }

    [Fact]
    public void Only_schedules_that_look_at_the_end_depend_on_the_length()
    {
        foreach (
            Schedule schedule in (Schedule[])
                [new ConstantSchedule(), new StepSchedule(1, 0.5), new CosineSchedule(0), new OneCycleSchedule(0.3)]
        )
        {
            bool differs = Enumerable
                .Range(1, 12)
                .Any(update => schedule.FactorAt(update, Length) != schedule.FactorAt(update, Length with { Epochs = 7 }));
            Assert.Equal(schedule.DependsOnLength, differs);
        }
    }

    private static void AssertFactors(double[] expected, Schedule schedule, TrainingLength? length = null) =>
        Close.AssertEqual(
            schedule.ToString(),
            expected,
            Enumerable.Range(1, expected.Length).Select(update => schedule.FactorAt(update, length ?? Length)),
            1e-14
        );
}
