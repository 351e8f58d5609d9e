using System.Text;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>docs/sweep-file.md: the reference of the sweep file, made from the tables that also check it.</summary>
public static class SweepFileGuide
{
    /// <summary>The page, in Markdown, lines ending in a line feed.</summary>
    public static string Markdown()
    {
        StringBuilder page = new(Introduction);
        page.Append("## Parameters\n\n");
        page.Append(
            "These stand under `base`, in an arm, in a point, or under `over`. One that a method does not use is no part of a trial's identity.\n\n"
        );
        page.Append("| parameter | value | default | meaning |\n|---|---|---|---|\n");
        foreach (Parameter p in ParameterSchema.Parameters)
        {
            string condition = p.Condition is null ? "" : $" Used if {p.Condition}.";
            page.Append(
                $"| `{p.Name}` | {p.Type.Description} | `{p.Default}` | {p.Doc.Replace("|", "\\|", StringComparison.Ordinal)}{condition} |\n"
            );
        }
        page.Append(
            "\n`compat` stands for several of them and is read as if they stood in its place: in `base`, an arm "
                + "or a point, but not under `over`. A value beside it that contradicts it is "
        );
        page.Append(
            "a mistake; what comes later, an arm over the base or a point over an arm, may change each one "
                + "alone. [conventions.md](conventions.md) has the equations.\n\n"
        );
        page.Append("| compat | stands for |\n|---|---|\n");
        foreach ((string word, IReadOnlyList<KeyValuePair<string, ParameterValue>> set) in Compatibility.Sets)
            page.Append($"| `{word}` | {string.Join(", ", set.Select(value => $"`{value.Key}: {value.Value}`"))} |\n");
        page.Append("\n## Metric, run and report\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (SpecKey key in SpecKeys.Sections)
            page.Append($"| `{key.Name}` | {key.Expects} | {key.Default} | {key.Doc} |\n");
        return page.Append('\n').Append(Rules).ToString().ReplaceLineEndings("\n");
    }

    private const string Introduction = """
        # The sweep file

        A sweep is one YAML file. `rouser validate FILE` checks it, `rouser plan FILE` shows what it would train, `rouser run FILE` trains it. Ready-made
        files stand in [sweeps/](../sweeps). This page is made from the tables in Core/Rouser.Core/Sweeps; a test fails when the two differ, and
        `SNAPSHOT_UPDATE=1 dotnet test tests/Rouser.Core.Tests` writes it anew.

        ```yaml
        schema: rouser/sweep/v1
        name: threshold-ablation                # names the run's folder
        base:                                   # for every trial; defaults where silent
          dataset: {name: saccade-digits, train_samples: 600}
          network.hidden: [128, 128]            # dotted or nested, as you like
          epochs: 5
        arms:                                   # the methods to compare
          slayer: {threshold.rule: fixed}
          rouser: {threshold: {rule: learned, learning_rate: 0.01}}
        seeds: [0, 1, 2]                        # the same seed: the same initial weights and batch order in every arm
        studies:
          settings:
            points:                             # values that go together
              - {threshold.init: 1.25, surrogate.tau: 3.75, surrogate.scale: 1.5}
              - {threshold.init: 0.25, surrogate.tau: 3.0, surrogate.scale: 3.0}
          rates:
            arms: [rouser]
            over: {threshold.learning_rate: [0.001, 0.01]}
        report: {compare_to: slayer}
        ```

        ## Top level

        | key | value | where the file is silent |
        |---|---|---|
        | `schema` | `rouser/sweep/v1` | required |
        | `name` | letters, digits, `-`, `_`, `.` | required |
        | `metric` | what the sweep is about, below | test accuracy of the last epoch |
        | `base` | parameters of every trial | the defaults |
        | `arms` | named sets of parameters | one arm, `base` |
        | `seeds` | list of whole numbers from 0 | `[0]` |
        | `studies` | named sets of trainings to compare | one study of all arms, named after the sweep |
        | `run` | how trials are run; changes no result | below |
        | `report` | what the report shows | below |

        A study has `base` (parameters of all its trials, such as another data set), `arms` (default: all), `seeds` (default: the sweep's), `mode`, `points`, `over` and
        `priority` (default: 0):

        | mode | trains, for each arm and seed |
        |---|---|
        | `grid` (default) | every point with every combination of the values in `over` |
        | `one_at_a_time` | every point as it is, and with each value of each key of `over` alone |
        | `list` | the points, nothing else |

        What counts for a parameter: `base`, over it the study's `base`, over it the arm, over it the point, over it `over`.


        """;

    private const string Rules = """
        ## Rules

        - **Same content, same trial.** A trial's identity is the SHA-256 of the parameters its method uses, its seed, the digest of its data and the version of
          the training engine. Studies and arms that ask for the same content share one training. Order, spelling (`1`, `1.0`, `1e0`), dotted or
          nested keys and `dataset.root` make no difference.
        - **Values without effect are mistakes.** An arm, a point or `over` that sets a parameter which its method does not use is refused, because its cells
          would differ in name only: `threshold.learning_rate` for an arm with `threshold.rule: fixed`, unless it is 0. `base` may hold what only
          some of the arms use.
        - **Overrides.** `--set base.epochs=3` sets a key before the file is checked, as often as needed; the last one counts. Paths start with `base`,
          `arms.NAME`, `studies.NAME`, `run`, `report` or `metric`, or are `name`, `seeds` or another top-level key: `--set 'seeds=[0, 1]'`,
          `--set arms.rouser.threshold.learning_rate=0.001`, `--set 'studies.rates.over.threshold.learning_rate=[0.01, 0.1]'`. A mapping sets each of its keys.
        - **Durations** have a unit: `500ms`, `60s`, `5m`, `4h`, `2d`.
        - **YAML.** Numbers are decimal (`5`, `0.5`, `1e-3`), truth values `true` and `false`; what is quoted is a word. Anchors, aliases, tags and
          several documents in a file are refused. A key may stand once, dotted or nested.
        - **Order.** Studies with a higher `priority` come before those with a lower one. Among equals the first seed's trials of every study come first, then the second seed's, and so on; within them studies, settings and arms as in the file.
        - **Size.** At most 1,000,000 trainings.

        """;
}
