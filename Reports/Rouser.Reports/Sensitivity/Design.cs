using System.Globalization;
using Rouser.Reports.Model;
using Rouser.Reports.Tables;

namespace Rouser.Reports.Sensitivity;

/// <summary>A study as an experiment: what it varies, and at which levels each row stands.</summary>
/// <param name="Factors">The arm first, if there are several, then parameters in the order of the study.</param>
/// <param name="Points">One per row.</param>
internal sealed record Design(IReadOnlyList<Factor> Factors, IReadOnlyList<DesignPoint> Points)
{
    /// <summary>
    /// Reads the design from the rows' parameters. Parameters that always change together are one factor, because
    /// nothing can tell their effects apart.
    /// </summary>
    public static Design Of(StudyResults study)
    {
        List<(Factor Factor, int[] Levels)> found = [];
        if (study.Arms.Count > 1)
            found.Add(Coded("arm", [], [.. study.Rows.Select(r => r.Arm)]));
        List<VariedParameter> parameters = [.. Varied(study)];
        while (parameters.Count > 0)
        {
            VariedParameter[] together = [.. parameters.Where(p => p.Codes.AsSpan().SequenceEqual(parameters[0].Codes))];
            parameters.RemoveAll(together.Contains);
            found.Add(
                Coded(
                    string.Join(", ", together.Select(p => SettingLabel.Symbol(p.Name))),
                    [.. together.Select(p => p.Name)],
                    [.. study.Rows.Select((_, row) => string.Join(", ", together.Select(p => p.Values[row])))]
                )
            );
        }
        return new Design(
            [.. found.Select(f => f.Factor)],
            [.. study.Rows.Select((row, i) => new DesignPoint(row, [.. found.Select(f => f.Levels[i])]))]
        );
    }

    // A study that varies one thing at a time names only what it changes; the rest is as the trial has it.
    private static IEnumerable<VariedParameter> Varied(StudyResults study)
    {
        Dictionary<string, string>[] settings =
        [
            .. study.Rows.Select(r =>
                SettingLabel.Assignments(r.Setting).ToDictionary(a => a.Parameter, a => a.Value, StringComparer.Ordinal)
            ),
        ];
        foreach (string name in settings.SelectMany(s => s.Keys).Distinct())
        {
            string[] values = [.. study.Rows.Select((r, i) => settings[i].GetValueOrDefault(name) ?? r.TextOf(name))];
            int[] codes = Codes(values);
            if (codes.Max() > 0)
                yield return new VariedParameter(name, values, codes);
        }
    }

    /// <summary>The index of the factor that a parameter is part of; −1 if it does not vary.</summary>
    public int IndexOf(string parameter)
    {
        for (int i = 0; i < Factors.Count; i++)
        {
            if (Factors[i].Parameters.Contains(parameter))
                return i;
        }
        return -1;
    }

    /// <summary>Factors that are no arm.</summary>
    public IEnumerable<int> ParameterFactors => Enumerable.Range(0, Factors.Count).Where(i => !Factors[i].IsArm);

    /// <summary>Factors that are the arm: one at most.</summary>
    public IEnumerable<int> ArmFactors => Enumerable.Range(0, Factors.Count).Where(i => Factors[i].IsArm);

    /// <summary>A point's levels in words, those of some factors left out: <c>Th=1 τ=3</c>.</summary>
    public string Describe(DesignPoint point, params int[] without)
    {
        return string.Join(", ", Enumerable.Range(0, Factors.Count).Except(without).Select(Level));

        string Level(int factor)
        {
            string level = Factors[factor].Levels[point.Levels[factor]];
            return Factors[factor].IsArm ? level : $"{InBrackets(Factors[factor].Name)} = {InBrackets(level)}";
        }
    }

    private static string InBrackets(string text) => text.Contains(", ", StringComparison.Ordinal) ? $"({text})" : text;

    // Numbered by first appearance, so that two parameters that change together have the same codes.
    private static int[] Codes(string[] values)
    {
        Dictionary<string, int> codes = new(StringComparer.Ordinal);
        return [.. values.Select(v => codes.TryGetValue(v, out int code) ? code : codes[v] = codes.Count)];
    }

    private static (Factor, int[]) Coded(string name, IReadOnlyList<string> parameters, string[] values)
    {
        string[] levels = [.. values.Distinct()];
        if (levels.All(l => Number(l) is not null))
            levels = [.. levels.OrderBy(Number)];
        Dictionary<string, int> places = levels.Select((l, i) => (l, i)).ToDictionary(l => l.l, l => l.i, StringComparer.Ordinal);
        return (new Factor(name, parameters, levels), [.. values.Select(v => places[v])]);
    }

    // Of values that go together, the first decides about the order.
    private static double? Number(string level) =>
        double.TryParse(level.Split(", ")[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>A parameter with its value in each row, and a number for each distinct value.</summary>
    private sealed record VariedParameter(string Name, string[] Values, int[] Codes);
}

/// <summary>A row at its levels.</summary>
/// <param name="Levels">One for each factor, an index into its levels.</param>
internal sealed record DesignPoint(ResultRow Row, IReadOnlyList<int> Levels);

/// <summary>Something that a study varies: the arm, a parameter, or parameters whose values go together.</summary>
/// <param name="Name">In the paper's symbols: <c>arm</c>, <c>Th</c>, <c>Th, τ, s</c>.</param>
/// <param name="Parameters">The parameters it is; none for the arm.</param>
/// <param name="Levels">Its values: ascending if they are numbers, else in the plan's order; at least two.</param>
internal sealed record Factor(string Name, IReadOnlyList<string> Parameters, IReadOnlyList<string> Levels)
{
    /// <summary>Whether it is the arm.</summary>
    public bool IsArm => Parameters.Count == 0;
}
