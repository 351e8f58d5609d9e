using System.Text;
using Rouser.Testing;

namespace Rouser.Sweeps.Tests;

/// <summary>
/// The identities of all trials of all shipped sweeps, so that no change of names, defaults or code makes a trial of
/// today another one tomorrow: what was trained and stored would be trained again. The file was written before
/// methods had one home each; a new sweep adds its lines, and no line ever changes.
/// </summary>
public sealed class ShippedTrialIdsTests
{
    private const int PerLine = 4;

    [Fact]
    public void Every_trial_of_every_shipped_sweep_keeps_its_identity()
    {
        StringBuilder ids = new();
        foreach (string path in Directory.GetFiles(Repository.Path("sweeps"), "*.yaml").Order(StringComparer.Ordinal))
        {
            SweepSpec spec = SpecReader.Read(path, File.ReadAllText(path), []).Value;
            // The data's digest and the engine's version are given, so that the file says what the parameters alone
            // say.
            Plan plan = Planner.Create(spec, _ => "digest", _ => "fused/2").Value;
            ids.Append($"{Path.GetFileName(path)}: {plan.Trials.Count} trials\n");
            foreach (PlannedTrial[] line in plan.Trials.Chunk(PerLine))
                ids.Append($"  {string.Join(' ', line.Select(t => t.Id))}\n");
        }
        Snapshot.Match(ids.ToString(), "ShippedTrialIds");
    }
}
