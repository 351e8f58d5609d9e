using Rouser.Reports.Model;

namespace Rouser.Reports.Tables;

/// <summary>Dead neurons as Takaghaj and Sampson print them (arXiv 2407.19566, Table 3): N-MNIST, 500-500-10 neurons, during training.</summary>
internal static class PaperTable3
{
    /// <summary>The paper's row that an arm is to be read beside: learned thresholds beside Rouser, fixed ones beside SLAYER 2.0.</summary>
    public static IReadOnlyList<(string Method, string Rule, IReadOnlyList<double> Percent)> Rows { get; } =
        [("SLAYER 2.0", "fixed", [45.6, 61.8, 76.4]), ("Rouser", "learned", [37.1, 15.4, 0])];

    /// <summary>The paper's rows for which the study has an arm with the same threshold rule and as many layers.</summary>
    public static IEnumerable<(string Method, string Rule, IReadOnlyList<double> Percent)> For(StudyResults study) =>
        Rows.Where(paper => study.Rows.Any(r => r.Layers == paper.Percent.Count && (r.HasFixedThreshold ? "fixed" : r.Parameters.GetValueOrDefault("threshold.rule")) == paper.Rule));
}
