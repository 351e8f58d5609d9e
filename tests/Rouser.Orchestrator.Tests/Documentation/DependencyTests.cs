using System.Reflection;
using System.Text;
using Rouser.Orchestrator.Output;
using Rouser.Testing;

namespace Rouser.Orchestrator.Tests.Documentation;

/// <summary>
/// Layers that the compiler does not hold: no namespace of a project may need one that needs it. ARCHITECTURE.md shows
/// what the assemblies say; <c>SNAPSHOT_UPDATE=1</c> draws it anew.
/// </summary>
public sealed class DependencyTests
{
    private const string Begin = "<!-- dependencies: drawn by DependencyTests -->\n",
        End = "<!-- end of dependencies -->\n";

    /// <summary>
    /// A method stands in one file with its kernel and its reference, which need the kernels and the reference that
    /// are composed of them. So these need each other, and nothing else may join them.
    /// </summary>
    private static readonly string[] Knot =
    [
        "Rouser.Snn",
        "Rouser.Snn.Currents",
        "Rouser.Snn.Fused",
        "Rouser.Snn.Fused.Thresholds",
        "Rouser.Snn.Heterogeneities",
        "Rouser.Snn.Membranes",
        "Rouser.Snn.Normalizations",
        "Rouser.Snn.Optimizers",
        "Rouser.Snn.Reference",
        "Rouser.Snn.Surrogates",
        "Rouser.Snn.Thresholds",
    ];

    private static readonly List<Assembly> Assemblies = Closure(typeof(ExitCode).Assembly);

    [Fact]
    public void Namespaces_of_a_project_need_each_other_one_way_only() => Assert.Empty(Cycles());

    /// <summary>Guards the test above against reading nothing: these arrows are there.</summary>
    [Fact]
    public void What_a_namespace_needs_is_found_in_types_members_and_instructions()
    {
        NamespaceGraph graph = new([typeof(Reports.Model.ReportModel).Assembly, typeof(Reports.Paper.PaperReport).Assembly]);
        Assert.Contains("Rouser.Reports.Model", graph.NeedsOf("Rouser.Reports.Tables").Keys);
        Assert.Contains("Rouser.Reports.Tables", graph.NeedsOf("Rouser.Reports.Paper").Keys);
        Assert.DoesNotContain("Rouser.Reports.Paper", graph.ReachedFrom("Rouser.Reports.Model"));
    }

    [Fact]
    public void The_picture_of_the_dependencies_is_what_the_assemblies_say()
    {
        // There is no picture of a cycle.
        Assert.Empty(Cycles());
        string path = Repository.Path("ARCHITECTURE.md"),
            page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length,
            to = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(from >= Begin.Length && to >= from, $"ARCHITECTURE.md lacks the line {Begin} or {End}");
        if (Snapshot.Rewrite)
            File.WriteAllText(path, page[..from] + Picture() + page[to..]);
        else
            Assert.Equal(Picture(), page[from..to]);
    }

    private static List<string> Cycles()
    {
        List<string> cycles = [];
        foreach (Assembly assembly in Assemblies)
        {
            NamespaceGraph graph = new([assembly]);
            foreach (string name in graph.Namespaces)
            {
                foreach ((string needed, string why) in graph.NeedsOf(name))
                {
                    if (graph.ReachedFrom(needed).Contains(name) && !(Knot.Contains(name) && Knot.Contains(needed)))
                        cycles.Add($"{name} and {needed} need each other: {why}");
                }
            }
        }
        return cycles;
    }

    /// <summary>
    /// The projects, each above all that it needs; an arrow that follows from others is left out. Then the namespaces
    /// within each, from the lowest to the highest.
    /// </summary>
    private static string Picture()
    {
        Dictionary<string, HashSet<string>> needs = Assemblies.ToDictionary(
            NameOf,
            a => References(a).Select(NameOf).ToHashSet()
        );
        StringBuilder text = new("```mermaid\nflowchart BT\n");
        foreach ((string name, HashSet<string> needed) in needs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (string other in needed.Order(StringComparer.Ordinal))
            {
                if (!needed.Any(via => Reached(via, needs).Contains(other)))
                    text.Append($"  {name} --> {other}\n");
            }
        }
        text.Append("```\n\n| project | its namespaces, each needing only those left of a ← |\n|---|---|\n");
        foreach (Assembly assembly in Assemblies.OrderBy(a => Height(NameOf(a), needs)).ThenBy(NameOf, StringComparer.Ordinal))
            text.Append($"| `{NameOf(assembly)}` | {Layers(new NamespaceGraph([assembly]))} |\n");
        return text.ToString();
    }

    private static string Layers(NamespaceGraph graph)
    {
        Dictionary<string, HashSet<string>> needs = graph
            .Namespaces.Select(NodeOf)
            .Distinct()
            .ToDictionary(node => node, _ => new HashSet<string>(StringComparer.Ordinal));
        foreach (string name in graph.Namespaces)
            needs[NodeOf(name)].UnionWith(graph.NeedsOf(name).Keys.Select(NodeOf).Where(node => node != NodeOf(name)));
        string[] Members(string node) => node == Knot[0] ? [.. graph.Namespaces.Where(Knot.Contains)] : [node];
        return string.Join(
            " ← ",
            needs
                .Keys.GroupBy(node => Height(node, needs))
                .OrderBy(layer => layer.Key)
                .Select(layer => string.Join(", ", layer.SelectMany(Members).Order(StringComparer.Ordinal).Select(n => $"`{n}`")))
        );
    }

    private static string NodeOf(string name) => Knot.Contains(name) ? Knot[0] : name;

    private static int Height(string name, Dictionary<string, HashSet<string>> needs) =>
        needs[name].Select(other => Height(other, needs) + 1).DefaultIfEmpty(0).Max();

    private static HashSet<string> Reached(string name, Dictionary<string, HashSet<string>> needs) =>
        [.. needs[name], .. needs[name].SelectMany(other => Reached(other, needs))];

    private static List<Assembly> Closure(Assembly top)
    {
        List<Assembly> all = [top];
        for (int i = 0; i < all.Count; i++)
            all.AddRange(References(all[i]).Except(all));
        return all;
    }

    private static Assembly[] References(Assembly assembly) =>
        [
            .. assembly
                .GetReferencedAssemblies()
                .Where(name => name.Name!.StartsWith("Rouser.", StringComparison.Ordinal))
                .Select(Assembly.Load),
        ];

    // The program's assembly is named as its command.
    private static string NameOf(Assembly assembly) =>
        assembly.GetName().Name is "rouser" ? "Rouser.Orchestrator" : assembly.GetName().Name!;
}
