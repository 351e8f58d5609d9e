using Rouser.Core;
using Rouser.Storage.Journals;
using Rouser.Storage.Runs;
using Rouser.Storage.Tests.Files;

namespace Rouser.Storage.Tests.Runs;

public sealed class RunDirectoryTests : IDisposable
{
    private const string Spec = "schema: rouser/sweep/v1\r\nname: ü   \n# no line end",
        Plan = """{"trials":[]}""",
        Host = """{"cores":2}""";
    private const string Fingerprint = "aaaaaaaaaaaaaaaaaaaa",
        OtherFingerprint = "bbbbbbbbbbbbbbbbbbbb";

    private readonly TemporaryFolder _folder = new();

    private string RunPath => _folder["runs", "x"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_run_has_all_its_parts_and_nothing_beside_it()
    {
        RunDirectory run = Ok(Create());
        Assert.Equal(
            ["checkpoints", "environment.json", "journal.db", "metrics", "plan.json", "report", "run.json", "sweep.yaml"],
            Directory.GetFileSystemEntries(RunPath).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal([RunPath], Directory.GetFileSystemEntries(_folder["runs"]));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(Spec), File.ReadAllBytes(run.Paths.Spec));
        using SqliteJournal journal = SqliteJournal.Open(run.Paths.Journal).Value;
        Assert.Empty(journal.Read());
    }

    [Fact]
    public void What_was_asked_for_comes_back_when_it_is_opened()
    {
        Ok(Create());
        RunDirectory run = Ok(RunDirectory.Open(RunPath));
        Assert.Equal((Spec, Plan, Host, Fingerprint), (run.SpecText, run.ReadPlan().Value, run.EnvironmentJson, run.Fingerprint));
        Assert.Equal(["base.epochs=3", "name=\"ü\""], run.Overrides);
    }

    [Fact]
    public void The_same_sweep_goes_on_in_its_folder()
    {
        RunDirectory first = Ok(Create());
        File.WriteAllText(first.Paths.Log, "began");
        RunDirectory again = Ok(RunDirectory.Create(RunPath, "another spec with the same plan", [], "", Fingerprint, ""));
        Assert.Equal(Spec, again.SpecText);
        Assert.Equal("began", File.ReadAllText(again.Paths.Log));
    }

    [Fact]
    public void The_same_plan_in_other_words_is_taken_over_and_the_rest_stays()
    {
        RunDirectory first = Ok(Create());
        Ok(first.UpdateSweepFile("# a comment more", ["run.lease=30s"]));
        RunDirectory again = Ok(RunDirectory.Open(RunPath));
        Assert.Equal(
            ("# a comment more", Plan, Host, Fingerprint),
            (again.SpecText, again.ReadPlan().Value, again.EnvironmentJson, again.Fingerprint)
        );
        Assert.Equal(["run.lease=30s"], again.Overrides);
    }

    [Fact]
    public void A_run_that_was_killed_while_it_grew_has_grown_in_whole_or_not_at_all()
    {
        RunDirectory first = Ok(Create());
        Ok(first.Grow("# grown", ["seeds=[0,1]"], "the new plan", OtherFingerprint, "the new host"));
        AssertGrown();

        // Killed just after the moment in which it grew: the files of before are still in their places.
        string grown = $$"""
            {"run": {{File.ReadAllText(
                first.Paths.Run
            )}}, "spec": "# grown", "plan": "the new plan", "environment": "the new host"}
            """;
        File.WriteAllText(first.Paths.Spec, Spec);
        File.WriteAllText(first.Paths.Plan, Plan);
        File.WriteAllText(first.Paths.Environment, Host);
        File.WriteAllText(first.Paths.Growth, grown);
        AssertGrown();
        Ok(Ok(RunDirectory.Open(RunPath)).UpdateSweepFile("# grown", []));
        Assert.False(File.Exists(first.Paths.Growth));
        Assert.Equal("the new plan", File.ReadAllText(first.Paths.Plan));

        void AssertGrown()
        {
            RunDirectory again = Ok(RunDirectory.Open(RunPath));
            Assert.Equal(
                ("# grown", "the new plan", "the new", "the new host", Fingerprint),
                (again.SpecText, again.ReadPlan().Value, again.ReadPlanHead(7).Value, again.EnvironmentJson, again.Fingerprint)
            );
            Assert.Equal(["seeds=[0,1]"], again.Overrides);
        }
    }

    [Fact]
    public void A_folder_of_another_sweep_is_refused_and_left_alone()
    {
        Ok(Create());
        Assert.Equal(
            $"{RunPath}: the folder belongs to another sweep (its plan is aaaaaaaa, this one bbbbbbbb); choose "
                + "another folder with --out",
            Line(RunDirectory.Create(RunPath, "", [], "", OtherFingerprint, ""))
        );
        Assert.Equal(Spec, Ok(RunDirectory.Open(RunPath)).SpecText);
    }

    [Fact]
    public void A_folder_with_other_files_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(RunPath);
        File.WriteAllText(Path.Combine(RunPath, "thesis.tex"), "text");
        Assert.Equal($"{RunPath}: the folder holds other files and no run; choose a new or empty folder (--out)", Line(Create()));
        Assert.Equal("thesis.tex", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(RunPath))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void An_empty_folder_is_taken(string ending)
    {
        Directory.CreateDirectory(RunPath);
        Ok(Create(RunPath + ending));
        Assert.Equal([RunPath], Directory.GetFileSystemEntries(_folder["runs"]));
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_a_mistake()
    {
        File.WriteAllText(_folder["runs"], "");
        Assert.Equal(
            $"{_folder["runs"]}: this is a file, not a folder; choose another folder (--out)",
            Line(Create(_folder["runs"]))
        );
        Assert.StartsWith($"{RunPath}: ", Line(Create()), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_place_where_nothing_can_be_made_is_a_mistake() =>
        Assert.StartsWith("/proc/runs/x: ", Line(Create("/proc/runs/x")), StringComparison.Ordinal);

    [Fact]
    public void What_a_killed_process_left_beside_the_place_is_removed()
    {
        Directory.CreateDirectory(_folder["runs", $".x.{int.MaxValue}.new"]); // No system gives out such a pid.
        Directory.CreateDirectory(_folder["runs", ".x.notes.new"]);
        Ok(Create());
        Assert.Equal(
            [_folder["runs", ".x.notes.new"], RunPath],
            Directory.GetFileSystemEntries(_folder["runs"]).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("sweep.yaml")]
    [InlineData("plan.json")]
    [InlineData("journal.db")]
    public void A_run_that_lost_a_part_is_a_mistake_that_names_it(string part)
    {
        Ok(Create());
        File.Delete(Path.Combine(RunPath, part));
        Assert.StartsWith(
            $"{Path.Combine(RunPath, part)}: this part of the run is missing; restore it",
            Line(RunDirectory.Open(RunPath)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "the file is damaged (")]
    [InlineData("[]", "the file is damaged (")]
    [InlineData("null", "the file is damaged (")]
    [InlineData("""{"schema":"rouser/run/v1"}""", "the file is damaged (")]
    [InlineData(
        """{"schema":"rouser/run/v2","plans":[]}""",
        "schema rouser/run/v2 is not the one this rouser understands (rouser/run/v1); use a newer rouser"
    )]
    public void A_run_file_that_cannot_be_used_is_a_mistake(string text, string mistake)
    {
        Ok(Create());
        File.WriteAllText(Path.Combine(RunPath, "run.json"), text);
        Assert.StartsWith(
            $"{Path.Combine(RunPath, "run.json")}: {mistake}",
            Line(RunDirectory.Open(RunPath)),
            StringComparison.Ordinal
        );
        Assert.StartsWith($"{Path.Combine(RunPath, "run.json")}: {mistake}", Line(Create()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_no_run_is_a_mistake()
    {
        Assert.Contains("there is no such folder", Line(RunDirectory.Open(RunPath)), StringComparison.Ordinal);
        Assert.Contains("this is not the folder of a run", Line(RunDirectory.Open(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_writer_at_a_time_and_the_other_is_told_who_it_is()
    {
        RunDirectory run = Ok(Create());
        Assert.False(run.IsLocked);
        using (Ok(run.Lock()))
        {
            Assert.True(run.IsLocked);
            Assert.Equal(
                $"{RunPath}: another rouser (pid {Environment.ProcessId}) is running this sweep; wait until it has ended, or stop it",
                Line(Ok(RunDirectory.Open(RunPath)).Lock())
            );
        }
        Assert.False(run.IsLocked);
        using RunLock again = Ok(run.Lock());
    }

    [Fact]
    public void The_lock_files_of_a_dead_process_lock_nothing()
    {
        RunDirectory run = Ok(Create());
        File.WriteAllText(run.Paths.Lock, "");
        File.WriteAllText(run.Paths.Lock + ".owner", """{"Pid":1,"Machine":"gone"}""");
        using RunLock taken = Ok(run.Lock());
    }

    [Fact]
    public void A_folder_that_went_away_cannot_be_locked()
    {
        RunDirectory run = Ok(Create());
        Directory.Delete(RunPath, recursive: true);
        Assert.False(run.IsLocked);
        Assert.StartsWith($"{RunPath}", Line(run.Lock()), StringComparison.Ordinal);
    }

    private Result<RunDirectory> Create(string? path = null) =>
        RunDirectory.Create(path ?? RunPath, Spec, ["base.epochs=3", "name=\"ü\""], Plan, Fingerprint, Host);

    private static T Ok<T>(Result<T> result)
    {
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private static string Line<T>(Result<T> result)
    {
        string line = Assert.Single(result.Errors).ToString();
        Assert.DoesNotContain('\n', line);
        return line;
    }
}
