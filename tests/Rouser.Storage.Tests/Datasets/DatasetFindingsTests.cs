using System.Diagnostics;
using System.Globalization;
using System.Text;
using Rouser.Core;
using Rouser.Data;
using Rouser.Data.Formats;
using Rouser.Storage.Datasets;

namespace Rouser.Storage.Tests.Datasets;

/// <summary>
/// Folders that are not what they seem: what is read as it is meant, what is warned of, what is refused and with
/// which remedy.
/// </summary>
public sealed class DatasetFindingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rouser-findings-").FullName;

    private DatasetSettings Settings =>
        new("events", _root, Steps: 100, StepMilliseconds: 3, null, null, Seed: 0) { Width = 8, Height = 8 };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Good_recordings_have_lines_and_no_warning()
    {
        WriteSet();
        Dataset set = Load(Settings);
        Assert.Empty(set.Findings!.Warnings());
        Assert.Equal(
            [
                "classes (train + test): a 3 + 2, b 3 + 2",
                "train recordings: 290 ms to 290 ms, median 290 ms; 100 % of 180 events inside the 300 ms window; "
                    + "without a spike 0, all events in one step 0",
                "test recordings: 290 ms to 290 ms, median 290 ms; 100 % of 120 events inside the 300 ms window; "
                    + "without a spike 0, all events in one step 0",
            ],
            set.Findings.Lines()
        );
    }

    [Theory]
    [InlineData(1e-6, "if times are in s, set dataset.time_unit: s,")]
    [InlineData(1e-3, "if times are in ms, set dataset.time_unit: ms,")]
    [InlineData(1e3, "if times are in ns, set dataset.time_unit: ns,")]
    public void Times_in_another_unit_are_refused_and_the_remedy_is_one(double factor, string remedy)
    {
        WriteSet(time: t => t * factor);
        Assert.Contains(remedy, Refused(Settings), StringComparison.Ordinal);
        TimeUnit unit = factor switch
        {
            1e-6 => TimeUnit.S,
            1e-3 => TimeUnit.Ms,
            _ => TimeUnit.Ns,
        };
        Dataset set = Load(Settings with { Files = new EventFileOptions(unit) });
        string digest = set.Digest;
        WriteSet();
        Assert.Equal(Load(Settings).Train.Select(Spikes), set.Train.Select(Spikes));
        Assert.NotEqual(digest, Load(Settings).Digest);
    }

    // Six seconds in ms lie in two of a hundred steps: not one, and no less wrong.
    [Fact]
    public void Long_recordings_in_milliseconds_are_refused_too()
    {
        WriteSet(time: t => t / 1000 * 20);
        Assert.Contains("all lie in one step or a fiftieth of the steps", Refused(Settings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80e6)]
    [InlineData(1.7e15)]
    [InlineData(-5e6)]
    public void A_clock_of_its_own_is_refused_and_the_first_event_helps(double start)
    {
        WriteSet(time: t => t + start);
        Assert.Contains("set dataset.start: first_event", Refused(Settings), StringComparison.Ordinal);
        Assert.Equal(1, Load(Settings with { Start = RecordingStart.FirstEvent }).Findings!.Train.ShareInside);
    }

    [Fact]
    public void A_lesser_share_is_a_warning_that_names_the_first()
    {
        WriteSet();
        Write("Train/a/0.csv", "1,0,0,1\n2,1,0,1\n");
        Write("Test/b/1.csv", "9000000,0,0,1\n");
        Assert.Equal(
            [
                "1 of 6 train samples with all events in one step or a fiftieth of the steps, Train/a/0.csv first",
                "1 of 4 test samples without a spike, Test/b/1.csv first",
                "columns without names are read as t, x, y, p, in 2 files, Train/a/0.csv first",
            ],
            Load(Settings).Findings!.Warnings()
        );
    }

    [Fact]
    public void A_window_that_sees_little_is_a_warning()
    {
        WriteSet();
        Assert.Equal(
            "6.66 % of the train events lie inside the 15 ms that dataset.steps × step_ms cover; the rest is not seen",
            Load(Settings with { StepMilliseconds = 0.15 }).Findings!.Warnings()[0]
        );
    }

    [Fact]
    public void Steps_of_events_that_swallow_a_recording_are_refused()
    {
        WriteSet();
        Assert.EndsWith(
            "lower dataset.events_per_step",
            Refused(Settings with { Raster = new(EventsPerStep: 1000) }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Settings_that_change_nothing_are_refused()
    {
        foreach (string half in new[] { "Train", "Test" })
        {
            foreach (byte label in new byte[] { 1, 2 })
                WriteBytes($"{half}/{label}/a.bin", [label, (byte)half.Length, 0, 0, 9, 1, 1, 0, 200, 9]);
        }
        Assert.StartsWith(
            "changes nothing: .bin say the unit",
            Refused(Settings with { Files = new EventFileOptions(TimeUnit.Ms) }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "changes nothing: .bin have no columns",
            Refused(Settings with { Files = new EventFileOptions(Columns: "t,x") }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("train", "TEST", ".csv")]
    [InlineData("Train", "Test", ".CSV")]
    [InlineData("TRAIN", "test", ".Csv")]
    public void Capitals_and_small_letters_are_read_as_meant(string train, string test, string ending)
    {
        WriteSet(train: train, test: test, ending: ending);
        Dataset set = Load(Settings);
        Assert.Equal((6, 4, 2), (set.Train.Count, set.Test.Count, set.ClassCount));
        Assert.Empty(set.Findings!.Warnings());
    }

    [Fact]
    public void Two_folders_that_could_be_meant_are_refused()
    {
        WriteSet();
        Directory.CreateDirectory(Path.Combine(_root, "train"));
        Assert.Contains("holds the folders Train and train; leave one of them", Refused(Settings), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_one_half_empty_folders_and_files_that_are_not_read_are_named()
    {
        WriteSet();
        Write("Train/c/0.csv", Recording(10, t => t));
        Write("Test/d/0.csv", Recording(11, t => t));
        Directory.CreateDirectory(Path.Combine(_root, "Train", "e"));
        foreach (string left in new[] { "__MACOSX/._a.csv", ".git/x.csv", "a/.DS_Store", "a/Thumbs.db" })
            Write($"Train/{left}", "x");
        Write("Train/a/notes.txt", "x");
        Write("Train/a/dsec.h5", "x");
        Write("Test/loose.csv", "x");
        Write("Train/b/more/0.csv", "x");
        Dataset set = Load(Settings);
        Assert.Equal(["a", "b", "c", "d"], set.Findings!.ClassNames);
        Assert.Equal(
            [
                "no training sample of class d: it cannot be learned",
                "no test sample of class c: nothing is known of it",
                "Train/a holds 1 file that is not read: dsec.h5 is HDF5 events, as DSEC and Tonic write them; save "
                    + "t, x, y and p of each recording with numpy.savez",
                "Train/a holds 1 file that is not read: notes.txt is text; if it holds events in columns, rename it to .csv",
                "Train/b holds folders of its own, which are not read: more",
                "Test holds 1 recording outside the folder of a class; not read",
                "no class, because no recording lies in it: e",
            ],
            set.Findings.Warnings()
        );
    }

    [Fact]
    public void One_class_or_none_in_common_is_refused()
    {
        Write("Train/a/0.csv", Recording(1, t => t));
        Write("Test/a/0.csv", Recording(2, t => t));
        Assert.Contains("holds recordings of one class only, a", Refused(Settings), StringComparison.Ordinal);
        Write("Train/a/1.csv", Recording(3, t => t));
        Write("Test/b/0.csv", Recording(4, t => t));
        Assert.Contains("has training samples of one class only, a", Refused(Settings), StringComparison.Ordinal);
        File.Delete(Path.Combine(_root, "Test", "a", "0.csv"));
        Write("Train/c/0.csv", Recording(5, t => t));
        Assert.Contains(
            "trains on a, c and tests on b, no class of which is trained",
            Refused(Settings),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("h5", "is HDF5 events, as DSEC and Tonic write them")]
    [InlineData("mat", "is MATLAB; save t, x, y and p")]
    [InlineData("wav", "is sound; make a data set of WAV files with rouser data convert audio")]
    public void A_folder_of_nothing_but_another_format_says_which(string ending, string what)
    {
        foreach (string half in new[] { "Train", "Test" })
            Write($"{half}/a/x.{ending}", "x");
        string message = Refused(Settings);
        Assert.StartsWith("holds no recordings; they end in .aedat", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_Train_and_Test_says_what_it_holds()
    {
        Write("up/0.csv", "1,1");
        Write("up/1.csv", "1,1");
        Write("down/0.npz", "1,1");
        Write("notes.txt", "");
        Assert.Equal(
            "holds down/ (1 recording), up/ (2 recordings), 1 other files, but no Train and Test; move, of every "
                + "class, some four fifths of the recordings to Train/<class> and the rest to Test/<class>, or set dataset.split.by: share",
            Refused(Settings)
        );
    }

    [Fact]
    public void The_same_recording_in_both_halves_is_found_in_whatever_form()
    {
        WriteSet();
        // The second training recording of a, with its columns in another order and quoted.
        string[] rows = Recording(1, t => t).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Write(
            "Test/b/1.csv",
            "p;y;x;t\n"
                + string.Concat(rows.Select(row => string.Join(';', row.Split(',').Reverse().Select(f => $"\"{f}\"")) + "\n"))
        );
        Assert.Contains(
            "has 1 of 4 test samples that are training samples too, by content (Test/b/1.csv repeats Train/a/1.csv)",
            Refused(Settings),
            StringComparison.Ordinal
        );
    }

    // Another program sorts by polarity, or counts from the first event.
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 123_456)]
    [InlineData(true, -5_000)]
    public void The_same_recording_in_another_order_or_from_another_start_is_found(bool reverse, int later)
    {
        WriteSet();
        string[] rows = Recording(1, t => t + later).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Write("Test/b/1.csv", string.Join('\n', [rows[0], .. reverse ? rows[1..].Reverse() : rows[1..]]));
        Assert.Contains("(Test/b/1.csv repeats Train/a/1.csv)", Refused(Settings), StringComparison.Ordinal);
    }

    // A clock of 32 bits starts again after 72 minutes, and most events of the recording then lie where they should.
    [Theory]
    [InlineData(32)]
    [InlineData(31)]
    public void A_clock_that_starts_again_is_refused(int bits)
    {
        WriteSet();
        long wrap = 1L << bits;
        Write("Train/b/2.csv", Recording(7, t => t < 50_000 ? wrap - 50_000 + t : t - 50_000));
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.EndsWith("2.csv", mistake.Location, StringComparison.Ordinal);
        Assert.StartsWith(
            string.Create(
                CultureInfo.InvariantCulture,
                $"falls back from {wrap - 10_000:N0} to 0 µs at event 5; a clock of {bits} bits"
            ),
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    // A pointer to a recording has no events, and a format without a mark of its own would find some in it.
    [Theory]
    [InlineData("a.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull")]
    [InlineData("a.npz", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull")]
    [InlineData("a.raw", "/annex/objects/MD5E-s12345--d41d8cd98f.raw\n", "git annex get")]
    [InlineData("a.csv", "<!DOCTYPE html>\n<html><body>404</body></html>\n", "is a web page, not a recording")]
    [InlineData("a.csv", "<HTML><body>404</body></html>\n", "is a web page, not a recording")]
    [InlineData("a.bin", "\u001f\u008b\u0008\u0000 packed", "is packed with gzip; unpack it")]
    [InlineData("a.dat", "BZh91AY packed", "is packed with bzip2; unpack it")]
    [InlineData("a.csv", "\u00fd7zXZ\u0000 packed", "is packed with xz; unpack it")]
    [InlineData("a.npy", "(\u00b5/\u00fd packed", "is packed with zstd; unpack it")]
    [InlineData("a.csv", "PK\u0003\u0004 a workbook or arrays", "is a zip archive; if it holds arrays of NumPy, name it .npz")]
    [InlineData("a.csv", "\u0093NUMPY\u0001\u0000", "is an array of NumPy; name it .npy")]
    [InlineData("a.bin", "\u0089HDF\r\n\u001a\n", "is HDF5; save t, x, y and p")]
    public void What_only_bears_the_name_of_a_recording_is_said_to_be_what_it_is(string name, string content, string what)
    {
        WriteSet();
        WriteBytes($"Train/a/{name}", Encoding.Latin1.GetBytes(content));
        UserError mistake = Assert.Single(
            DatasetLoader.Load(Settings with { Width = 180, Height = 180 }, CancellationToken.None).Errors
        );
        Assert.EndsWith(name, mistake.Location, StringComparison.Ordinal);
        Assert.Contains(what, mistake.Message, StringComparison.Ordinal);
    }

    // To open a pipe waits for a writer that never comes, and a device gives zeros until the memory is full.
    [SkippableTheory]
    [InlineData("mkfifo 'Train/a/9.csv'")]
    [InlineData("ln -s /dev/zero 'Train/a/9.csv'")]
    public void A_pipe_or_a_device_among_recordings_is_named(string command)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs pipes and devices");
        WriteSet();
        Shell(command);
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.EndsWith("9.csv", mistake.Location, StringComparison.Ordinal);
        Assert.Equal("holds no events; take it away, or write it again", mistake.Message);
    }

    // .NET gives such a name with another letter in it, under which there is nothing: the class was missing, silently.
    [SkippableTheory]
    [InlineData("mv Train/b \"$(printf 'Train/b\\377')\"")]
    [InlineData("mv Test/a/0.csv \"$(printf 'Test/a/\\3740.csv')\"")]
    public void A_name_that_is_not_in_UTF8_is_refused(string command)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "other file systems have no such names");
        WriteSet();
        Write("Train/c/0.csv", Recording(10, t => t));
        Write("Test/c/0.csv", Recording(11, t => t));
        Shell(command);
        string refused = Refused(Settings);
        // .NET cannot delete it either.
        Shell("rm -r Train Test");
        Assert.Contains("is not in UTF-8: rename it", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_recording_twice_in_a_half_is_a_warning()
    {
        WriteSet();
        File.Copy(Path.Combine(_root, "Train", "a", "0.csv"), Path.Combine(_root, "Train", "b", "9.csv"));
        Assert.Equal(
            ["1 train samples repeat another by content (Train/b/9.csv repeats Train/a/0.csv), 1 of them under another class"],
            Load(Settings).Findings!.Warnings()
        );
    }

    [Fact]
    public void A_recording_in_an_old_and_a_new_format_is_one()
    {
        WriteSet();
        string digest = Load(Settings).Digest;
        Write("Train/a/0.raw", "% evt 3.0\n");
        Dataset set = Load(Settings);
        Assert.Equal(digest, set.Digest);
        Assert.StartsWith(
            "Train/a holds 1 file that is not read: 0.raw",
            Assert.Single(set.Findings!.Warnings()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_seen_is_known_of_a_packed_set_and_seen_again_where_it_is_not()
    {
        WriteSet();
        Write("Train/a/0.csv", "1,0,0,1\n2,1,0,1\n");
        foreach (string file in Directory.GetFiles(_root, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        string cache = Path.Combine(_root, "cache");
        PackedDatasets packed = new(cache);
        IReadOnlyList<string> first = LoadPacked().Findings!.Warnings();
        Assert.Equal(2, first.Count);
        Assert.Equal(first, LoadPacked().Findings!.Warnings());
        foreach (string damage in new[] { "", "{}", "{\"version\":1,\"findings\":{}}", "null" })
        {
            File.WriteAllText(Directory.GetFiles(cache, "*.findings.json")[0], damage);
            Assert.Equal(first, LoadPacked().Findings!.Warnings());
        }
        // What is refused is refused from the cache, too.
        WriteSet(time: t => t * 1000);
        for (int i = 0; i < 2; i++)
            Assert.Contains(
                "dataset.time_unit: ns",
                Assert.Single(DatasetLoader.Load(Settings, packed, CancellationToken.None).Errors).Message,
                StringComparison.Ordinal
            );
        Assert.True(DatasetLoader.Look(Settings, packed, CancellationToken.None).IsOk);

        Dataset LoadPacked() => DatasetLoader.Load(Settings, packed, CancellationToken.None).Value;
    }

    // Shelves of links into an archive, and names as people write them.
    [SkippableFact]
    public void Links_blanks_and_letters_of_any_language_in_paths_are_read()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need rights there");
        WriteSet(train: "archive/Zug 1", test: "archive/测试 ü");
        Directory.CreateDirectory(Path.Combine(_root, "Test"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "Train"), Path.Combine(_root, "archive", "Zug 1"));
        foreach (string name in new[] { "a", "b" })
            Directory.CreateSymbolicLink(Path.Combine(_root, "Test", name), Path.Combine(_root, "archive", "测试 ü", name));
        Dataset set = Load(Settings);
        Assert.Equal((6, 4, 2), (set.Train.Count, set.Test.Count, set.ClassCount));
        Assert.Empty(set.Findings!.Warnings());
        File.CreateSymbolicLink(Path.Combine(_root, "Train", "a", "9 ф.csv"), Path.Combine(_root, "nowhere"));
        UserError broken = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.EndsWith("9 ф.csv", broken.Location, StringComparison.Ordinal);
        Assert.StartsWith("not found", broken.Message, StringComparison.Ordinal);
    }

    // A Mac writes é as two characters, and a folder that looks the same is another one.
    [Fact]
    public void Classes_that_only_look_alike_are_named()
    {
        WriteSet();
        Write("Train/caf\u00e9/0.csv", Recording(10, t => t));
        Write("Test/cafe\u0301/0.csv", Recording(11, t => t));
        Write("Test/B/0.csv", Recording(12, t => t));
        Assert.Equal(
            [
                "no training sample of class B, cafe\u0301: it cannot be learned",
                "no test sample of class caf\u00e9: nothing is known of it",
            ],
            Load(Settings).Findings!.Warnings()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("t,x,y,p\n")]
    [InlineData("# nothing was recorded\n")]
    public void An_empty_recording_is_named_with_what_to_do(string text)
    {
        WriteSet();
        Write("Train/b/1.csv", text);
        UserError mistake = Assert.Single(DatasetLoader.Load(Settings, CancellationToken.None).Errors);
        Assert.EndsWith(Path.Combine("Train", "b", "1.csv"), mistake.Location, StringComparison.Ordinal);
        Assert.Equal("holds no events; take it away, or write it again", mistake.Message);
    }

    [Fact]
    public void Recordings_that_start_before_zero_lose_what_lies_there_and_that_is_counted()
    {
        WriteSet(time: t => t - 100_000);
        SplitFindings train = Load(Settings).Findings!.Train;
        Assert.Equal(180, train.Events);
        Assert.InRange(train.ShareInside, 19 / 30.0, 21 / 30.0);
        Assert.Equal(1, Load(Settings with { Start = RecordingStart.FirstEvent }).Findings!.Train.ShareInside);
    }

    [Fact]
    public void The_order_of_rows_in_a_file_is_no_part_of_its_spikes()
    {
        WriteSet();
        string[] expected = [.. Load(Settings).Train.Select(Spikes)];
        string path = Path.Combine(_root, "Train", "a", "0.csv");
        string[] rows = File.ReadAllLines(path);
        File.WriteAllLines(path, [rows[0], .. rows.Skip(1).Reverse()]);
        Assert.Equal(expected, Load(Settings).Train.Select(Spikes));
    }

    // Half of a set in another unit: not beyond the share that is refused, and not silent.
    [Fact]
    public void One_class_in_another_unit_is_told()
    {
        WriteSet();
        for (int i = 0; i < 3; i++)
            Write($"Train/b/{i}.csv", Recording(20 + i, t => t / 1e6));
        Assert.Contains(
            "3 of 6 train samples with all events in one step or a fiftieth of the steps, Train/b/0.csv first",
            Load(Settings).Findings!.Warnings()
        );
    }

    [Theory]
    [InlineData("t,x,y,sign\n", "no polarity is named, so every event is taken as ON, in 1 file, Train/a/0.csv first")]
    [InlineData("t,x,z,p\n", "no row (y) is named, so every event is taken to lie in row 0, in 1 file, Train/a/0.csv first")]
    [InlineData(
        "# t x y p\n# x t y p\n",
        "columns are read as the comment before them names them, x, t, y, p, in 1 file, Train/a/0.csv first"
    )]
    public void What_is_guessed_of_columns_is_said(string names, string warning)
    {
        WriteSet();
        bool swapped = names.Contains("x t", StringComparison.Ordinal);
        Write(
            "Train/a/0.csv",
            names + string.Concat(Enumerable.Range(0, 8).Select(i => swapped ? $"{i},{i * 9000},1,1\n" : $"{i * 9000},{i},1,1\n"))
        );
        Assert.Contains(warning, Load(Settings).Findings!.Warnings());
    }

    [Theory]
    [InlineData("csv.gz", "is packed; unpack it")]
    [InlineData("npy.zst", "is packed; unpack it")]
    [InlineData("pt", "is a Python object, which is never opened; save t, x, y and p with numpy.savez")]
    public void What_is_packed_or_pickled_is_named(string ending, string what)
    {
        WriteSet();
        Write($"Test/a/9.{ending}", "x");
        Assert.EndsWith(what, Assert.Single(Load(Settings).Findings!.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_converted_set_knows_its_size()
    {
        WriteSet();
        Write("rouser-dataset.json", "{\"width\": 700, \"height\": 1, \"steps\": 250, \"step_ms\": 4}");
        Assert.Equal("is a set of 700×1, not 8×8; set dataset.width: 700 and dataset.height: 1", Refused(Settings));
        Write("rouser-dataset.json", "{\"width\": 8, \"height\": 8, \"steps\": 250, \"step_ms\": 4}");
        Assert.Equal(2, Load(Settings).ClassCount);
        Write("rouser-dataset.json", "{");
        Assert.StartsWith("is damaged; convert the set again", Refused(Settings), StringComparison.Ordinal);
    }

    [Fact]
    public void Home_and_variables_stand_for_folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Environment.SetEnvironmentVariable("ROUSER_TEST_FOLDER", "/some/where");
        Assert.Equal(home + "/sets", UserPath.Expand("~/sets"));
        Assert.Equal("/some/where/x", UserPath.Expand("$ROUSER_TEST_FOLDER/x"));
        Assert.Equal("/some/where_x", UserPath.Expand("${ROUSER_TEST_FOLDER}_x"));
        Assert.Equal("a/~/b$", UserPath.Expand("a/~/b$"));
        Assert.Equal("$ROUSER_NOT_SET/x", UserPath.Expand("$ROUSER_NOT_SET/x"));
    }

    /// <summary>
    /// Two classes with three recordings to train on and two to test on, each of 30 events, one every 10 ms.
    /// </summary>
    private void WriteSet(Func<double, double>? time = null, string train = "Train", string test = "Test", string ending = ".csv")
    {
        int number = 0;
        foreach (string label in new[] { "a", "b" })
        {
            for (int i = 0; i < 3; i++)
                Write($"{train}/{label}/{i}{ending}", Recording(number++, time ?? (t => t)));
            for (int i = 0; i < 2; i++)
                Write($"{test}/{label}/{i}{ending}", Recording(number++, time ?? (t => t)));
        }
    }

    private static string Recording(int number, Func<double, double> time)
    {
        StringBuilder text = new("t,x,y,p\n");
        for (int i = 0; i < 30; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{time(i * 10_000.0):0.#########},{i % 8},{number % 8},{(i + (number / 8)) % 2}\n"
            );
        return text.ToString();
    }

    private static string Spikes(Sample sample) =>
        string.Join(' ', sample.Raster.Neurons.ToArray()) + "|" + string.Join(' ', sample.Raster.StepOffsets.ToArray());

    private static string Refused(DatasetSettings settings) =>
        Assert.Single(DatasetLoader.Load(settings, CancellationToken.None).Errors).Message;

    private static Dataset Load(DatasetSettings settings)
    {
        Result<Dataset> result = DatasetLoader.Load(settings, CancellationToken.None);
        Assert.True(result.IsOk, string.Join("; ", result.Errors));
        return result.Value;
    }

    private void Shell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _root })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private void Write(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    private void WriteBytes(string name, byte[] bytes)
    {
        string path = Path.Combine([_root, .. name.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
