using Rouser.Snn;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Coordination.Tests;

/// <summary>What a worker says is held against the trial before it is recorded.</summary>
public class ReportCheckTests
{
    private static readonly PlannedTrial Trial = Samples.Plan(1, 3).Trials[0];

    [Fact]
    public void What_a_trial_can_have_measured_is_taken() => Assert.Null(ReportCheck.Refuse(Trial, Samples.Epoch(0, 1)));

    [Fact]
    public void Validation_metrics_are_there_if_and_only_if_the_trial_has_validation_samples()
    {
        PlannedTrial without = Trial with
        {
            Settings = Trial.Settings with { Dataset = Trial.Settings.Dataset with { Validation = null } },
        };
        Assert.Equal(
            "no validation metrics, though it has validation samples",
            ReportCheck.Refuse(Trial, Samples.Epoch(0, 1) with { Validation = null })
        );
        Assert.Equal("validation metrics, though it has no validation samples", ReportCheck.Refuse(without, Samples.Epoch(0, 1)));
    }

    [Fact]
    public void Complexity_is_that_of_the_last_epoch_alone()
    {
        ComplexityMetrics possible = Samples.Complexity(0);
        Assert.Null(ReportCheck.Refuse(Trial, Samples.Epoch(0, 3) with { Complexity = possible }));
        Assert.Equal(
            "the complexity of a network that is still trained",
            ReportCheck.Refuse(Trial, Samples.Epoch(0, 2) with { Complexity = possible })
        );
    }

    public static TheoryData<ComplexityMetrics> Impossible =>
        [
            Samples.Complexity(0) with
            {
                Footprint = 800,
            },
            Samples.Complexity(0) with
            {
                ParameterCount = 0,
            },
            Samples.Complexity(0) with
            {
                ConnectionSparsity = 1.5,
            },
            Samples.Complexity(0) with
            {
                ActivationSparsity = double.NaN,
            },
            Samples.Complexity(0) with
            {
                EffectiveAcs = 90_001,
            },
            Samples.Complexity(0) with
            {
                EffectiveMacs = 1,
            },
            Samples.Complexity(0) with
            {
                MembraneUpdates = double.PositiveInfinity,
            },
        ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Complexity_that_cannot_be_is_refused(ComplexityMetrics complexity) =>
        Assert.NotNull(ReportCheck.Refuse(Trial, Samples.Epoch(0, 3) with { Complexity = complexity }));

    [Theory]
    [InlineData(1.5, 1.0, "a validation accuracy of 1.5")]
    [InlineData(double.NaN, 1.0, "a validation accuracy of NaN")]
    [InlineData(0.5, double.PositiveInfinity, "a validation loss that is not finite")]
    public void Validation_metrics_that_cannot_be_are_refused(double accuracy, double loss, string expected) =>
        Assert.Equal(
            expected,
            ReportCheck.Refuse(Trial, Samples.Epoch(0, 1) with { Validation = new ValidationScores(accuracy, loss) })
        );
}
