using Rouser.Core.Parameters;

namespace Rouser.Snn.Optimizers.Schedules;

/// <summary>Learning rates stay as they are.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <summary>Its entry in the sweep file.</summary>
    public static Method<Schedule> Method { get; } = Named("constant", "they stay as they are.", [], _ => new ConstantSchedule());

    /// <inheritdoc/>
    protected override double Factor(double epoch, int epochs) => 1;
}
