using Rouser.Core.Parameters;
using Rouser.Data;

namespace Rouser.Sweeps;

/// <summary>
/// Finds augmentation that could move a whole sample away, further than its picture is wide or high, or than it has
/// steps; and what only a picture can have of a sample that is none.
/// </summary>
internal static class AugmentationCheck
{
    private static readonly string Shift = Augmentation.ShiftParameter.Name,
        Jitter = Augmentation.JitterParameter.Name;
    private static readonly HashSet<string> OfPictures = [Rotation.Parameter.Name, Scaling.Parameter.Name],
        Checked = [Shift, Jitter, .. OfPictures];

    public static void Run(
        ParameterSet complete,
        IReadOnlyList<PlacedValue> baseValues,
        IReadOnlyList<PlacedArm> arms,
        IReadOnlyList<PlacedStudy> studies,
        UserErrorList mistakes
    )
    {
        HashSet<(SourceLocation, string)> told = [];
        foreach (PlacedStudy study in studies)
        {
            foreach (PlacedArm arm in arms.Where(a => study.Study.Arms.Contains(a.Name)))
            {
                ParameterSet armSet = complete.With(ParameterReader.ToSet(arm.Values));
                for (int i = 0; i < study.Points.Count; i++)
                {
                    ParameterSet point = armSet.With(study.Study.Points[i]);
                    // Of those who say the same parameter the last one counts.
                    foreach (
                        PlacedValue said in baseValues
                            .Concat(arm.Values)
                            .Concat(study.Points[i])
                            .GroupBy(v => v.Parameter)
                            .Select(g => g.Last())
                    )
                        AddError(point, said.Parameter, said.Location);
                    foreach (PlacedValues over in study.Over.Where(o => Checked.Contains(o.Parameter.Name)))
                    {
                        foreach (ParameterValue value in over.Values)
                            AddError(
                                point.With(new ParameterSet([KeyValuePair.Create(over.Parameter.Name, value)])),
                                over.Parameter,
                                over.Location
                            );
                    }
                }
            }
        }

        void AddError(ParameterSet set, Parameter parameter, SourceLocation place)
        {
            if (Complaint(set, parameter.Name) is { } complaint && told.Add((place, complaint)))
                mistakes.Add(place, complaint);
        }
    }

    private static string? Complaint(ParameterSet set, string name)
    {
        if (
            !Checked.Contains(name)
            || ParameterSchema.ValueOf(set, name) is ParameterValue.Integer { Value: 0 } or ParameterValue.Real { Value: 0 }
        )
            return null;
        TrialSettings settings = TrialSettings.From(set);
        (EventBinning shape, Augmentation augmentation) = (settings.Dataset.Binning(), settings.Augmentation);
        // A crop that leaves nothing is told of where the data set is opened.
        (int width, int height) = (shape.OutWidth, shape.OutHeight);
        if (name == Jitter && augmentation.JitterSteps >= shape.Steps)
            return $"{Jitter} ({augmentation.JitterSteps}) must be below dataset.steps ({shape.Steps})";
        if (name == Shift && width > 0 && height > 0 && augmentation.Shift >= (height == 1 ? width : Math.Min(width, height)))
            return $"{Shift} ({augmentation.Shift}) would move the whole picture of {width}×{height} away; it must be "
                + $"below {(height == 1 ? width : Math.Min(width, height))}";
        if (OfPictures.Contains(name) && height == 1)
            return $"{name} turns and scales pictures, and the samples have one row of channels; take augment.shift";
        return null;
    }
}
