using Rouser.Core.Parameters;
using Rouser.Snn;

namespace Rouser.Sweeps.Tests;

public class PlannerTests
{
    private const string Head = "schema: rouser/sweep/v1\nname: x\n";

    [Fact]
    public void Later_layers_win_over_earlier_ones()
    {
        Plan plan = PlanOf(
            """
            base: {epochs: 1, batch_size: 1, surrogate.tau: 1, surrogate.scale: 1}
            arms: {a: {batch_size: 2, surrogate.tau: 2, surrogate.scale: 2}}
            studies: {s: {points: [{surrogate.tau: 3}], over: {surrogate.scale: [4]}}}
            """
        );
        TrialSettings settings = Assert.Single(plan.Trials).Settings;
        Assert.Equal((1, 2, 3.0, 4.0), (settings.Epochs, settings.BatchSize, settings.Surrogate.Tau, settings.Surrogate.Scale));
    }

    [Fact]
    public void A_studys_base_lies_between_the_sweeps_and_the_arms_and_names_no_setting()
    {
        Plan plan = PlanOf(
            """
            base: {epochs: 1, batch_size: 1, surrogate.tau: 1}
            arms: {a: {batch_size: 2}}
            studies:
              s: {base: {epochs: 3, batch_size: 3, surrogate.tau: 3}, points: [{surrogate.tau: 4}]}
              t: {points: [{surrogate.tau: 4}]}
              u: {base: {epochs: 1}, points: [{surrogate.tau: 4}]}
            """
        );
        Assert.Equal(
            ["s surrogate.tau=4", "t surrogate.tau=4", "u surrogate.tau=4"],
            plan.Cells.Select(c => $"{c.Study} {c.Setting}")
        );
        Assert.Equal(
            [(3, 2, 4.0), (1, 2, 4.0)],
            plan.Trials.Select(t => (t.Settings.Epochs, t.Settings.BatchSize, t.Settings.Surrogate.Tau))
        );
        Assert.Equal(plan.Cells[1].Trial, plan.Cells[2].Trial);
    }

    [Fact]
    public void A_threshold_learning_rate_in_base_is_for_the_arms_of_the_study_that_learn()
    {
        Plan plan = PlanOf(
            """
            arms: {a: {threshold.rule: fixed}, b: {threshold.rule: learned}}
            studies: {s: {base: {threshold.learning_rate: 0.5}}}
            """
        );
        Assert.Equal(
            [null, 0.5],
            plan.Trials.Select(t => (t.Parameters.Find("threshold.learning_rate") as ParameterValue.Real)?.Value)
        );
    }

    [Fact]
    public void First_seed_comes_first_and_arms_of_a_setting_stand_side_by_side()
    {
        Plan plan = PlanOf(
            """
            arms: {a: {}, b: {weights.normalize: true}}
            seeds: [7, 8]
            studies:
              s: {over: {surrogate.tau: [1, 2]}}
              t: {seeds: [9], arms: [b]}
            """
        );
        Assert.Equal(
            """
            s a surrogate.tau=1 7
            s b surrogate.tau=1 7
            s a surrogate.tau=2 7
            s b surrogate.tau=2 7
            t b  9
            s a surrogate.tau=1 8
            s b surrogate.tau=1 8
            s a surrogate.tau=2 8
            s b surrogate.tau=2 8
            """.ReplaceLineEndings("\n"),
            string.Join('\n', plan.Cells.Select(c => $"{c.Study} {c.Arm} {c.Setting} {c.Seed}"))
        );
        Assert.Equal(plan.Trials.Select(t => t.Id), plan.Cells.Select(c => c.Trial));
    }

    [Fact]
    public void Studies_of_higher_priority_come_first_with_all_their_seeds_and_the_sweep_stays_the_same()
    {
        static Plan With(int priority) =>
            PlanOf(
                $"seeds: [7, 8]\nstudies:\n  s: {{over: {{surrogate.tau: [1, 2]}}}}\n  t: {{over: {{surrogate.tau: [2, 3]}}, priority: {priority}}}\n"
            );
        Plan plan = With(1);
        Assert.Equal(
            ["t 2 7", "t 3 7", "t 2 8", "t 3 8", "s 1 7", "s 2 7", "s 1 8", "s 2 8"],
            plan.Cells.Select(c => $"{c.Study} {c.Setting[^1]} {c.Seed}")
        );
        Assert.Equal(6, plan.Trials.Count);
        Plan same = With(0);
        Assert.Equal(same.Fingerprint, plan.Fingerprint);
        Assert.Equal(["s 1 7", "s 2 7", "t 2 7"], same.Cells.Take(3).Select(c => $"{c.Study} {c.Setting[^1]} {c.Seed}"));
    }

    [Fact]
    public void One_at_a_time_has_the_point_and_each_value_alone()
    {
        Plan plan = PlanOf(
            """
            studies: {s: {mode: one_at_a_time, points: [{threshold.init: 1}], over: {surrogate.tau: [2, 3], epochs: [5]}}}
            """
        );
        Assert.Equal(
            [
                "threshold.init=1",
                "threshold.init=1 surrogate.tau=2",
                "threshold.init=1 surrogate.tau=3",
                "threshold.init=1 epochs=5",
            ],
            plan.Cells.Select(c => c.Setting)
        );
    }

    [Fact]
    public void Studies_share_trials_of_the_same_content()
    {
        Plan plan = PlanOf(
            """
            base: {surrogate.tau: 3}
            arms: {a: {}, same: {surrogate.tau: 3.0}, other: {surrogate.tau: 4}}
            studies:
              s: {}
              t: {arms: [a], over: {surrogate.tau: [3, 4]}}
            """
        );
        Assert.Equal(5, plan.Cells.Count);
        Assert.Equal(2, plan.Trials.Count);
        Assert.Equal(plan.Trials.Count, plan.Cells.Select(c => c.Trial).Distinct().Count());
    }

    [Fact]
    public void Each_data_set_is_digested_once_and_its_mistakes_are_the_plans()
    {
        SweepSpec spec = Read("base.dataset.name: nmnist\nstudies: {s: {over: {dataset.root: [a, b], epochs: [1, 2, 3]}}}\n");
        List<string?> asked = [];
        Plan plan = Planner
            .Create(
                spec,
                d =>
                {
                    asked.Add(d.Root);
                    return "digest";
                },
                _ => "test/1"
            )
            .Value;
        Assert.Equal(["a", "b"], asked);
        Assert.Equal((3, 6), (plan.Trials.Count, plan.Cells.Count));
        Assert.Equal(
            [new("a", "missing"), new("b", "missing")],
            Planner.Create(spec, d => new UserError(d.Root!, "missing"), _ => "test/1").Errors
        );
    }

    [Fact]
    public void Another_engine_makes_another_trial_and_its_mistakes_are_the_plans()
    {
        SweepSpec spec = Read("arms: {a: {}, same: {engine: fused}, other: {engine: torch}}\nseeds: [0, 1]\n");
        List<EngineKind> asked = [];
        Plan plan = Planner
            .Create(
                spec,
                _ => "digest",
                kind =>
                {
                    asked.Add(kind);
                    return $"{kind}/7";
                }
            )
            .Value;
        Assert.Equal([EngineKind.Fused, EngineKind.Torch], asked);
        Assert.Equal((4, 6), (plan.Trials.Count, plan.Cells.Count));
        Assert.Equal(["Fused/7", "Torch/7", "Fused/7", "Torch/7"], plan.Trials.Select(t => t.Engine));
        Assert.Equal(
            plan.Trials.Select(t => t.Engine),
            PlanJson.Read("plan.json", PlanJson.Write(plan)).Value.Trials.Select(t => t.Engine)
        );
        Result<Plan> without = Planner.Create(
            spec,
            _ => "digest",
            kind => kind == EngineKind.Fused ? "fused/1" : new UserError("", "no torch")
        );
        Assert.Equal([new("", "no torch")], without.Errors);
    }

    [Fact]
    public void Generated_data_is_marked_synthetic()
    {
        Plan plan = PlanOf("studies: {s: {over: {dataset.name: [nmnist, saccade-digits]}}}");
        Assert.Equal([false, true], plan.Trials.Select(t => t.Synthetic));
    }

    [Fact]
    public void Moving_arms_and_studies_in_the_file_leaves_the_fingerprint()
    {
        string one = "arms: {a: {}, b: {epochs: 2}}\nstudies: {s: {}, t: {over: {surrogate.tau: [1, 2]}}}\n";
        string two = "studies: {t: {over: {surrogate.tau: [2, 1.0]}}, s: {}}\narms: {b: {epochs: 2}, a: {}}\n";
        Assert.Equal(PlanOf(one).Fingerprint, PlanOf(two).Fingerprint);
        Assert.NotEqual(PlanOf(one).Fingerprint, PlanOf(one + "seeds: [0, 1]\n").Fingerprint);
    }

    [Fact]
    public void Counts_agree_with_a_naive_enumeration()
    {
        for (long seed = 0; seed < 150; seed++)
        {
            RandomStream random = new(seed, "plan counts");
            int[] over = [.. Enumerable.Range(0, 1 + random.NextInt(3)).Select(_ => 1 + random.NextInt(4))];
            string[] keys = ["surrogate.tau", "epochs", "threshold.init"];
            int points = 1 + random.NextInt(3),
                arms = 1 + random.NextInt(3),
                seeds = 1 + random.NextInt(3);
            string mode = new[] { "grid", "one_at_a_time", "list" }[random.NextInt(3)];
            string overText = string.Join(
                ", ",
                over.Select((n, k) => $"{keys[k]}: [{string.Join(", ", Enumerable.Range(1, n))}]")
            );
            string armText = string.Join(
                ", ",
                Enumerable.Range(0, arms).Select(a => $"a{a}: {{optimizer.learning_rate: 0.{a + 1}}}")
            );
            string pointText = string.Join(", ", Enumerable.Range(1, points).Select(p => $"{{surrogate.scale: {p}}}"));
            Plan plan = PlanOf(
                $"arms: {{{armText}}}\nseeds: [{string.Join(", ", Enumerable.Range(0, seeds))}]\n"
                    + $"studies: {{s: {{mode: {mode}, points: [{pointText}]{(mode == "list" ? "" : $", over: {{{overText}}}")}}}}}\n"
            );

            int perPoint = 0;
            for (int i = 0; i < (over.Length > 0 ? over[0] : 1); i++)
            {
                for (int j = 0; j < (over.Length > 1 ? over[1] : 1); j++)
                {
                    for (int k = 0; k < (over.Length > 2 ? over[2] : 1); k++)
                        perPoint++;
                }
            }
            if (mode == "one_at_a_time")
                perPoint = 1 + over.Sum();
            if (mode == "list")
                perPoint = 1;
            Assert.True(plan.Cells.Count == perPoint * points * arms * seeds, $"seed {seed}: {plan.Cells.Count}");
            Assert.True(plan.Cells.Distinct().Count() == plan.Cells.Count, $"seed {seed}");
            Assert.True(
                plan.Trials.Select(t => $"{string.Join(' ', t.Parameters.Values)} {t.Seed}").Distinct().Count()
                    == plan.Trials.Count,
                $"seed {seed}"
            );
        }
    }

    [Fact]
    public void A_large_plan_is_made_and_kept()
    {
        string values = string.Join(", ", Enumerable.Range(1, 40));
        Plan plan = PlanOf(
            $"seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\nstudies: {{s: {{over: {{surrogate.tau: [{values}], surrogate.scale: [{values}]}}}}}}\n"
        );
        Assert.Equal(16_000, plan.Trials.Count);
        Assert.Equal(plan.Fingerprint, PlanJson.Read("plan.json", PlanJson.Write(plan)).Value.Fingerprint);
    }

    private static Plan PlanOf(string yaml) => Planner.Create(Read(yaml), _ => "digest", _ => "test/1").Value;

    private static SweepSpec Read(string yaml)
    {
        Result<SweepSpec> spec = SpecReader.Read("x.yaml", Head + yaml, []);
        Assert.Empty(spec.Errors);
        return spec.Value;
    }
}
