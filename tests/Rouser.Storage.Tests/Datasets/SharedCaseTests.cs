using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Datasets;
using Rouser.Sweeps;
using Rouser.Testing;

namespace Rouser.Storage.Tests.Datasets;

/// <summary>
/// Data that was not what it seemed, and gave a report with numbers: what <c>run</c> and <c>plan</c> load for the
/// cases' sweep files.
/// </summary>
public class SharedCaseTests
{
    [SkippableTheory]
    [InlineData("csv-bracket-units")]
    [InlineData("csv-empty-field")]
    [InlineData("csv-pandas-index")]
    [InlineData("csv-quoted-values")]
    public void Columns_are_where_their_names_say(string name)
    {
        Dataset set = Load(name);
        Assert.Equal(["a", "b"], set.Findings!.ClassNames);
        Assert.Equal(set.Train.Count, set.Train.Select(s => s.Raster.SpikeCount).Count(n => n > 0));
        Assert.Equal(SensorEvents(name), Spikes(set.Train[0].Raster));
        Assert.Empty(set.Findings.Warnings());
    }

    [SkippableFact]
    public void Five_columns_without_names_are_not_guessed()
    {
        UserError mistake = Refused("csv-five-columns");
        Assert.EndsWith("0.csv:1", mistake.Location, StringComparison.Ordinal);
        Assert.Contains("holds 5 columns without names", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("dataset.columns", mistake.Message, StringComparison.Ordinal);

        Dataset set = Load("csv-five-columns", s => s with { Files = new EventFileOptions(Columns: "y,x,_,p,t") });
        // 3,1,0,1,939 is row 3, column 1, ON, at 0.939 ms.
        Assert.Equal([(ushort)(64 + 24 + 1)], set.Train[0].Raster.At(0).ToArray());
    }

    [SkippableFact]
    public void Seconds_that_a_comment_names_are_read_as_such_and_said()
    {
        Dataset set = Load("csv-seconds");
        Assert.Equal(
            "times are read in s, as their column's name says; columns are read as the comment before them names them, t, x, y, p, "
                + "in 12 files, Train/a/0.csv first",
            Assert.Single(set.Findings!.Warnings())
        );
        Assert.True(set.Train.All(s => Enumerable.Range(0, s.Raster.StepCount).Count(t => s.Raster.At(t).Length > 0) > 10));
    }

    [SkippableFact]
    public void A_cameras_own_time_is_refused_with_the_remedy_that_helps()
    {
        Assert.Contains("dataset.start: first_event", Refused("npz-absolute-time").Message, StringComparison.Ordinal);
        Dataset set = Load("npz-absolute-time", s => s with { Start = RecordingStart.FirstEvent });
        Assert.Equal(1, set.Findings!.Train.ShareInside);
        Assert.All(set.Train, s => Assert.NotEqual(0, s.Raster.At(0).Length));
    }

    [SkippableFact]
    public void A_recording_in_both_lists_is_refused_by_name()
    {
        UserError mistake = Refused("dvs128-train-test-overlap");
        Assert.EndsWith("trials_to_test.txt", mistake.Location, StringComparison.Ordinal);
        Assert.Contains("names user01_led.aedat, which trials_to_train.txt names too", mistake.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_byte_order_mark_is_no_part_of_a_label() => Assert.Equal(11, Load("label-csv-bom").ClassCount);

    [SkippableFact]
    public void What_an_archiver_left_behind_is_no_class()
    {
        string copy = Directory.CreateTempSubdirectory("rouser-case-").FullName;
        try
        {
            CopyFolder(Path.Combine(SharedCases.Folder("events-macosx-class"), "data"), copy);
            // The archive of the cases cannot hold an empty folder.
            Directory.CreateDirectory(Path.Combine(copy, "Train", "__MACOSX"));
            File.WriteAllText(Path.Combine(copy, "Train", "__MACOSX", "._0.csv"), "x");
            Dataset set = Load("events-macosx-class", s => s with { Root = copy });
            Assert.Equal(["a", "b"], set.Findings!.ClassNames);
            Assert.Equal(2, set.ClassCount);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [SkippableFact]
    public void A_class_without_training_samples_is_named() =>
        Assert.Contains(
            Load("nmnist-empty-class").Findings!.Warnings(),
            w => w.StartsWith("no training sample of class 7:", StringComparison.Ordinal)
        );

    [SkippableFact]
    public void Endings_in_capitals_are_read()
    {
        Dataset set = Load("nmnist-uppercase-extension");
        Assert.Equal(2, set.Train.Count(s => s.Label == 0));
        Assert.Empty(set.Findings!.Warnings());
    }

    private static DatasetSettings Settings(string name)
    {
        string folder = SharedCases.Folder(name);
        SweepSpec spec = SpecReader.Read("sweep.yaml", File.ReadAllText(Path.Combine(folder, "sweep.yaml")), []).Value;
        return TrialSettings.From(spec.Base).Dataset with { Root = Path.Combine(folder, "data") };
    }

    private static Dataset Load(string name, Func<DatasetSettings, DatasetSettings>? change = null)
    {
        Result<Dataset> result = DatasetLoader.Load(
            change is null ? Settings(name) : change(Settings(name)),
            CancellationToken.None
        );
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private static UserError Refused(string name) =>
        Assert.Single(DatasetLoader.Load(Settings(name), CancellationToken.None).Errors);

    /// <summary>
    /// The cells (step, y, x, p) that the first training recording of class a should fill, by splitting its lines
    /// here.
    /// </summary>
    private static string[] SensorEvents(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(SharedCases.Folder(name), "data", "Train", "a", "0.csv"));
        string[] names = [.. lines[0].Split(',').Select(n => n.Trim('"').Split(' ')[0])];
        return
        [
            .. lines
                .Skip(1)
                .Where(l => l.Length > 0)
                .Select(line =>
                {
                    string[] fields = [.. line.Split(',').Select(f => f.Trim('"'))];
                    int Field(string column) =>
                        int.Parse(fields[Array.IndexOf(names, column)], System.Globalization.CultureInfo.InvariantCulture);
                    return $"{Field("t") / 1000} {(Field("p") * 64) + (Field("y") * 8) + Field("x")}";
                })
                .Distinct()
                .Where(cell => int.Parse(cell.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) < 100)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string[] Spikes(SpikeRaster raster) =>
        [
            .. Enumerable
                .Range(0, raster.StepCount)
                .SelectMany(t => raster.At(t).ToArray().Select(n => $"{t} {n}"))
                .Order(StringComparer.Ordinal),
        ];

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
