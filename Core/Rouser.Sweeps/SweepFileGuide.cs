using System.Text;
using System.Text.RegularExpressions;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>docs/reference/sweep-file.md: the reference of the sweep file, made from the tables that also check it.</summary>
public static partial class SweepFileGuide
{
    /// <summary>The page, in Markdown, lines ending in a line feed.</summary>
    public static string Markdown()
    {
        StringBuilder page = new(Introduction);
        page.Append("| parameter | value | default | meaning |\n|---|---|---|---|\n");
        foreach (Parameter p in ParameterSchema.Parameters)
        {
            string condition = p.Condition is null ? "" : $"\nUsed if {p.Condition}.";
            page.Append($"| `{p.Name}` | {p.Type.Description} | `{p.Default}` | {Cell(p.Doc + condition)} |\n");
        }
        page.Append(Compat).Append("| compat | stands for |\n|---|---|\n");
        foreach ((string word, IReadOnlyList<KeyValuePair<string, ParameterValue>> set) in Compatibility.Sets)
            page.Append($"| `{word}` | {string.Join(", ", set.Select(value => $"`{value.Key}: {value.Value}`"))} |\n");
        page.Append("\n## Metric, run and report\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (SpecKey key in SpecKeys.Sections)
            page.Append($"| `{key.Name}` | {key.Expects} | {key.Default} | {Cell(key.Doc)} |\n");
        return page.Append('\n').Append(Rules).ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A text in a cell of a table, where pages beside this one become links.</summary>
    private static string Cell(string text) =>
        PageBeside()
            .Replace(text, "[$1]($1)")
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("\n", "<br>", StringComparison.Ordinal);

    [GeneratedRegex(@"docs/reference/([a-z-]+\.md)", RegexOptions.CultureInvariant)]
    private static partial Regex PageBeside();

    private const string Introduction = """
        # The sweep file

        A sweep is one YAML file.

        - `rouser validate FILE` checks it.
        - `rouser plan FILE` shows what it would train.
        - `rouser run FILE` trains it.

        [sweeps/](../../sweeps) has files to start from. Editors complete and check sweep files with the
        schema [sweep.schema.json](sweep.schema.json); [how to set that up](../how-to/editor-and-shell.md).

        The tables on this page and the schema are generated from the tables that check a sweep file. A test
        fails when they differ. `SNAPSHOT_UPDATE=1 dotnet test tests/Rouser.Sweeps.Tests` writes both anew.

        ```yaml
        schema: rouser/sweep/v1
        name: threshold-ablation                # also the name of the run folder
        base:                                   # parameters of every trial
          dataset: {name: saccade-digits, train_samples: 600}
          network.hidden: [128, 128]            # keys may be dotted or nested
          epochs: 5
        arms:                                   # the methods to compare
          slayer: {threshold.rule: fixed}
          rouser: {threshold: {rule: learned, learning_rate: 0.01}}
        seeds: [0, 1, 2]                        # one seed gives the same weights and batches in every arm
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

        | key | value | default |
        |---|---|---|
        | `schema` | `rouser/sweep/v1` | required |
        | `name` | letters, digits, `-`, `_`, `.`; at most 100 | required |
        | `metric` | the objective, [below](#metric-run-and-report) | test accuracy of the last epoch |
        | `base` | [parameters](#parameters) of every trial | the defaults of the parameters |
        | `arms` | named sets of parameters | one arm, `base` |
        | `seeds` | list of whole numbers from 0, or [a budget](#seeds-as-a-budget) | `[0]` |
        | `studies` | named sets of trials to compare | one study of all arms, named after the sweep |
        | `run` | how trials are run, [below](#metric-run-and-report); changes no result | |
        | `report` | what the report shows, [below](#metric-run-and-report) | |

        ## Studies

        | key | value | default |
        |---|---|---|
        | `base` | parameters of every trial of the study, such as another data set | none |
        | `arms` | list of arms | all |
        | `seeds` | list of seeds, or [a budget](#seeds-as-a-budget) | those of the sweep |
        | `mode` | see the next table | `grid` |
        | `points` | list of sets of parameters: values that go together | one empty point |
        | `over` | parameters to vary, each with a list of values, or with a range to draw from | none |
        | `sampling` | `{count: 40, seed: 0}`: for `random`, `sobol` and `tpe`, settings to train and seed of the draw | required there |
        | `priority` | whole number from −1000 to 1000; higher is trained first | 0 |

        | mode | trains, for each arm and seed |
        |---|---|
        | `grid` | every point with every combination of the values in `over` |
        | `one_at_a_time` | every point, and every point with each value of each key of `over` alone |
        | `list` | the points only |
        | `random` | every point with each of `sampling.count` settings, every value of which is drawn by itself |
        | `sobol` | every point with each of `sampling.count` settings of the sequence of Sobol', which fills the ranges evenly |
        | `tpe` | `sampling.count` settings, of which those after the first ones are chosen by results, [below](#search-by-results) |

        Where a grid is too much, `random` and `sobol` draw settings from ranges. The same file draws the
        same settings. A longer draw starts with the settings of a shorter one.

        ```yaml
        studies:
          search:
            mode: sobol
            sampling: {count: 64}
            over:
              surrogate.tau: {min: 1, max: 10}
              optimizer.learning_rate: {min: 1e-4, max: 1e-2, scale: log}
              threshold.rule: [fixed, learned]
              threshold.learning_rate: {min: 0.001, max: 0.1, scale: log, when: {threshold.rule: learned}}
        ```

        - A range has `min` and `max`, or a list of `values`; `scale: log` draws the logarithm evenly. Real
          numbers are rounded to four digits.
        - `when` names parameters that `over` varies above it, with a value or a list of values. In other
          settings the parameter is left out.
        - Ranges belong to these modes and to `tpe`; lists can be drawn from as well. `sobol` varies 20
          parameters at most.

        ## Search by results

        `mode: tpe` trains the settings that are likely to be good, judged by those that were trained
        before. [How to search for settings](../how-to/search.md) explains it. It needs a metric of the
        validation samples (`metric.name`), and takes `over` as `random` does, but no `points`. Each arm
        has a search of its own.

        | key of `sampling` | value | default |
        |---|---|---|
        | `count` | settings to train, for each arm | required |
        | `candidates` | settings in the pool, of which some are trained; where `over` has fewer, all of them | `500` |
        | `startup` | settings to train first, which are drawn at random | `10` |
        | `parallel` | settings in work at a time, 1 to 1,000; a larger number keeps more workers busy, but each choice knows fewer results | `4` |
        | `seed` | seed of the draw | `0` |

        ## Seeds as a budget

        `seeds: {from: 5, to: 30, until: decided}` trains seeds 0 to 4 first, and more of them, up to 29,
        where a comparison with `report.compare_to` is not decided. [How to let a sweep choose its
        seeds](../how-to/seeds.md) explains it.

        | key | value | default |
        |---|---|---|
        | `from` | seeds at the first look, 3 to 1,000 | required |
        | `to` | seeds at most, above `from` | required |
        | `until` | `decided` | required |
        | `error_per` | `comparison`: the error of 5 % is that of each comparison; `sweep`: that of all comparisons together | `comparison` |

        ## Precedence

        Where a parameter is set several times, the later one in this list counts: the `base` of the sweep,
        the `base` of the study, the arm, the point, `over`.

        ## Parameters

        Parameters are set in `base`, in an arm, in a point, or under `over`. A parameter that the method of
        a trial does not use is no part of the identity of the trial.


        """;

    private const string Compat = """

        `compat` is one key that stands for several parameters: the conventions of another program. It is
        allowed in `base`, an arm or a point, but not under `over`. Rouser reads it as if its parameters
        stood in its place. A value beside it that contradicts it is an error. An arm may change a value
        that the base sets by `compat`, and a point may change one that the arm sets.
        [Conventions](../explanation/conventions.md) has the equations.


        """;

    private const string Rules = """
        ## Rules

        - **Same content, same trial.** The identity of a trial is the SHA-256 of the parameters that its
          method uses, its seed, the digest of its data and the version of the training engine. Studies and
          arms that ask for the same content share one training. The order of keys, the spelling of numbers
          (`1`, `1.0`, `1e0`), dotted or nested keys and `dataset.root` make no difference.
        - **Values without effect are errors.** An arm, a point or `over` must not set a parameter that its
          method does not use, because cells would then differ in name only. Example:
          `threshold.learning_rate` in an arm with `threshold.rule: fixed`, unless it is 0. `base` may hold
          parameters that only some arms use.
        - **Overrides.** `--set base.epochs=3` sets a key before the file is checked. It can be repeated;
          the last one counts. A path starts with `base`, `arms.NAME`, `studies.NAME`, `run`, `report` or
          `metric`, or is another top-level key. A mapping sets each of its keys. Examples: `--set
          'seeds=[0, 1]'`, `--set arms.rouser.threshold.learning_rate=0.001`, `--set
          'studies.rates.over.threshold.learning_rate=[0.01, 0.1]'`.
        - **Durations** have a unit: `500ms`, `60s`, `5m`, `4h`, `2d`.
        - **YAML.** Numbers are decimal (`5`, `0.5`, `1e-3`), truth values are `true` and `false`, and
          quoted values are words. Anchors, aliases, tags and several documents in a file are refused. Each
          key may occur once, dotted or nested.
        - **Order.** Studies with a higher `priority` are trained first. Among equal priorities, the trials
          of the first seed of every study come first, then those of the second seed, and so on. Within a
          seed, studies, settings and arms follow the file.
        - **Size.** A sweep has at most 1,000,000 cells.

        """;
}
