using Rouser.Reports.Figures;
using Rouser.Reports.Model;

namespace Rouser.Reports.Sensitivity;

/// <summary>
/// What a study's results depend on. Each part is there only where the study varies something that it can show.
/// </summary>
/// <param name="Figures">In the order in which they are read.</param>
/// <param name="Remarks">Why something is not shown.</param>
internal sealed record SensitivityFigures(IReadOnlyList<Figure> Figures, IReadOnlyList<string> Remarks)
{
    /// <summary>Of a study.</summary>
    public static SensitivityFigures Of(ReportModel model, StudyResults study)
    {
        if (study.Epochs == 0)
            return new([], []);
        Design design = Design.Of(study);
        Objective objective = new(model.Run.Metric);
        (Figure? importance, string? whyNot) = ImportanceFigure.Build(study, design, objective);
        return new(
            [
                .. new[]
                {
                    importance,
                    ArmHeatMap.Build(study, design, objective),
                    OneAtATimeFigure.Build(study, design, objective),
                    SliceFigure.Build(study, design, objective),
                    ParallelFigure.Build(study, design, objective),
                }.OfType<Figure>(),
            ],
            whyNot is null ? [] : [whyNot]
        );
    }
}
