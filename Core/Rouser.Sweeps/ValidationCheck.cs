using Rouser.Core.Parameters;
using Rouser.Data;

namespace Rouser.Sweeps;

/// <summary>Finds trials that a sweep about a metric of validation samples would train without such samples.</summary>
internal static class ValidationCheck
{
    public static void Run(
        MetricSettings metric,
        ParameterSet complete,
        IReadOnlyList<PlacedArm> arms,
        IReadOnlyList<PlacedStudy> studies,
        SourceLocation metricLocation,
        UserErrorList mistakes
    )
    {
        Parameter by = DatasetSettings.ValidationParameters.By;
        foreach (PlacedStudy study in studies)
        {
            foreach (PlacedArm arm in arms.Where(arm => study.Study.Arms.Contains(arm.Name)))
            {
                ParameterSet armSet = complete.With(study.Study.Base).With(ParameterReader.ToSet(arm.Values));
                // Only what decides it is combined; a study may have a million settings.
                Study deciding = study.Study with
                {
                    Over = [.. study.Study.Over.Where(varied => varied.Key == by.Name)],
                };
                if (StudyGrid.Settings(deciding).All(setting => armSet.With(setting.Overrides).ValueOf(by) != by.Default))
                    continue;
                mistakes.Add(
                    study.Location ?? metricLocation,
                    $"metric.name: {metric.Name} needs validation samples, which arm '{arm.Name}' has none of; set "
                        + $"base.{by.Name}: share"
                );
                break;
            }
        }
    }
}
