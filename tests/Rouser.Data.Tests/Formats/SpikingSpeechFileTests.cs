using System.Globalization;
using Rouser.Data.Formats;
using Rouser.Data.Recordings;
using Rouser.Testing;

namespace Rouser.Data.Tests.Formats;

public class SpikingSpeechFileTests
{
    [H5pyTheory]
    [InlineData("plain", 40)]
    [InlineData("bare", 40)]
    [InlineData("chunked", 40)]
    [InlineData("packed", 40)]
    [InlineData("wide", 40)]
    [InlineData("double", 40)]
    [InlineData("growing", 40)]
    [InlineData("chunked", 900)]
    public void A_file_by_h5py_gives_what_was_written(string form, int samples)
    {
        (byte[] file, string[] lines) = H5py.Write(form, samples);
        using MemoryStream stream = new(file);
        SpikingSpeechFile speech = SpikingSpeechFile.Open(stream, "x.h5").Value;
        Assert.Equal(samples, speech.Count);
        for (int i = 0; i < samples; i++)
        {
            string[] parts = lines[i].Split(' ');
            Assert.Equal(int.Parse(parts[0], CultureInfo.InvariantCulture), speech.Label(i).Value);
            Assert.Equal(form == "bare" ? "" : FormattableString.Invariant($"speaker {i % 12}"), speech.Speaker(i));
            SensorEvent[] expected = [.. parts.Skip(1).Select(Event)];
            Assert.Equal(expected, speech.Spikes(i).Value);
        }

        static SensorEvent Event(string text)
        {
            string[] pair = text.Split(':');
            return new(
                long.Parse(pair[1], CultureInfo.InvariantCulture),
                ushort.Parse(pair[0], CultureInfo.InvariantCulture),
                0,
                true
            );
        }
    }

    [H5pyTheory]
    [InlineData("latest", "'h5repack --low=0 -l CONTI OLD NEW'")]
    [InlineData("v108", "'h5repack --low=0 -l CONTI OLD NEW'")]
    [InlineData("lzf", "is packed by the filter 32000")]
    [InlineData("bigendian", "big-endian order; write the file again")]
    public void What_is_not_read_is_one_line_with_the_remedy(string form, string expected)
    {
        using MemoryStream stream = new(H5py.Write(form, 3).File);
        UserError mistake = Assert.Single(SpikingSpeechFile.Open(stream, "x.h5").Errors);
        Assert.Equal("x.h5", mistake.Location);
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_hdf5_is_said()
    {
        using MemoryStream stream = new([1, 2, 3]);
        Assert.Equal(
            "x.h5: byte 0 is no start of an HDF5 file",
            Assert.Single(SpikingSpeechFile.Open(stream, "x.h5").Errors).ToString()
        );
    }

    [H5pyFact]
    public void Ten_thousand_damaged_files_end_in_events_or_one_mistake()
    {
        byte[][] good = [H5py.Write("plain", 4).File, H5py.Write("packed", 4).File, H5py.Write("wide", 4).File];
        Mutations.Check(good, ReadAll, SpikingSpeechFile.Channels, 1, "x.h5");
    }

    private static Result<SensorEvent[]> ReadAll(Stream stream) =>
        SpikingSpeechFile
            .Open(stream, "x.h5")
            .Then(speech =>
            {
                List<SensorEvent> all = [];
                // A damaged number of samples is bounded by the reader, and read here as far as a data set would be.
                for (int i = 0; i < Math.Min(speech.Count, 100); i++)
                {
                    Result<SensorEvent[]> sample = speech.Label(i).Then(_ => speech.Spikes(i));
                    if (!sample.IsOk)
                        return sample;
                    all.AddRange(sample.Value);
                }
                return (Result<SensorEvent[]>)all.ToArray();
            });
}

/// <summary>Debian's python3-h5py, where it is installed.</summary>
internal static class H5py
{
    private static readonly Lazy<string?> Interpreter = new(() => ToolProcess.PythonWith("h5py, numpy"));

    public static string? Missing => Interpreter.Value is null ? "python3-h5py is not installed" : null;

    public static (byte[] File, string[] Lines) Write(string form, int samples)
    {
        string path = Path.Combine(Path.GetTempPath(), $"rouser-{Path.GetRandomFileName()}.h5");
        try
        {
            string script = Path.Combine(AppContext.BaseDirectory, "Formats", "write_shd.py");
            (int code, string output, string errors) = ToolProcess.Run(
                Interpreter.Value!,
                script,
                path,
                form,
                samples.ToString(CultureInfo.InvariantCulture)
            );
            if (code != 0)
                throw new InvalidOperationException($"write_shd.py failed: {errors}");
            return (File.ReadAllBytes(path), output.Split('\n', StringSplitOptions.TrimEntries));
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>A test that needs h5py; skipped, with a line that says so, where it is missing.</summary>
public sealed class H5pyFactAttribute : FactAttribute
{
    public H5pyFactAttribute() => Skip = H5py.Missing;
}

/// <summary>The same for a theory.</summary>
public sealed class H5pyTheoryAttribute : TheoryAttribute
{
    public H5pyTheoryAttribute() => Skip = H5py.Missing;
}
